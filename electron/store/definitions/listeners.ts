import { z } from 'zod';
import { conditionsSchema } from '../../../shared/conditions/schema.ts';
import type { Conditions } from '../../../shared/conditions/tree.ts';
import type { VendorFilter } from '../../../shared/conditions/vendor-filters/vendor-filter.ts';
import { type ListenerBatch, listenerBatchSchema } from '../../../shared/contract/batches.ts';
import { type Json, jsonSchema, nameSchema, slugSchema } from '../../../shared/contract/common.ts';
import {
  type ListenerMode,
  type ListenerResolves,
  type ListenerState,
  listenerDefaults,
  listenerModeSchema,
  listenerResolvesSchema,
  listenerStateSchema,
  vendorFilterSchema,
} from '../../../shared/contract/listeners.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { type DefinitionMeta, definitionRowSchema, parseJson, type Rows, readRows, toMeta } from './definition-rows.ts';

/** The part of a listener that makes a version. */
export interface ListenerBody {
  name: string;
  /** Null: every source. */
  source: string | null;
  /** Empty: every type. */
  type: string[];
  where: Conditions;
  /** What `where` was made of, when that was a vendor's filter. */
  filter?: VendorFilter | undefined;
  job: string;
  mode: ListenerMode;
  /** Such as `3s`; with `fallback` and `priority` for `enrich`. */
  deadline: string;
  fallback: Json;
  priority: number;
  approval: 'required' | 'none';
  resolves: ListenerResolves;
  /** Absent: each event gets its own run. */
  batch?: ListenerBatch | undefined;
}

export interface StoredListener extends ListenerBody, DefinitionMeta {
  slug: string;
  state: ListenerState;
  /** Name of the person who makes this version; only when it is written. */
  savedBy?: string | null | undefined;
}

export interface StoredListenerVersion extends ListenerBody {
  version: number;
  state: ListenerState;
  atMs: number;
  savedBy?: string;
}

// The conditions are parsed again, not only checked for their shape: what comes out of here can be compiled.
const bodySchema = z.object({
  name: nameSchema,
  source: slugSchema.nullable(),
  type: z.array(z.string()),
  where: conditionsSchema,
  filter: vendorFilterSchema.optional(),
  job: slugSchema,
  mode: listenerModeSchema,
  deadline: z.string(),
  fallback: jsonSchema,
  priority: z.number().int(),
  approval: z.enum(['required', 'none']),
  // Listeners from before it could be said have none.
  resolves: listenerResolvesSchema.default(listenerDefaults.resolves),
  batch: listenerBatchSchema.optional(),
});

const columns = 'slug, spec, state, owner, version, created_at, updated_at';
const rowSchema = definitionRowSchema.extend({ state: listenerStateSchema });

function toListener(db: ReadableDb, raw: unknown): StoredListener {
  const row = rowSchema.parse(raw);
  return { slug: row.slug, ...readBody(db, row), state: row.state, ...toMeta(row) };
}

const specSchema = z.object({ spec: z.string() });

/** Each version is kept a second time, in the history: one of the two may be damaged. */
function readBody(db: ReadableDb, { slug, version, spec }: z.output<typeof rowSchema>): z.output<typeof bodySchema> {
  try {
    return parseJson(bodySchema, spec);
  } catch (error) {
    const kept = statement(db, 'SELECT spec FROM listener_versions WHERE slug = ? AND version = ?').get(slug, version);
    const other = specSchema.safeParse(kept);
    if (!other.success || other.data.spec === spec) throw error;
    return parseJson(bodySchema, other.data.spec);
  }
}

/**
 * All of them, deleted ones included. Rows that `known` has in the same version are taken from there, so that a change
 * of one listener does not parse a thousand.
 */
export function readListeners(
  db: ReadableDb,
  known: ReadonlyMap<string, StoredListener> = new Map(),
): Rows<StoredListener> {
  const raws = statement(db, `SELECT ${columns} FROM listeners ORDER BY slug`).all();
  return readRows('listener', raws, (raw) => {
    const row = rowSchema.parse(raw);
    const same = known.get(row.slug);
    return same?.version === row.version && same.updatedAtMs === row.updated_at ? same : toListener(db, raw);
  });
}

/** Throws when the row is there but cannot be read. */
export function readListener(db: ReadableDb, slug: string): StoredListener | null {
  const raw = statement(db, `SELECT ${columns} FROM listeners WHERE slug = ?`).get(slug);
  return raw === undefined ? null : toListener(db, raw);
}

const bodyOf = (listener: ListenerBody): string => {
  const { name, source, type, where, filter, job, mode, deadline, fallback, priority, approval, resolves, batch } =
    listener;
  return stringifyExact({
    name,
    source,
    type,
    where,
    filter,
    job,
    mode,
    deadline,
    fallback,
    priority,
    approval,
    resolves,
    batch,
  });
};

/** Inserts or replaces the row of this slug and adds it to the slug's versions. */
export function putListener(db: WritableDb, listener: StoredListener): void {
  const { slug, state, owner, version, createdAtMs, updatedAtMs } = listener;
  const body = bodyOf(listener);
  // First, since it refuses a version that is there already.
  statement(
    db,
    'INSERT INTO listener_versions (slug, version, spec, state, at, saved_by) VALUES (?, ?, ?, ?, ?, ?)',
  ).run(slug, version, body, state, updatedAtMs, listener.savedBy ?? null);
  statement(
    db,
    `INSERT INTO listeners (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (slug) DO UPDATE SET spec = excluded.spec, state = excluded.state, owner = excluded.owner,
       version = excluded.version, updated_at = excluded.updated_at`,
  ).run(slug, body, state, owner, version, createdAtMs, updatedAtMs);
}

const versionRowSchema = z.object({
  slug: z.string(),
  version: z.number().int(),
  spec: z.string(),
  state: listenerStateSchema,
  at: z.number(),
  saved_by: z.string().nullable(),
});

/** Newest first. */
export const readListenerVersions = (db: ReadableDb, slug: string): Rows<StoredListenerVersion> =>
  readRows(
    'listener',
    statement(
      db,
      'SELECT slug, version, spec, state, at, saved_by FROM listener_versions WHERE slug = ? ORDER BY version DESC',
    ).all(slug),
    (raw) => {
      const { version, spec, state, at, saved_by: savedBy } = versionRowSchema.parse(raw);
      return { ...parseJson(bodySchema, spec), version, state, atMs: at, ...(savedBy === null ? {} : { savedBy }) };
    },
  );

const slugRowSchema = z.object({ slug: z.string() });

/** Slugs of listeners, not deleted, that name this job or source. */
export function listenersNaming(db: ReadableDb, field: 'job' | 'source', slug: string): string[] {
  return statement(
    db,
    `SELECT slug FROM listeners WHERE state <> 'deleted' AND CASE WHEN json_valid(spec) THEN json_extract(spec, '$.${field}') END = ?
     ORDER BY slug`,
  )
    .all(slug)
    .map((raw) => slugRowSchema.parse(raw).slug);
}

const lastVersionSchema = z.object({ version: z.number().int() });

/** The highest version a slug ever had; 0 when there was none. */
export const lastListenerVersion = (db: ReadableDb, slug: string): number =>
  lastVersionSchema.parse(
    statement(db, 'SELECT coalesce(max(version), 0) AS version FROM listener_versions WHERE slug = ?').get(slug),
  ).version;
