import { watchTraces } from './process-traces.ts';
import { RealmWatch } from './realm-watch.ts';
import { setOwnTimeout } from './script-timers.ts';

/** What a run has left in its process that another run must not meet. */
export type Residue = {
  /** For people; null: nothing. */
  left: string | null;
  /** Parts of Node that the run loaded: how they were before it is not known. Loaded at the start, they are watched. */
  loaded: string[];
};

/** What is being closed when a run ends is gone after a moment; by then another process would have been started. */
const waitsMs = [0, 2, 10, 50, 200];

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    // It must not count as a timer that was left.
    setOwnTimeout(resolve, ms).unref();
  });

/** Compares the process after each run with what it was before the first; for `runVariables` see `watchTraces`. */
export function watchResidue(runVariables: readonly string[]) {
  const realm = new RealmWatch();
  const traces = watchTraces(runVariables);
  let hasBegun = false;

  const changed = (): Residue => ({ left: realm.change(), loaded: realm.loadedSince() });

  return {
    /** Before the script is loaded: what its modules leave as it is need not be taken again, some 15 ms of the first run. */
    prepare(): void {
      realm.begin();
      realm.change();
    },
    /** After the script was loaded: what its modules did meanwhile is part of the job. */
    begin(): void {
      hasBegun = true;
      traces.begin();
      if (!realm.isCurrent()) realm.begin();
    },
    /** After a run. Null: something is there that may be about to close, which `settle` waits for. */
    settleNow(): Residue | null {
      if (!hasBegun) return { left: 'a script that could not be loaded', loaded: [] };
      const kept = traces.restore();
      if (kept !== null) return { left: kept, loaded: [] };
      return traces.left() === null ? changed() : null;
    },
    /** After `settleNow` gave null. */
    async settle(): Promise<Residue> {
      let left = traces.left();
      for (let index = 0; left !== null && index < waitsMs.length; index += 1) {
        await pause(waitsMs[index] ?? 0);
        left = traces.left();
      }
      return left === null ? changed() : { left, loaded: realm.loadedSince() };
    },
  };
}
