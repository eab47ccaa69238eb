import { DueTimer } from '../../runs/due-timer.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { nextSnoozeEndAt } from '../../store/failures/failure-states.ts';
import { nextExpiryAt } from '../../store/runs/run-approvals.ts';
import { nextDueAt } from '../../store/runs/run-claims.ts';
import { localCommands } from '../../store/write/commands.ts';
import type { JobRunnerDeps } from '../run/runner-deps.ts';

const duePerTransaction = 500;

const earliest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

export interface DueRuns {
  start(): void;
  stop(): void;
  /** What is due joins its queue, and what has waited too long is canceled. Never rejects. */
  poll(): Promise<void>;
}

/** Runs that wait for a time: for their next attempt, until they have waited too long, or until a snooze ends. */
export function createDueRuns(
  {
    db,
    writer,
    bus,
    lifecycle,
    log,
    shared,
  }: Pick<JobRunnerDeps, 'db' | 'writer' | 'bus' | 'lifecycle' | 'log' | 'shared'>,
  nowMs: () => number,
): DueRuns {
  const nextAt = (handle: ReadableDb): number | null =>
    earliest(earliest(nextDueAt(handle), nextExpiryAt(handle)), nextSnoozeEndAt(handle));
  const settleDue = (shared?.commands ?? localCommands(writer)).define('runs.due', (tx) => {
    lifecycle.queueDue(tx, duePerTransaction);
    lifecycle.expire(tx, duePerTransaction);
    lifecycle.wakeFailures(tx, duePerTransaction);
    return nextAt(tx.db);
  });
  /** In a cluster one node is enough, and nothing is written while nothing is due. */
  const isIdle = (): boolean => {
    if (shared === undefined) return false;
    const next = nextAt(db);
    if (next !== null && next > nowMs()) timer.expect(next);
    return !shared.isFirst() || next === null || next > nowMs();
  };
  const timer = new DueTimer(() => void poll(), nowMs);
  bus.on('run.waits', (untilMs) => timer.expect(untilMs));

  async function poll(): Promise<void> {
    try {
      if (isIdle()) return;
      const next = await settleDue();
      // Not at once again in a cluster: its log's clock may be behind this one.
      if (next !== null) timer.expect(shared === undefined ? next : Math.max(next, nowMs() + 250));
    } catch (error) {
      log.error({ err: error }, 'runs that became due could not be queued; trying again within 30 s');
    }
  }

  return { start: () => timer.start(), stop: () => timer.stop(), poll };
}
