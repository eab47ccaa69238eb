import { z } from 'zod';
import { runStateSchema } from '../../../shared/contract/runs.ts';
import type { ReadableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { placeholders } from '../paging/sql-where.ts';

const timesSchema = z.object({
  state: runStateSchema,
  attempt: z.number(),
  queued_at: z.number(),
  started_at: z.number().nullable(),
  finished_at: z.number().nullable(),
});
export type RunTimes = z.infer<typeof timesSchema>;

/** Times of a job's runs from this seq on, latest first; of one listener, or of all. */
export function readRunTimes(
  db: ReadableDb,
  of: { job: string; listener: string | undefined; fromSeq: number; limit: number },
): RunTimes[] {
  const ofListener = of.listener === undefined ? '' : 'AND listener = ?';
  return statement(
    db,
    `SELECT state, attempt, queued_at, started_at, finished_at FROM runs INDEXED BY runs_by_job
     WHERE job = ? AND seq >= ? ${ofListener} ORDER BY seq DESC LIMIT ?`,
  )
    .all(of.job, of.fromSeq, ...(of.listener === undefined ? [] : [of.listener]), of.limit)
    .map((row) => timesSchema.parse(row));
}

const seqSchema = z.object({ seq: z.number() });

/** Which of these events have a failed run. */
export function failedEvents(db: ReadableDb, seqs: readonly number[]): Set<number> {
  if (seqs.length === 0) return new Set();
  const found = statement(
    db,
    `SELECT DISTINCT event_seq AS seq FROM runs INDEXED BY runs_failed_events
     WHERE state = 'failed' AND event_seq IN (SELECT value FROM json_each(?))`,
  ).all(JSON.stringify(seqs));
  return new Set(found.map((row) => seqSchema.parse(row).seq));
}

const countSchema = z.object({ n: z.number() });

/** Events with a failed run, from the seq `from` to below `to`; of these types, or of all. */
export function countFailedEvents(db: ReadableDb, from: number, to: number, typeIds: readonly number[] | null): number {
  const row =
    typeIds === null
      ? statement(
          db,
          `SELECT count(DISTINCT event_seq) AS n FROM runs INDEXED BY runs_failed_events
           WHERE state = 'failed' AND event_seq >= ? AND event_seq < ?`,
        ).get(from, to)
      : statement(
          db,
          `SELECT count(DISTINCT r.event_seq) AS n FROM runs r INDEXED BY runs_failed_events
             JOIN events e ON e.seq = r.event_seq
           WHERE r.state = 'failed' AND r.event_seq >= ? AND r.event_seq < ? AND e.type_id IN (${placeholders(typeIds.length)})`,
        ).get(from, to, ...typeIds);
  return countSchema.parse(row).n;
}

/**
 * Events from the seq `from` to below `to` that a listener matched, from indexes alone: each has one run that is no retry,
 * or lies in a batch, whose run is that of one of its events.
 */
export function countMatched(db: ReadableDb, listener: string, from: number, to: number): number {
  const { n } = countSchema.parse(
    statement(
      db,
      `SELECT (
         SELECT count(*) FROM runs INDEXED BY runs_once
         WHERE event_seq >= @from AND event_seq < @to AND listener = @listener AND retry_no = 0
       ) + (
         SELECT count(*) FROM batch_events b
         WHERE b.event_seq >= @from AND b.event_seq < @to AND b.listener = @listener AND NOT EXISTS (
           SELECT 1 FROM runs r INDEXED BY runs_once
           WHERE r.event_seq = b.event_seq AND r.listener = b.listener AND r.retry_no = 0)
       ) AS n`,
    ).get({ from, to, listener }),
  );
  return n;
}
