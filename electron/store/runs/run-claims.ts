import type { RunReason } from '../../../shared/contract/runs.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { prepared } from '../database/statements.ts';

/** An event as a job gets it. */
export interface ClaimedEvent {
  event_id: string;
  event_type: string;
  source: string;
  system: string;
  external_id: string | null;
  occurred_at: number | null;
  received_at: number;
  /** JSON text, like `payload`, `verification` and `headers` (pairs). */
  context: string;
  payload: string;
  verification: string;
  replay_of: string | null;
  caused_by_run: string | null;
  event_depth: number;
  delivery_seq: number | null;
  headers: string | null;
}

/** A queued run with its event, as the job will get it. */
export interface ClaimRow extends ClaimedEvent {
  seq: number;
  id: string;
  listener: string | null;
  job: string;
  retry_of: string | null;
  /** Attempts made so far. */
  attempt: number;
  attempts: number;
  queued_at: number;
  acknowledge: 'required' | 'none';
  mode: 'foreground' | 'background';
  needs_approval: number;
  decided_by: string | null;
  decided_at: number | null;
  note: string | null;
  depth: number;
  /** The events that it gets together; null: its own alone. */
  batch_seq: number | null;
}

const eventColumns = `e.id AS event_id, t.type AS event_type, t.source, t.system, e.external_id, e.occurred_at, e.received_at, e.context,
  e.payload, e.verification, e.replay_of, e.caused_by_run, e.depth AS event_depth, e.delivery_seq, d.headers`;
const claimColumns = `r.seq, r.id, r.listener, r.job, r.retry_of, r.attempt, r.attempts, r.queued_at, r.acknowledge, r.depth,
  r.mode, r.needs_approval, r.decided_by, r.decided_at, r.note, r.batch_seq,
  ${eventColumns}`;
const eventJoins = `CROSS JOIN event_types t ON t.id = e.type_id
  LEFT JOIN deliveries d ON d.seq = e.delivery_seq`;
const claimJoins = `CROSS JOIN events e ON e.seq = r.event_seq ${eventJoins}`;

const batchRows = prepared<ClaimedEvent>(
  `SELECT ${eventColumns} FROM batch_events b CROSS JOIN events e ON e.seq = b.event_seq ${eventJoins}
   WHERE b.batch_seq = ? ORDER BY b.event_seq`,
);

/** The events of a batch that are still there, oldest first. */
export const readBatchEvents = (db: ReadableDb, batchSeq: number): ClaimedEvent[] => batchRows(db).all(batchSeq);

const queuedRows = prepared<ClaimRow>(`SELECT ${claimColumns} FROM runs r INDEXED BY runs_waiting ${claimJoins}
WHERE r.state = 'queued' AND r.job = ? AND (r.expires_at IS NULL OR r.expires_at > ?)
ORDER BY r.seq LIMIT ?`);

/** In place of an order key, for a run of events with several: it waits for all before it, and all after wait for it. */
export const manyOrderKeys = '*';
const isUnfinished = "o.order_key IS NOT NULL AND o.state NOT IN ('completed', 'failed', 'canceled')";

const orderedRows = prepared<ClaimRow>(`SELECT ${claimColumns} FROM runs r INDEXED BY runs_waiting ${claimJoins}
WHERE r.state = 'queued' AND r.job = ? AND (r.expires_at IS NULL OR r.expires_at > ?)
  AND (r.order_key IS NULL OR (NOT EXISTS (SELECT 1 FROM runs o INDEXED BY runs_ordered
    WHERE o.job = r.job AND o.order_key IN (r.order_key, '${manyOrderKeys}') AND o.seq < r.seq AND ${isUnfinished})
  AND (r.order_key <> '${manyOrderKeys}' OR NOT EXISTS (SELECT 1 FROM runs o INDEXED BY runs_ordered
    WHERE o.job = r.job AND o.seq < r.seq AND ${isUnfinished}))))
ORDER BY r.seq LIMIT ?`);

/** The same where runs with the same key wait for the end of the one before; looks at each that waits. */
export function pickOrdered(db: ReadableDb, job: string, limit: number, nowMs: number): ClaimRow[] {
  return orderedRows(db).all(job, nowMs, limit);
}

const queuedRow = prepared<ClaimRow>(
  `SELECT ${claimColumns} FROM runs r ${claimJoins} WHERE r.seq = ? AND r.state = 'queued'`,
);

/** The oldest queued runs of a job that have not waited too long. Costs what it returns, however many wait. */
export function pickQueued(db: ReadableDb, job: string, limit: number, nowMs: number): ClaimRow[] {
  return queuedRows(db).all(job, nowMs, limit);
}

/** The same of one run; null when it is not queued any more. */
export function pickQueuedRun(db: ReadableDb, seq: number): ClaimRow | null {
  return queuedRow(db).get(seq) ?? null;
}

const claimed = prepared(
  `UPDATE runs SET state = 'running', attempt = attempt + 1, started_at = ?, finished_at = NULL, reason = NULL,
     error = NULL, exit_code = NULL, signal = NULL, progress = NULL, steps = NULL, outcome = NULL, expires_at = NULL
   WHERE seq = ? AND state = 'queued'`,
);

/** From `queued` to `running`, with the next attempt's number. False when it is not queued any more. */
export const claimRun = (db: WritableDb, seq: number, nowMs: number): boolean =>
  claimed(db).run(nowMs, seq).changes === 1;

/** How an attempt ended. `progress`, `steps` and `outcome` are JSON text. */
export interface AttemptEnd {
  state: 'completed' | 'failed' | 'canceled';
  reason: RunReason;
  error: string | null;
  exitCode: number | null;
  signal: string | null;
  progress: string | null;
  steps: string | null;
  outcome: string | null;
  finishedAtMs: number;
  /** In place of what the run has; null or absent: that stays. */
  acknowledge?: 'required' | 'none' | null | undefined;
}

const finished = prepared(
  `UPDATE runs SET state = ?, reason = ?, error = ?, exit_code = ?, signal = ?, progress = ?, steps = ?,
     outcome = ?, finished_at = ?, inbox = ?, acknowledge = coalesce(?, acknowledge), question = NULL
   WHERE seq = ? AND state IN ('running', 'interaction_required') AND attempt = ?`,
);

/** False when the run is no longer running this attempt: then nothing was written, and nothing may follow from it. */
export function finishRun(db: WritableDb, seq: number, attempt: number, end: AttemptEnd, inbox: boolean): boolean {
  const { changes } = finished(db).run(
    end.state,
    end.reason,
    end.error,
    end.exitCode,
    end.signal,
    end.progress,
    end.steps,
    end.outcome,
    end.finishedAtMs,
    inbox ? 1 : 0,
    end.acknowledge ?? null,
    seq,
    attempt,
  );
  return changes === 1;
}

const scheduled = prepared(
  `UPDATE runs SET state = 'scheduled', reason = ?, error = ?, exit_code = ?, signal = ?, progress = NULL,
     steps = NULL, outcome = ?, finished_at = ?, due_at = ?, inbox = 0, question = NULL
   WHERE seq = ? AND state IN ('running', 'interaction_required') AND attempt = ?`,
);
const keptAttempt = prepared(
  `INSERT INTO run_attempts (run_seq, attempt, state, reason, error, exit_code, signal, started_at, finished_at)
   SELECT seq, attempt, 'failed', reason, error, exit_code, signal, started_at, finished_at FROM runs WHERE seq = ?`,
);

/** The attempt goes into the history and the run waits until `dueAtMs`. False as for `finishRun`. */
export function scheduleRetry(db: WritableDb, seq: number, attempt: number, end: AttemptEnd, dueAtMs: number): boolean {
  const { reason, error, exitCode, signal, outcome, finishedAtMs } = end;
  const { changes } = scheduled(db).run(reason, error, exitCode, signal, outcome, finishedAtMs, dueAtMs, seq, attempt);
  if (changes === 0) return false;
  keptAttempt(db).run(seq);
  return true;
}

const dueRuns = prepared<{ seq: number; job: string }>(
  `UPDATE runs SET state = 'queued', due_at = NULL WHERE seq IN (
     SELECT seq FROM runs INDEXED BY runs_scheduled WHERE state = 'scheduled' AND due_at <= ? ORDER BY due_at LIMIT ?)
   RETURNING seq, job`,
);

/** Scheduled runs whose time has come join their job's queue; at most `limit`, earliest first. */
export function queueDue(db: WritableDb, nowMs: number, limit: number): { seq: number; job: string }[] {
  return dueRuns(db).all(nowMs, limit);
}

const nextDue = prepared<{ due_at: number }>(
  `SELECT due_at FROM runs INDEXED BY runs_scheduled WHERE state = 'scheduled' ORDER BY due_at LIMIT 1`,
);

export const nextDueAt = (db: ReadableDb): number | null => nextDue(db).get()?.due_at ?? null;

const queuedNow = prepared(`UPDATE runs SET state = 'queued', due_at = NULL WHERE seq = ? AND state = 'scheduled'`);

/** A scheduled run need not wait any longer. */
export const queueNow = (db: WritableDb, seq: number): boolean => queuedNow(db).run(seq).changes === 1;

const canceled = prepared(
  `UPDATE runs SET state = 'canceled', reason = 'canceled', error = NULL, due_at = NULL, finished_at = ?,
     expires_at = NULL, inbox = 0 WHERE seq = ? AND state IN ('pending', 'queued', 'scheduled')`,
);

/** Only a run that has not started: a running one ends when its processes have. */
export const cancelWaiting = (db: WritableDb, seq: number, nowMs: number): boolean =>
  canceled(db).run(nowMs, seq).changes === 1;

const progressed = prepared(
  `UPDATE runs SET progress = ?, steps = ?
   WHERE seq = ? AND state IN ('running', 'interaction_required') AND attempt = ?`,
);

/** `progress` and `steps` are JSON text. False when it is not running this attempt any more. */
export function storeProgress(
  db: WritableDb,
  seq: number,
  attempt: number,
  progress: string | null,
  steps: string | null,
): boolean {
  return progressed(db).run(progress, steps, seq, attempt).changes === 1;
}

const running = prepared<{ seq: number }>(
  `SELECT seq FROM runs INDEXED BY runs_running WHERE state = 'running'
   UNION ALL SELECT seq FROM runs INDEXED BY runs_inbox WHERE inbox = 1 AND state = 'interaction_required' ORDER BY seq`,
);

/** Runs that the database still calls running, or waiting for an answer: after a start, those that the last end of the app cut short. */
export const runningSeqs = (db: ReadableDb): number[] =>
  running(db)
    .all()
    .map(({ seq }) => seq);

const interruptions = prepared<{ n: number }>(
  `SELECT count(*) AS n FROM run_attempts WHERE run_seq = ? AND reason = 'interrupted'`,
);

export const countInterruptions = (db: ReadableDb, seq: number): number => interruptions(db).get(seq)?.n ?? 0;

const interruptedAttempt = prepared(
  `INSERT INTO run_attempts (run_seq, attempt, state, reason, error, started_at, finished_at)
   SELECT seq, attempt, 'failed', 'interrupted', ?, started_at, ? FROM runs
   WHERE seq = ? AND state IN ('running', 'interaction_required')`,
);
const requeued = prepared(
  `UPDATE runs SET state = 'queued', attempts = attempts + 1, progress = NULL, steps = NULL, question = NULL, inbox = 0,
     started_at = NULL WHERE seq = ? AND state IN ('running', 'interaction_required')`,
);

/**
 * Back into the queue. The attempt is kept in the history and one more is granted: the app's end is not the job's fault.
 * False when it is not running any more.
 */
export function requeueInterrupted(db: WritableDb, seq: number, error: string, nowMs: number): boolean {
  interruptedAttempt(db).run(error, nowMs, seq);
  return requeued(db).run(seq).changes === 1;
}
