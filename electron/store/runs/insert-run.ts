import type { RunReason } from '../../../shared/contract/runs.ts';
import type { WritableDb } from '../database/open.ts';
import { prepared } from '../database/statements.ts';

export interface NewRun {
  id: string;
  eventSeq: number;
  /** Null for a test run. */
  listener: string | null;
  listenerVersion: number | null;
  job: string;
  /** 0 for a planned run; a manual retry is a new run with the next number. */
  retryNo: number;
  retryOf: string | null;
  state: 'pending' | 'queued' | 'failed';
  reason: RunReason | null;
  error: string | null;
  attempts: number;
  queuedAtMs: number;
  acknowledge: 'required' | 'none';
  inbox: boolean;
  /** Depth of its event. */
  depth: number;
  mode: 'foreground' | 'background';
  needsApproval: boolean;
  /** When a waiting run is given up. */
  expiresAtMs: number | null;
  /** Runs of its job with the same key start one after the other. */
  orderKey?: string | null | undefined;
  /** The events that it gets together; absent: its own alone. */
  batchSeq?: number | null | undefined;
}

const inserted = prepared(`
INSERT INTO runs (id, event_seq, listener, listener_version, job, retry_no, retry_of, state, reason, error, attempts,
  queued_at, finished_at, acknowledge, inbox, depth, mode, needs_approval, expires_at, order_key,
  batch_seq)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (event_seq, listener, retry_no) DO NOTHING`);

/** The new run's `seq`, or 0 when this event, listener and retry number have one already. */
export function insertRun(db: WritableDb, run: NewRun): number {
  const { changes, lastInsertRowid } = inserted(db).run(
    run.id,
    run.eventSeq,
    run.listener,
    run.listenerVersion,
    run.job,
    run.retryNo,
    run.retryOf,
    run.state,
    run.reason,
    run.error,
    run.attempts,
    run.queuedAtMs,
    run.state === 'failed' ? run.queuedAtMs : null,
    run.acknowledge,
    run.inbox ? 1 : 0,
    run.depth,
    run.mode,
    run.needsApproval ? 1 : 0,
    run.expiresAtMs,
    run.orderKey ?? null,
    run.batchSeq ?? null,
  );
  return changes === 0 ? 0 : Number(lastInsertRowid);
}
