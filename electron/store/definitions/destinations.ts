import type { ReadableDb, WritableDb } from '../database/open.ts';
import { prepared } from '../database/statements.ts';

/** A job of the kind `http` that is not simply active. Times in milliseconds since 1970. */
export interface StoredDestination {
  job: string;
  /** What its state is about: with another address it begins anew. */
  url: string;
  state: 'pending_verification' | 'active' | 'inactive';
  reason: string | null;
  changedAtMs: number;
  isPaused: boolean;
  /** Since when every request has failed; null: the last one did not. */
  failingSinceMs: number | null;
}

interface Row {
  job: string;
  url: string;
  state: StoredDestination['state'];
  reason: string | null;
  changed_at: number;
  paused: number;
  failing_since: number | null;
}

const all = prepared<Row>('SELECT job, url, state, reason, changed_at, paused, failing_since FROM destinations');

export const readDestinations = (db: ReadableDb): StoredDestination[] =>
  all(db)
    .all()
    .map(({ job, url, state, reason, changed_at, paused, failing_since }) => ({
      job,
      url,
      state,
      reason,
      changedAtMs: changed_at,
      isPaused: paused === 1,
      failingSinceMs: failing_since,
    }));

const put = prepared(
  `INSERT INTO destinations (job, url, state, reason, changed_at, paused, failing_since) VALUES (?, ?, ?, ?, ?, ?, ?)
   ON CONFLICT (job) DO UPDATE SET url = excluded.url, state = excluded.state, reason = excluded.reason,
     changed_at = excluded.changed_at, paused = excluded.paused, failing_since = excluded.failing_since`,
);

export function putDestination(db: WritableDb, row: StoredDestination): void {
  const { job, url, state, reason, changedAtMs, isPaused, failingSinceMs } = row;
  put(db).run(job, url, state, reason, changedAtMs, isPaused ? 1 : 0, failingSinceMs);
}

const removed = prepared('DELETE FROM destinations WHERE job = ?');

export const deleteDestination = (db: WritableDb, job: string): boolean => removed(db).run(job).changes > 0;
