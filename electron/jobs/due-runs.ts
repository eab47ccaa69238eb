import { DueTimer } from '../runs/due-timer.ts';
import type { RunEnd } from '../runs/run-end.ts';
import { expireWaiting, nextExpiryAt } from '../store/runs/run-approvals.ts';
import { nextDueAt, queueDue } from '../store/runs/run-claims.ts';
import type { ClaimLoop } from './claim-loop.ts';
import { sayCanceled } from './run-operations.ts';
import type { JobRunnerDeps } from './runner-types.ts';

const duePerTransaction = 500;

const expiredEnd: RunEnd = { state: 'canceled', reason: 'expired', error: null, outcome: null, retryAtMs: null };

const earliest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

export interface DueRuns {
  start(): void;
  stop(): void;
  /** Something becomes due then. */
  expect(atMs: number): void;
  /** What is due joins its queue, and what has waited too long is canceled. Never rejects. */
  look(): Promise<void>;
}

/** Runs that wait for a time: for their next attempt, or until they have waited too long. */
export function createDueRuns(
  deps: JobRunnerDeps,
  { nowMs, loop, tell }: { nowMs: () => number; loop: () => ClaimLoop; tell: (seqs: readonly number[]) => void },
): DueRuns {
  const { writer, catalog, intake, log } = deps;
  const timer = new DueTimer(() => void look(), nowMs);

  async function look(): Promise<void> {
    try {
      const { queued, expired, planned, next } = await writer.write(({ db }) => {
        const due = queueDue(db, nowMs(), duePerTransaction);
        const gone = expireWaiting(db, nowMs(), duePerTransaction);
        return {
          queued: due,
          expired: gone,
          planned: gone.map(({ seq }) => sayCanceled(db, seq, intake)),
          next: earliest(nextDueAt(db), nextExpiryAt(db)),
        };
      });
      for (const { job } of queued) catalog.addWaiting(job, 1);
      for (const { job, state } of expired) if (state === 'queued') catalog.addWaiting(job, -1);
      if (next !== null) timer.expect(next);
      if (queued.length + expired.length === 0) return;
      tell([...queued, ...expired].map(({ seq }) => seq));
      for (const one of planned) intake.announce(one);
      for (const { seq } of expired) loop().tellEnd(seq, expiredEnd);
      loop().wake(new Set(queued.map(({ job }) => job)));
    } catch (error) {
      log.error({ err: error }, 'runs that became due could not be queued; trying again within 30 s');
    }
  }

  return { start: () => timer.start(), stop: () => timer.stop(), expect: (atMs) => timer.expect(atMs), look };
}
