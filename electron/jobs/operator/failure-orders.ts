import { AppError } from '../../../shared/contract/errors.ts';
import type { Failure } from '../../../shared/contract/failures.ts';
import type { Bus } from '../../runs/announcements.ts';
import type { RunLifecycle } from '../../runs/lifecycle.ts';
import { type FailureRow, findFailure, toFailure } from '../../store/failures/failure-rows.ts';
import type { SnoozeEnd } from '../../store/failures/failure-states.ts';
import type { Acknowledgement } from '../../store/runs/run-history.ts';
import { type Commands, localCommands } from '../../store/write/commands.ts';
import type { Transaction, Writer } from '../../store/write/writer.ts';

export interface FailureOrderDeps {
  writer: Writer;
  /** Present in a cluster: these orders are carried out in the store of each node. */
  commands?: Commands | undefined;
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
export function createFailureOrders(deps: FailureOrderDeps): FailureOrders {
  const { bus, lifecycle, nowMs } = deps;
  const { define } = deps.commands ?? localCommands(deps.writer);

  /** For each of the failures, all of them or none. */
  const each = <A extends unknown[]>(name: string, change: (tx: Transaction, row: FailureRow, ...args: A) => void) =>
    define(`failures.${name}`, (tx, ids: readonly string[], ...args: A) =>
      ids.map((id) => {
        change(tx, mustFind(tx, id), ...args);
        return toFailure(mustFind(tx, id));
      }),
    );

  const closeEach = each('close', (tx, row, state: 'acknowledged' | 'resolved', how: Acknowledgement) =>
    lifecycle.closeFailure(tx, row, state, how),
  );
  const acknowledgeRuns = define('failures.acknowledge-runs', (tx, id: string, how: Acknowledgement) => {
    const row = findFailure(tx.db, id);
    return row === null ? 0 : lifecycle.acknowledgeRunsOf(tx, row.seq, how, runsAtOnce);
  });
  const snoozeEach = each('snooze', (tx, row, end: SnoozeEnd, how: Acknowledgement) => {
    lifecycle.snoozeFailure(tx, row, end, how);
    const { untilMs } = end;
    if (untilMs !== null) tx.afterCommit(() => bus.emit('run.waits', untilMs));
  });
  const reopenEach = each('reopen', (tx, row, by: string) => lifecycle.reopenFailure(tx, row, { atMs: nowMs(), by }));
  const assignEach = each('assign', (tx, row, assignee: string | null, by: string) =>
    lifecycle.assignFailure(tx, row, assignee, { atMs: nowMs(), by }),
  );
  const noteEach = each('note', (tx, row, text: string, by: string) =>
    lifecycle.noteFailure(tx, row, text, { atMs: nowMs(), by }),
  );

  return {
    async close({ ids, by, note = null }, state) {
      const how = { atMs: nowMs(), by, note };
      const closed = await closeEach(ids, state, how);
      for (const { id } of closed) {
        for (let count = runsAtOnce; count === runsAtOnce; ) count = await acknowledgeRuns(id, how);
      }
      return closed;
    },
    async snooze({ ids, by, note = null }, end) {
      const atMs = nowMs();
      if (end.untilMs !== null && end.untilMs <= atMs) {
        throw new AppError('invalid_input', 'The snooze would end in the past; choose a later time.');
      }
      return await snoozeEach(ids, end, { atMs, by, note });
    },
    reopen: ({ ids, by }) => reopenEach(ids, by),
    assign: ({ ids, by }, assignee) => assignEach(ids, assignee, by),
    async note(id, by, text) {
      const [noted] = await noteEach([id], text, by);
      if (noted === undefined) throw new Error(`the failure ${id} no longer exists`);
      return noted;
    },
  };
}
