import { z } from 'zod';
import type { ReadableDb } from '../database/open.ts';
import { prepared, statement } from '../database/statements.ts';

export interface JobTimes {
  seq: number;
  job: string;
  attempt: number;
  queued_at: number;
  started_at: number | null;
  finished_at: number | null;
}

const jobTimes = prepared<JobTimes>(
  `SELECT seq, job, attempt, queued_at, started_at, CASE WHEN state IN ('completed', 'failed') THEN finished_at END AS finished_at
   FROM runs WHERE seq < ? AND seq >= ? ORDER BY seq DESC LIMIT ?`,
);

/** Of runs between two seqs, the latest first; only what completed or failed has an end. */
export const readJobTimes = (db: ReadableDb, of: { below: number; from: number; limit: number }): JobTimes[] =>
  jobTimes(db).all(of.below, of.from, of.limit);

const failedSchema = z.object({ listener: z.string().nullable(), job: z.string(), failed: z.number() });
export type FailedRuns = z.infer<typeof failedSchema>;

/** Failed runs that are looked at, latest first. */
const mostFailed = 10_000;

/** Listeners by their failed runs from this seq on; a null one are runs that no listener started. */
export function rankFailures(db: ReadableDb, fromSeq: number, most: number): FailedRuns[] {
  return statement(
    db,
    `SELECT listener, job, count(*) AS failed FROM (
       SELECT listener, job FROM runs INDEXED BY runs_failed WHERE state = 'failed' AND seq >= ? ORDER BY seq DESC LIMIT ${mostFailed}
     ) GROUP BY listener, job ORDER BY failed DESC LIMIT ?`,
  )
    .all(fromSeq, most)
    .map((row) => failedSchema.parse(row));
}
