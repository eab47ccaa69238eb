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

const queuedSchema = z.object({ job: z.string(), at: z.number() });

/** Of each job with queued runs, or of this one: since when the first in its queue waits there. */
export const oldestQueued = (db: ReadableDb, { job }: { job: string | null }): { job: string; atMs: number }[] =>
  statement(
    db,
    // A run that is tried again, or was approved, waits since then.
    `SELECT job, max(queued_at, ifnull(decided_at, 0), ifnull(finished_at, 0)) AS at FROM runs WHERE seq IN (
       SELECT min(seq) FROM runs INDEXED BY runs_waiting
       WHERE state = 'queued' AND (@job IS NULL OR job = @job) GROUP BY job)`,
  )
    .all({ job })
    .map((row) => queuedSchema.parse(row))
    .map(({ job: slug, at }) => ({ job: slug, atMs: at }));

const waitingOf = prepared<{ n: number }>(
  `SELECT count(*) AS n FROM (SELECT 1 FROM runs INDEXED BY runs_waiting WHERE state = 'queued' AND job = ? LIMIT ?)`,
);
/** Queued runs of a job; at most `limit` are counted. */
export const countWaitingOf = (db: ReadableDb, job: string, limit: number): number =>
  waitingOf(db).get(job, limit)?.n ?? 0;

const runningOf = prepared<{ n: number }>(
  `SELECT (SELECT count(*) FROM runs INDEXED BY runs_running WHERE state = 'running' AND job = @job)
     + (SELECT count(*) FROM runs INDEXED BY runs_inbox WHERE inbox = 1 AND state = 'interaction_required' AND job = @job) AS n`,
);
/** Runs of a job that run on any node. */
export const countRunningOf = (db: ReadableDb, job: string): number => runningOf(db).get({ job })?.n ?? 0;
