import { z } from 'zod';
import { type JobSpec, jobSpecSchema } from '../../../shared/contract/jobs.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { type DefinitionMeta, definitionRowSchema, parseJson, type Rows, readRows, toMeta } from './definition-rows.ts';

export interface StoredJob extends DefinitionMeta {
  spec: JobSpec;
  /** Absolute folder that the definition's relative paths start from; null: the job's own work folder. */
  baseDir: string | null;
}

const columns = 'slug, spec, base_dir, owner, version, created_at, updated_at';
const rowSchema = definitionRowSchema.extend({ base_dir: z.string().nullable() });

function toJob(raw: unknown): StoredJob {
  const row = rowSchema.parse(raw);
  return { spec: parseJson(jobSpecSchema, row.spec), baseDir: row.base_dir, ...toMeta(row) };
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
    `INSERT INTO jobs (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (slug) DO UPDATE SET spec = excluded.spec, base_dir = excluded.base_dir, owner = excluded.owner,
       version = excluded.version, created_at = excluded.created_at, updated_at = excluded.updated_at`,
  ).run(job.spec.slug, JSON.stringify(job.spec), job.baseDir, job.owner, job.version, job.createdAtMs, job.updatedAtMs);
}

/** Whether there was one. */
export const deleteJob = (db: WritableDb, slug: string): boolean =>
  statement(db, 'DELETE FROM jobs WHERE slug = ?').run(slug).changes > 0;
