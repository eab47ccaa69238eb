import { z } from 'zod';
import type { ReadableDb } from '../database/open.ts';
import { prepared, statement } from '../database/statements.ts';

const countSchema = z.object({ n: z.number() });
const timeSchema = z.object({ at: z.number() });

/** Runs in the inbox, on an index that holds only those. */
export const countInbox = (db: ReadableDb): number =>
  countSchema.parse(statement(db, 'SELECT count(*) AS n FROM runs WHERE inbox = 1').get()).n;

/** Counting stops here, so that a job that fails for weeks does not slow its list down. */
const mostFailed = 10_000;

/** Failed runs of a job that are stored, retried and acknowledged ones included; at most 10,000 are counted. */
export const countFailed = (db: ReadableDb, job: string): number =>
  countSchema.parse(
    statement(
      db,
      `SELECT count(*) AS n FROM (SELECT 1 FROM runs INDEXED BY runs_failed_by_job
         WHERE job = ? AND state = 'failed' LIMIT ${mostFailed})`,
    ).get(job),
  ).n;

/** When the latest run of a job was queued. */
export function lastRunAtMs(db: ReadableDb, job: string): number | null {
  const row = statement(db, 'SELECT queued_at AS at FROM runs WHERE job = ? ORDER BY seq DESC LIMIT 1').get(job);
  return row === undefined ? null : timeSchema.parse(row).at;
}

const waitingByJob = prepared<{ job: string; waiting: number }>(
  `SELECT job, count(*) AS waiting FROM runs INDEXED BY runs_waiting WHERE state = 'queued' GROUP BY job`,
);

/** Queued runs of each job. Counted on the partial index: 100,000 rows take ≈ 10 ms. */
export const countWaiting = (db: ReadableDb): { job: string; waiting: number }[] => waitingByJob(db).all();
