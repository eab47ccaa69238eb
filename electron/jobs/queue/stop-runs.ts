import type { ActiveRun } from '../run/active-run.ts';
import type { RunAttempts } from '../run/run-attempts.ts';
import type { ClaimLoop } from './claim-loop.ts';

export interface StopRuns {
  /** Ends of runs are on disk. */
  onSettled(): void;
  /** Lets runs end for half of the time, then ends them. */
  stop(graceMs: number): Promise<void>;
  /** Resolves when nothing runs, or after this time. */
  untilIdle(withinMs: number): Promise<void>;
}

/** The end of all runs, when the app ends. */
export function createStopRuns(loop: ClaimLoop, attempts: RunAttempts): StopRuns {
  let onSettled: (() => void) | null = null;

  const interrupt = (run: ActiveRun): void =>
    attempts.stop(
      run,
      { reason: 'interrupted', error: 'Signalbox was stopped while this was running.' },
      'Signalbox is stopping. Ending the run.',
    );

  function untilIdle(withinMs: number): Promise<void> {
    if (loop.activeCount === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(finish, withinMs);
      function finish(): void {
        clearTimeout(timer);
        onSettled = null;
        resolve();
      }
      onSettled = () => {
        if (loop.activeCount === 0) finish();
      };
    });
  }

  return {
    onSettled: () => onSettled?.(),
    untilIdle,
    async stop(graceMs) {
      // Operators can no longer answer, so these would not end by waiting.
      for (const run of loop.active()) if (run.questions.length > 0) interrupt(run);
      await untilIdle(graceMs / 2);
      for (const run of loop.active()) interrupt(run);
      await untilIdle(graceMs / 2);
    },
  };
}
