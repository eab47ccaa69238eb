import type { Json } from '../../../shared/contract/common.ts';
import type { ListenerResolves } from '../../../shared/contract/listeners.ts';
import type { RunReason } from '../../../shared/contract/runs.ts';
import { endKeyOf } from '../../../shared/failures/failure-key.ts';
import { messageOf } from '../../../shared/failures/failure-message.ts';
import { addFailureEntry } from '../../store/failures/failure-entries.ts';
import { type FailureRow, findFailureBySeq } from '../../store/failures/failure-rows.ts';
import { countRegression, endedSnoozes, setFailureState } from '../../store/failures/failure-states.ts';
import { countFailure } from '../../store/failures/record-failure.ts';
import {
  earlierTriesOf,
  failedBefore,
  hasUnresolved,
  markFailed,
  type SettledRun,
  settleRun,
  showFailed,
  unsettleEarlierTries,
} from '../../store/runs/run-failures.ts';
import type { Acknowledgement } from '../../store/runs/run-history.ts';
import type { RunRow } from '../../store/runs/run-rows.ts';
import type { Transaction } from '../../store/write/writer.ts';
import type { RunAnnouncer } from '../run-announcer.ts';
import type { FailureAnnouncer } from './failure-announcer.ts';

export interface FailureGroupDeps {
  announcer: RunAnnouncer;
  failures: FailureAnnouncer;
  /** What the listener's definition says. */
  resolves(listener: string): ListenerResolves;
  /** Whether a client watches runs. */
  isWatched(): boolean;
}

interface FailedRun {
  seq: number;
  id: string;
  job: string;
  listener: string | null;
}

type AcknowledgedRun = Pick<RunRow, 'seq' | 'id' | 'failure' | 'retry_no'>;

interface FailedEnd {
  reason: RunReason | null;
  error: string | null;
  exitCode: number | null;
  signal: string | null;
  outcome: Json;
  atMs: number;
}

/** Runs announced at most when a snooze begins or ends: as many as the window's inbox holds. */
const mostAnnounced = 2000;

/** What the ends of runs do to failures; part of the lifecycle. Costs nothing where a run neither fails nor follows a failure. */
export function createFailureGroups({ announcer, failures, resolves, isWatched }: FailureGroupDeps) {
  function announceRuns(tx: Transaction, seqs: readonly number[]): void {
    if (!isWatched()) return;
    for (const seq of seqs.slice(0, mostAnnounced)) announcer.announceStored(tx, seq, []);
  }

  /** snoozed → open: its runs return to the inbox. */
  function wake(tx: Transaction, seq: number, atMs: number, runId: string | null): void {
    setFailureState(tx.db, { seq, atMs, by: null }, 'open');
    addFailureEntry(tx.db, { failure: seq, kind: 'woke', atMs, by: null, detail: { runId } });
    announceRuns(tx, showFailed(tx.db, seq));
    failures.changed(tx, seq);
  }

  /** What a further failed run means to a failure that was not open. Returns whether the run belongs in the inbox. */
  function reopen(tx: Transaction, row: FailureRow, atMs: number, runId: string): boolean {
    const { seq } = row;
    if (row.state === 'snoozed') {
      if (!hasSnoozeEnded(row, atMs)) return false;
      wake(tx, seq, atMs, runId);
      return true;
    }
    const kind = row.state === 'resolved' ? 'regressed' : 'reopened';
    if (kind === 'regressed') countRegression(tx.db, seq, atMs);
    setFailureState(tx.db, { seq, atMs, by: null }, 'open');
    addFailureEntry(tx.db, { failure: seq, kind, atMs, by: null, detail: { runId } });
    return true;
  }

  function settle(tx: Transaction, runs: readonly SettledRun[], { id, atMs }: { id: string; atMs: number }): void {
    for (const { seq } of runs) settleRun(tx.db, seq, `Resolved by ${id}`);
    announceRuns(
      tx,
      runs.filter((run) => run.was_in_inbox === 1).map(({ seq }) => seq),
    );
    for (const seq of new Set(runs.map(({ failure }) => failure))) {
      failures.changed(tx, seq);
      if (hasUnresolved(tx.db, seq)) continue;
      setFailureState(tx.db, { seq, atMs, by: null }, 'resolved');
      addFailureEntry(tx.db, { failure: seq, kind: 'resolved', atMs, by: null, detail: { runId: id } });
    }
  }

  return {
    wake,
    announceRuns,

    /** A run has failed for good; its row says so already. Returns its failure's id, and whether it belongs in the inbox. */
    record(tx: Transaction, run: FailedRun, end: FailedEnd): { failureId: string; isInInbox: boolean } {
      const { id: runId, job, listener } = run;
      const ended = { state: 'failed' as const, job, listener, ...end };
      const row = countFailure(tx.db, {
        key: endKeyOf(ended),
        message: messageOf(ended),
        runId,
        job,
        listener,
        reason: end.reason,
        exitCode: end.exitCode,
        signal: end.signal,
        atMs: end.atMs,
      });
      const isInInbox = row.state === 'open' || reopen(tx, row, end.atMs, runId);
      markFailed(tx.db, run.seq, row.seq, isInInbox);
      failures.changed(tx, row.seq);
      return { failureId: row.id, isInInbox };
    },

    /** A run has completed: failed runs that it repeats are dealt with, and those that its listener says it resolves. */
    succeeded(
      tx: Transaction,
      run: { seq: number; id: string; listener: string | null; retry_of: string | null },
      atMs: number,
    ): void {
      const which = run.listener === null ? 'retry' : resolves(run.listener);
      if (run.retry_of === null && which === 'retry') return;
      if (run.retry_of !== null) settle(tx, earlierTriesOf(tx.db, run.seq), { id: run.id, atMs });
      if (which !== 'retry') settle(tx, failedBefore(tx.db, run.seq, which), { id: run.id, atMs });
    },

    /** A failed run was acknowledged, and with it its earlier tries; an open failure with its last run. */
    runAcknowledged(tx: Transaction, run: AcknowledgedRun, { atMs, by, note }: Acknowledgement): void {
      const tries = run.retry_no === 0 ? [] : earlierTriesOf(tx.db, run.seq);
      for (const { seq } of tries) settleRun(tx.db, seq, `Acknowledged with ${run.id}`);
      for (const seq of new Set([run.failure, ...tries.map(({ failure }) => failure)])) {
        if (seq === null || findFailureBySeq(tx.db, seq)?.state !== 'open') continue;
        failures.changed(tx, seq);
        if (hasUnresolved(tx.db, seq)) continue;
        setFailureState(tx.db, { seq, atMs, by }, 'acknowledged');
        addFailureEntry(tx.db, { failure: seq, kind: 'acknowledged', atMs, by, text: note });
      }
    },

    /** A failed run and its earlier tries want attention again. */
    runUnacknowledged(tx: Transaction, run: AcknowledgedRun, atMs: number): void {
      const tries = run.retry_no === 0 ? [] : unsettleEarlierTries(tx.db, run.seq);
      for (const seq of new Set([run.failure, ...tries])) {
        const row = seq === null ? null : findFailureBySeq(tx.db, seq);
        if (seq === null || row === null) continue;
        failures.changed(tx, seq);
        if (row.state === 'open' || row.state === 'snoozed' || !hasUnresolved(tx.db, seq)) continue;
        setFailureState(tx.db, { seq, atMs, by: null }, 'open');
        addFailureEntry(tx.db, { failure: seq, kind: 'reopened', atMs, by: null });
      }
    },

    /** Snoozes that have ended. Returns how many. */
    wakeEnded(tx: Transaction, nowMs: number, limit: number): number {
      const ended = endedSnoozes(tx.db, nowMs, limit);
      for (const seq of ended) wake(tx, seq, nowMs, null);
      return ended.length;
    },
  };
}

export type FailureGroups = ReturnType<typeof createFailureGroups>;

/** `row` counts the run that has just failed. */
const hasSnoozeEnded = (row: FailureRow, atMs: number): boolean =>
  (row.snoozed_until !== null && row.snoozed_until <= atMs) ||
  (row.snoozed_count !== null && row.count >= row.snoozed_count) ||
  (row.snoozed_for_change === 1 &&
    (row.snoozed_listener_version !== row.last_listener_version || row.snoozed_job_version !== row.last_job_version));
