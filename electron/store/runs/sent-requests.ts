import type { ReadableDb } from '../database/open.ts';
import { prepared } from '../database/statements.ts';

/** How a run of a job that sends requests ended, or its latest attempt. */
export interface SentRow {
  id: string;
  finished_at: number;
  /** Null: no answer came. */
  status: number | null;
  total_ms: number | null;
  error: string | null;
}

const latest = prepared<SentRow>(
  `SELECT id, finished_at, json_extract(outcome, '$.status') AS status,
     json_extract(outcome, '$.timing.totalMs') AS total_ms, error
   FROM runs INDEXED BY runs_by_job WHERE job = ? AND started_at IS NOT NULL AND finished_at IS NOT NULL
   ORDER BY seq DESC LIMIT ?`,
);

/** Newest first. */
export const latestSent = (db: ReadableDb, job: string, limit: number): SentRow[] => latest(db).all(job, limit);

const scheduled = prepared<{ n: number }>(
  `SELECT count(*) AS n FROM runs INDEXED BY runs_scheduled WHERE state = 'scheduled' AND job = ?`,
);

/** Runs that wait for another attempt. */
export const countScheduledRuns = (db: ReadableDb, job: string): number => scheduled(db).get(job)?.n ?? 0;

export interface RunToRecover {
  seq: number;
  state: 'failed' | 'canceled' | 'scheduled';
}

const page = prepared<{ seq: number; is_wanted: number; state: RunToRecover['state'] }>(
  `SELECT r.seq, r.state, (r.state = 'scheduled' OR (r.finished_at >= @sinceMs
       AND (r.state = 'failed' OR (r.state = 'canceled' AND r.reason = 'expired'))
       AND NOT EXISTS (SELECT 1 FROM runs n WHERE n.retry_of = r.id))) AS is_wanted
   FROM runs r INDEXED BY runs_by_job WHERE r.job = @job AND r.seq > @after AND r.seq <= @until ORDER BY r.seq LIMIT @limit`,
);

/**
 * Runs of a job that have failed or were given up since then and were not retried, and those that wait for another
 * attempt; oldest first. `next`: where the next page starts, null at the end.
 */
export function runsToRecover(
  db: ReadableDb,
  job: string,
  { sinceMs, after, until, limit }: { sinceMs: number; after: number; until: number; limit: number },
): { runs: RunToRecover[]; next: number | null } {
  const rows = page(db).all({ job, sinceMs, after, until, limit });
  const last = rows.at(-1);
  return {
    runs: rows.flatMap(({ seq, is_wanted, state }) => (is_wanted === 1 ? [{ seq, state }] : [])),
    next: rows.length < limit || last === undefined ? null : last.seq,
  };
}

const last = prepared<{ seq: number | null }>('SELECT max(seq) AS seq FROM runs');

/** The newest run of all; 0 where there is none. */
export const lastRunSeq = (db: ReadableDb): number => last(db).get()?.seq ?? 0;
