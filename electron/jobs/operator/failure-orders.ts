import { AppError } from '../../../shared/contract/errors.ts';
import type { Failure } from '../../../shared/contract/failures.ts';
import type { Bus } from '../../runs/announcements.ts';
import type { RunLifecycle } from '../../runs/lifecycle.ts';
import { type FailureRow, findFailure, toFailure } from '../../store/failures/failure-rows.ts';
import type { SnoozeEnd } from '../../store/failures/failure-states.ts';
import type { Transaction, Writer } from '../../store/write/writer.ts';

export interface FailureOrderDeps {
  writer: Writer;
  bus: Bus;
  lifecycle: RunLifecycle;
  nowMs: () => number;
}

export interface FailureOrder {
  ids: readonly string[];
  by: string;
  note?: string | null;
}

export interface FailureOrders {
  /** All of them or none; their runs follow, some hundreds a transaction. Throws AppError. */
  close(order: FailureOrder, state: 'acknowledged' | 'resolved'): Promise<Failure[]>;
  snooze(order: FailureOrder, end: SnoozeEnd): Promise<Failure[]>;
  reopen(order: FailureOrder): Promise<Failure[]>;
  assign(order: FailureOrder, assignee: string | null): Promise<Failure[]>;
  note(id: string, by: string, text: string): Promise<Failure>;
}

/** Runs acknowledged in one transaction: some 20 ms. */
const runsAtOnce = 500;

function mustFind(tx: Transaction, id: string): FailureRow {
  const row = findFailure(tx.db, id);
  if (row === null)
    throw new AppError('not_found', `There is no failure ${id}; it may have been removed with its runs.`);
  return row;
}

/** What operators decide about failures. */
export function createFailureOrders({ writer, bus, lifecycle, nowMs }: FailureOrderDeps): FailureOrders {
  const each = (ids: readonly string[], change: (tx: Transaction, row: FailureRow) => void): Promise<Failure[]> =>
    writer.write((tx) =>
      ids.map((id) => {
        change(tx, mustFind(tx, id));
        return toFailure(mustFind(tx, id));
      }),
    );

  return {
    async close({ ids, by, note = null }, state) {
      const acknowledgement = { atMs: nowMs(), by, note };
      const closed = await writer.write((tx) =>
        ids.map((id) => {
          const row = mustFind(tx, id);
          lifecycle.closeFailure(tx, row, state, acknowledgement);
          return { ...toFailure(mustFind(tx, id)), seq: row.seq };
        }),
      );
      for (const { seq } of closed) {
        let count = runsAtOnce;
        while (count === runsAtOnce) {
          count = await writer.write((tx) => lifecycle.acknowledgeRunsOf(tx, seq, acknowledgement, runsAtOnce));
        }
      }
      return closed.map(({ seq: _seq, ...failure }) => failure);
    },
    async snooze({ ids, by, note = null }, end) {
      const atMs = nowMs();
      if (end.untilMs !== null && end.untilMs <= atMs) {
        throw new AppError('invalid_input', 'The snooze would end in the past; choose a later time.');
      }
      const snoozed = await each(ids, (tx, row) => lifecycle.snoozeFailure(tx, row, end, { atMs, by, note }));
      if (end.untilMs !== null) bus.emit('run.waits', end.untilMs);
      return snoozed;
    },
    reopen: ({ ids, by }) => each(ids, (tx, row) => lifecycle.reopenFailure(tx, row, { atMs: nowMs(), by })),
    assign: ({ ids, by }, assignee) =>
      each(ids, (tx, row) => lifecycle.assignFailure(tx, row, assignee, { atMs: nowMs(), by })),
    async note(id, by, text) {
      const [noted] = await each([id], (tx, row) => lifecycle.noteFailure(tx, row, text, { atMs: nowMs(), by }));
      if (noted === undefined) throw new Error(`the failure ${id} no longer exists`);
      return noted;
    },
  };
}
