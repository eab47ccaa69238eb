import { z } from 'zod';
import { type AlarmSpec, alarmSpecSchema } from '../../../shared/contract/alarms.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { type DefinitionMeta, definitionRowSchema, parseJson, type Rows, readRows, toMeta } from './definition-rows.ts';

export interface StoredAlarm extends DefinitionMeta {
  spec: AlarmSpec;
  /** Name of the person who makes this version; only when it is written. */
  savedBy?: string | null | undefined;
}

export interface StoredAlarmVersion {
  version: number;
  spec: AlarmSpec;
  atMs: number;
  savedBy: string | null;
}

const columns = 'slug, spec, owner, version, created_at, updated_at';

function toAlarm(raw: unknown): StoredAlarm {
  const row = definitionRowSchema.parse(raw);
  return { spec: parseJson(alarmSpecSchema, row.spec), ...toMeta(row) };
}

export const readAlarms = (db: ReadableDb): Rows<StoredAlarm> =>
  readRows('alarm', statement(db, `SELECT ${columns} FROM alarms ORDER BY slug`).all(), toAlarm);

/** Throws when the row is there but cannot be read. */
export function readAlarm(db: ReadableDb, slug: string): StoredAlarm | null {
  const raw = statement(db, `SELECT ${columns} FROM alarms WHERE slug = ?`).get(slug);
  return raw === undefined ? null : toAlarm(raw);
}

/** Inserts or replaces the row of this slug and adds it to the slug's versions. */
export function putAlarm(db: WritableDb, alarm: StoredAlarm): void {
  const { spec, owner, version, createdAtMs, updatedAtMs, savedBy = null } = alarm;
  const text = JSON.stringify(spec);
  statement(db, 'INSERT INTO alarm_versions (slug, version, spec, at, saved_by) VALUES (?, ?, ?, ?, ?)').run(
    spec.slug,
    version,
    text,
    updatedAtMs,
    savedBy,
  );
  statement(
    db,
    `INSERT INTO alarms (${columns}) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (slug) DO UPDATE SET spec = excluded.spec, owner = excluded.owner, version = excluded.version,
       created_at = excluded.created_at, updated_at = excluded.updated_at`,
  ).run(spec.slug, text, owner, version, createdAtMs, updatedAtMs);
}

/** Whether there was one. Its versions are kept. */
export const deleteAlarm = (db: WritableDb, slug: string): boolean =>
  statement(db, 'DELETE FROM alarms WHERE slug = ?').run(slug).changes > 0;

const versionRowSchema = z.object({
  slug: z.string(),
  version: z.number().int(),
  spec: z.string(),
  at: z.number(),
  saved_by: z.string().nullable(),
});

/** Newest first. */
export const readAlarmVersions = (db: ReadableDb, slug: string): Rows<StoredAlarmVersion> =>
  readRows(
    'alarm',
    statement(
      db,
      'SELECT slug, version, spec, at, saved_by FROM alarm_versions WHERE slug = ? ORDER BY version DESC',
    ).all(slug),
    (raw) => {
      const { version, spec, at, saved_by: savedBy } = versionRowSchema.parse(raw);
      return { version, spec: parseJson(alarmSpecSchema, spec), atMs: at, savedBy };
    },
  );

const lastVersionSchema = z.object({ version: z.number().int() });

/** The highest version a slug ever had; 0 when there was none. */
export const lastAlarmVersion = (db: ReadableDb, slug: string): number =>
  lastVersionSchema.parse(
    statement(db, 'SELECT coalesce(max(version), 0) AS version FROM alarm_versions WHERE slug = ?').get(slug),
  ).version;
