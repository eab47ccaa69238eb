import type { JobEventType } from '../../shared/contract/job-events.ts';
import type { Run } from '../../shared/contract/runs.ts';
import { findRunBySeq } from '../store/runs/find-run.ts';
import { toRun } from '../store/runs/run-rows.ts';
import type { Transaction } from '../store/write/writer.ts';
import type { Bus } from './announcements.ts';
import type { JobPlans } from './job-plans.ts';
import type { RunEnd } from './run-end.ts';
import { isAlwaysStored, type OwnEventDraft, runEvent } from './run-event.ts';

/** Events of the built-in source. */
export interface OwnEvents {
  /** Whether an active listener could take this type from `signalbox`; a type that none could take is not stored. */
  isHeard(type: JobEventType): boolean;
  record(tx: Transaction, draft: OwnEventDraft): void;
}

export interface RunAnnouncerDeps {
  bus: Bus;
  jobs: JobPlans;
  events: OwnEvents;
  /** Whether a client watches runs; if none does, no run is described for a push. */
  isWatched(): boolean;
}

interface RunChange {
  types: readonly JobEventType[];
  /** Of the run's own event. */
  depth: number;
  /** False where no push is needed: lists of new events show their runs. */
  isPushed?: boolean;
  /** Called at most once, and only if an event or a push needs it. */
  describe(): Run;
}

/** Announces a transition: its events within the transaction, everything else after the commit. */
export function createRunAnnouncer({ bus, jobs, events, isWatched }: RunAnnouncerDeps) {
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

  function announce(tx: Transaction, { types, depth, isPushed = true, describe }: RunChange): void {
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
  function announceStored(tx: Transaction, seq: number, types: readonly JobEventType[]): Run {
    const row = findRunBySeq(tx.db, seq);
    if (row === null) throw new Error(`the run with seq ${seq} is gone`);
    const run = toRun(row);
    announce(tx, { types, depth: row.depth, describe: () => run });
    return run;
  }

  return {
    announce,
    announceStored,
    queued(tx: Transaction, job: string): void {
      bus.emit('run.queuing', job);
      tx.afterCommit(() => {
        jobs.addWaiting(job, 1);
        bus.emit('run.queued', job);
      });
    },
    /** It leaves the queue other than by a claim; claims do their own counting. */
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

export type RunAnnouncer = ReturnType<typeof createRunAnnouncer>;
