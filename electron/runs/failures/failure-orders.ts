import { addFailureEntry } from '../../store/failures/failure-entries.ts';
import type { FailureRow } from '../../store/failures/failure-rows.ts';
import { assignFailure, type SnoozeEnd, setFailureState, snoozeFailure } from '../../store/failures/failure-states.ts';
import { findRunBySeq } from '../../store/runs/find-run.ts';
import { acknowledgedAt, hideFailed, showFailed, unresolvedSeqs } from '../../store/runs/run-failures.ts';
import type { Acknowledgement } from '../../store/runs/run-history.ts';
import type { RunRow } from '../../store/runs/run-rows.ts';
import type { Transaction } from '../../store/write/writer.ts';
import type { FailureAnnouncer } from './failure-announcer.ts';
import type { FailureGroups } from './failure-groups.ts';

interface FailureOrderDeps {
  groups: FailureGroups;
  failures: FailureAnnouncer;
  acknowledgeRun(tx: Transaction, run: RunRow, acknowledgement: Acknowledgement): unknown;
  unacknowledgeRun(tx: Transaction, run: RunRow): unknown;
}

/** What operators do about failures; part of the lifecycle. Each returns false when it changed nothing. */
export function createFailureOrders({ groups, failures, acknowledgeRun, unacknowledgeRun }: FailureOrderDeps) {
  return {
    /** any state → acknowledged, resolved. Its runs follow with `acknowledgeRunsOf`. */
    closeFailure(
      tx: Transaction,
      row: FailureRow,
      state: 'acknowledged' | 'resolved',
      { atMs, by, note }: Acknowledgement,
    ): boolean {
      if (row.state === state) return false;
      setFailureState(tx.db, { seq: row.seq, atMs, by }, state);
      addFailureEntry(tx.db, { failure: row.seq, kind: state, atMs, by, text: note });
      failures.changed(tx, row.seq);
      return true;
    },

    /** Up to `limit` of the runs that are not dealt with. Returns how many. */
    acknowledgeRunsOf(tx: Transaction, seq: number, acknowledgement: Acknowledgement, limit: number): number {
      const seqs = unresolvedSeqs(tx.db, seq, limit);
      for (const run of seqs) {
        const row = findRunBySeq(tx.db, run);
        if (row !== null) acknowledgeRun(tx, row, acknowledgement);
      }
      return seqs.length;
    },

    /** any state → snoozed: its runs leave the inbox. */
    snoozeFailure(tx: Transaction, { seq }: FailureRow, end: SnoozeEnd, { atMs, by, note }: Acknowledgement): void {
      snoozeFailure(tx.db, { seq, atMs, by }, end);
      addFailureEntry(tx.db, { failure: seq, kind: 'snoozed', atMs, by, text: note, detail: end });
      groups.announceRuns(tx, hideFailed(tx.db, seq));
      failures.changed(tx, seq);
    },

    /** acknowledged, snoozed, resolved → open: the runs that left the inbox with it return. */
    reopenFailure(tx: Transaction, row: FailureRow, { atMs, by }: Pick<Acknowledgement, 'atMs' | 'by'>): boolean {
      const { seq, state } = row;
      if (state === 'open') return false;
      setFailureState(tx.db, { seq, atMs, by }, 'open');
      if (state === 'snoozed') groups.announceRuns(tx, showFailed(tx.db, seq));
      else {
        for (const run of acknowledgedAt(tx.db, seq, row.state_at)) {
          const found = findRunBySeq(tx.db, run);
          if (found !== null) unacknowledgeRun(tx, found);
        }
      }
      addFailureEntry(tx.db, { failure: seq, kind: 'reopened', atMs, by });
      failures.changed(tx, seq);
      return true;
    },

    assignFailure(
      tx: Transaction,
      { seq }: FailureRow,
      assignee: string | null,
      { atMs, by }: Pick<Acknowledgement, 'atMs' | 'by'>,
    ): boolean {
      if (!assignFailure(tx.db, seq, assignee)) return false;
      addFailureEntry(tx.db, { failure: seq, kind: 'assigned', atMs, by, detail: { assignee } });
      failures.changed(tx, seq);
      return true;
    },

    noteFailure(tx: Transaction, { seq }: FailureRow, text: string, { atMs, by }: { atMs: number; by: string }): void {
      addFailureEntry(tx.db, { failure: seq, kind: 'note', atMs, by, text });
      failures.changed(tx, seq);
    },
  };
}
