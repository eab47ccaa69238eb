import { DueTimer } from '../../runs/due-timer.ts';
import { nextSnoozeEndAt } from '../../store/failures/failure-states.ts';
import { nextExpiryAt } from '../../store/runs/run-approvals.ts';
import { nextDueAt } from '../../store/runs/run-claims.ts';
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
  { writer, bus, lifecycle, log }: Pick<JobRunnerDeps, 'writer' | 'bus' | 'lifecycle' | 'log'>,
  nowMs: () => number,
): DueRuns {
  const timer = new DueTimer(() => void poll(), nowMs);
  bus.on('run.waits', (untilMs) => timer.expect(untilMs));

  async function poll(): Promise<void> {
    try {
      const next = await writer.write((tx) => {
        lifecycle.queueDue(tx, duePerTransaction);
        lifecycle.expire(tx, duePerTransaction);
        lifecycle.wakeFailures(tx, duePerTransaction);
        return earliest(earliest(nextDueAt(tx.db), nextExpiryAt(tx.db)), nextSnoozeEndAt(tx.db));
      });
      if (next !== null) timer.expect(next);
    } catch (error) {
      log.error({ err: error }, 'runs that became due could not be queued; trying again within 30 s');
    }
  }

  return { start: () => timer.start(), stop: () => timer.stop(), poll };
}
