import type { RunReason } from '../../../shared/contract/runs.ts';
import { newId } from '../database/ids.ts';
import type { WritableDb } from '../database/open.ts';
import { prepared } from '../database/statements.ts';
import { type FailureRow, failureColumns, parseFailureRow } from './failure-rows.ts';

/** A run that failed for good. */
export interface FailedRun {
  key: string;
  runId: string;
  job: string;
  listener: string | null;
  reason: RunReason | null;
  exitCode: number | null;
  signal: string | null;
  message: string | null;
  atMs: number;
}

const listenerVersion = '(SELECT version FROM listeners WHERE slug = @listener)';
const jobVersion = '(SELECT version FROM jobs WHERE slug = @job)';

const counted = prepared<unknown>(`
INSERT INTO failures AS f (id, key, job, listener, reason, exit_code, signal, message, state, state_at, count, first_seen_at,
    last_seen_at, last_run, first_listener_version, last_listener_version, first_job_version, last_job_version)
  VALUES (@id, @key, @job, @listener, @reason, @exitCode, @signal, @message, 'open', @atMs, 1, @atMs, @atMs, @runId,
    ${listenerVersion}, ${listenerVersion}, ${jobVersion}, ${jobVersion})
  ON CONFLICT (key) DO UPDATE SET count = count + 1, message = excluded.message, last_run = excluded.last_run,
    last_seen_at = max(last_seen_at, excluded.last_seen_at), last_listener_version = excluded.last_listener_version,
    last_job_version = excluded.last_job_version
  RETURNING ${failureColumns.replaceAll('f.', '')}`);

/** Counts a failed run into its failure, which is made if it is the first. Its state stays. */
export const countFailure = (db: WritableDb, run: FailedRun): FailureRow =>
  parseFailureRow(counted(db).get({ ...run, id: newId('fail', run.atMs) }));
