import type { JobEventType } from '../../shared/contract/job-events.ts';
import type { Run } from '../../shared/contract/runs.ts';
import { findRunBySeq } from '../store/runs/find-run.ts';
import { toRun } from '../store/runs/run-rows.ts';
import type { Transaction } from '../store/writer.ts';
import type { Bus } from './announcements.ts';
import type { JobPlans } from './job-plans.ts';
import type { RunEnd } from './run-end.ts';
import { isAlwaysStored, type OwnEventDraft, runEvent } from './run-event.ts';

/** Events of the built-in source. */
export interface OwnEvents {
  /** Whether an active listener could take this type from `signalbox`; what nobody could take is not stored. */
  isHeard(type: JobEventType): boolean;
  record(tx: Transaction, draft: OwnEventDraft): void;
}

export interface RunNewsDeps {
  bus: Bus;
  jobs: JobPlans;
  events: OwnEvents;
  /** Whether anybody watches runs: without, none is described for a push. */
  isWatched(): boolean;
}

interface Tale {
  types: readonly JobEventType[];
  /** Of the run's own event. */
  depth: number;
  /** For lists of new events, which show their runs, no push is needed. */
  isPushed?: boolean;
  /** Called at most once, and not at all when nobody wants to know. */
  describe(): Run;
}

/** How a transition becomes known: its events within its transaction, all the rest after the commit. */
export function createRunNews({ bus, jobs, events, isWatched }: RunNewsDeps) {
  let pushed: { tx: Transaction; runs: Run[] } | null = null;

  /** All that one transaction changes is one push. */
  function push(tx: Transaction, run: Run): void {
    if (pushed?.tx !== tx) {
      const runs: Run[] = [];
      pushed = { tx, runs };
      tx.afterCommit(() => {
        pushed = null;
        bus.emit('runs.changed', runs);
      });
    }
    pushed.runs.push(run);
  }

  function tell(tx: Transaction, { types, depth, isPushed = true, describe }: Tale): void {
    let run: Run | null = null;
    if (isPushed && isWatched()) {
      run = describe();
      push(tx, run);
    }
    for (const type of types) {
      if (!isAlwaysStored(type) && !events.isHeard(type)) continue;
      run ??= describe();
      events.record(tx, runEvent(type, run, depth));
    }
  }

  /** As it is in the store after a transition of a run that is not in memory. */
  function tellStored(tx: Transaction, seq: number, types: readonly JobEventType[]): Run {
    const row = findRunBySeq(tx.db, seq);
    if (row === null) throw new Error(`the run with seq ${seq} is gone`);
    const run = toRun(row);
    tell(tx, { types, depth: row.depth, describe: () => run });
    return run;
  }

  return {
    tell,
    tellStored,
    queued(tx: Transaction, job: string): void {
      tx.afterCommit(() => {
        jobs.addWaiting(job, 1);
        bus.emit('run.queued', job);
      });
    },
    /** It leaves the queue otherwise than by a claim, which counts by itself. */
    unqueued(tx: Transaction, job: string): void {
      tx.afterCommit(() => jobs.addWaiting(job, -1));
    },
    waits(tx: Transaction, untilMs: number | null): void {
      if (untilMs !== null) tx.afterCommit(() => bus.emit('run.waits', untilMs));
    },
    /** `isFinal`: no attempt follows. */
    ended(tx: Transaction, { seq, job }: { seq: number; job: string }, end: RunEnd, isFinal: boolean): void {
      tx.afterCommit(() => {
        bus.emit('attempt.ended', seq, end);
        if (isFinal) bus.emit('run.ended', job, end.state);
      });
    },
  };
}

export type RunNews = ReturnType<typeof createRunNews>;
