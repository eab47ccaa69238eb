import { z } from 'zod';
import { type JobSpec, jobSpecSchema } from '../../../shared/contract/jobs.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { type DefinitionMeta, definitionRowSchema, parseJson, type Rows, readRows, toMeta } from './definition-rows.ts';

/** A person by id and name; `local`: the local administrator. */
export interface Saver {
  id: string;
  name: string;
}

export interface StoredJob extends DefinitionMeta {
  spec: JobSpec;
  /** Absolute folder that the definition's relative paths start from; null: the job's own work folder. */
  baseDir: string | null;
  /** Who saved it last; null: the config file, or before names were kept. */
  savedBy?: Saver | null;
}

const columns = 'slug, spec, base_dir, owner, version, created_at, updated_at, saved_by, saved_by_id';
const rowSchema = definitionRowSchema.extend({
  base_dir: z.string().nullable(),
  saved_by: z.string().nullable(),
  saved_by_id: z.string().nullable(),
});

function toJob(raw: unknown): StoredJob {
  const row = rowSchema.parse(raw);
  const { saved_by: name, saved_by_id: id } = row;
  const saved = name === null || id === null ? {} : { savedBy: { id, name } };
  return { spec: parseJson(jobSpecSchema, row.spec), baseDir: row.base_dir, ...saved, ...toMeta(row) };
}

export const readJobs = (db: ReadableDb): Rows<StoredJob> =>
  readRows('job', statement(db, `SELECT ${columns} FROM jobs ORDER BY slug`).all(), toJob);

/** Throws when the row is there but cannot be read. */
export function readJob(db: ReadableDb, slug: string): StoredJob | null {
  const raw = statement(db, `SELECT ${columns} FROM jobs WHERE slug = ?`).get(slug);
  return raw === undefined ? null : toJob(raw);
}

export const hasJob = (db: ReadableDb, slug: string): boolean =>
  statement(db, 'SELECT 1 FROM jobs WHERE slug = ?').get(slug) !== undefined;

/** Inserts or replaces the row of this slug. */
export function putJob(db: WritableDb, job: StoredJob): void {
  statement(
    db,
    `INSERT INTO jobs (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (slug) DO UPDATE SET spec = excluded.spec, base_dir = excluded.base_dir, owner = excluded.owner,
       version = excluded.version, created_at = excluded.created_at, updated_at = excluded.updated_at,
       saved_by = excluded.saved_by, saved_by_id = excluded.saved_by_id`,
  ).run(
    job.spec.slug,
    JSON.stringify(job.spec),
    job.baseDir,
    job.owner,
    job.version,
    job.createdAtMs,
    job.updatedAtMs,
    job.savedBy?.name ?? null,
    job.savedBy?.id ?? null,
  );
}

/** Whether there was one. */
export const deleteJob = (db: WritableDb, slug: string): boolean =>
  statement(db, 'DELETE FROM jobs WHERE slug = ?').run(slug).changes > 0;
