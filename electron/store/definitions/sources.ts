import { type SourceSpec, sourceSpecSchema } from '../../../shared/contract/sources.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { type DefinitionMeta, definitionRowSchema, parseJson, type Rows, readRows, toMeta } from './definition-rows.ts';

export interface StoredSource extends DefinitionMeta {
  spec: SourceSpec;
}

const columns = 'slug, spec, owner, version, created_at, updated_at';

function toSource(raw: unknown): StoredSource {
  const row = definitionRowSchema.parse(raw);
  return { spec: parseJson(sourceSpecSchema, row.spec), ...toMeta(row) };
}

export const readSources = (db: ReadableDb): Rows<StoredSource> =>
  readRows('source', statement(db, `SELECT ${columns} FROM sources ORDER BY slug`).all(), toSource);

/** Throws when the row is there but cannot be read. */
export function readSource(db: ReadableDb, slug: string): StoredSource | null {
  const raw = statement(db, `SELECT ${columns} FROM sources WHERE slug = ?`).get(slug);
  return raw === undefined ? null : toSource(raw);
}

export const hasSource = (db: ReadableDb, slug: string): boolean =>
  statement(db, 'SELECT 1 FROM sources WHERE slug = ?').get(slug) !== undefined;

/** Inserts or replaces the row of this slug. */
export function putSource(db: WritableDb, { spec, owner, version, createdAtMs, updatedAtMs }: StoredSource): void {
  statement(
    db,
    `INSERT INTO sources (${columns}) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (slug) DO UPDATE SET spec = excluded.spec, owner = excluded.owner, version = excluded.version,
       created_at = excluded.created_at, updated_at = excluded.updated_at`,
  ).run(spec.slug, stringifyExact(spec), owner, version, createdAtMs, updatedAtMs);
}

/** Whether there was one. */
export const deleteSource = (db: WritableDb, slug: string): boolean =>
  statement(db, 'DELETE FROM sources WHERE slug = ?').run(slug).changes > 0;
