import type { Question, Run } from '../../shared/contract/runs.ts';
import { approveRun, type Decision, expireWaiting, rejectRun } from '../store/runs/run-approvals.ts';
import { cancelWaiting, claimRun, queueDue, queueNow, storeProgress } from '../store/runs/run-claims.ts';
import { type Acknowledgement, acknowledgeRun, unacknowledgeRun } from '../store/runs/run-history.ts';
import { closeQuestion, openQuestion, type QuestionEnd } from '../store/runs/run-questions.ts';
import type { RunRow } from '../store/runs/run-rows.ts';
import type { Transaction } from '../store/write/writer.ts';
import { createAttemptEnds } from './attempt-ends.ts';
import { createFailureAnnouncer } from './failures/failure-announcer.ts';
import { createFailureGroups, type FailureGroupDeps } from './failures/failure-groups.ts';
import { createFailureOrders } from './failures/failure-orders.ts';
import { createRunAnnouncer, type RunAnnouncerDeps } from './run-announcer.ts';
import { canceledEnd } from './run-end.ts';
import { createRunPlanning } from './run-planning.ts';
import { describeRunning, type RunningRun } from './running-run.ts';

export interface RunLifecycleDeps extends RunAnnouncerDeps, Pick<FailureGroupDeps, 'resolves'> {
  nowMs(): number;
}

type ClaimedRow = RunningRun['row'] & Pick<RunRow, 'attempt'>;

/**
 * The life of a run, one function a transition; lifecycle.md draws it. run-planning.ts has how runs begin, attempt-ends.ts how
 * attempts end, this file what lies between and after. Each runs inside a transaction of the writer,
 * changes the run's row, records its events on the source `signalbox`, and announces the change after the commit.
 * A function returns null or false when the run is in a state its arrow does not start from; then nothing was written.
 */
export function createRunLifecycle(deps: RunLifecycleDeps) {
  const { events, nowMs } = deps;
  const announcer = createRunAnnouncer(deps);
  const { announceStored } = announcer;
  const failures = createFailureAnnouncer(deps);
  const groups = createFailureGroups({ ...deps, announcer, failures });

  /** completed, failed, canceled: an operator has seen it, and it leaves the inbox. */
  function acknowledge(tx: Transaction, run: RunRow, acknowledgement: Acknowledgement): Run | null {
    if (!acknowledgeRun(tx.db, run.seq, acknowledgement)) return null;
    if (run.failure !== null) groups.runAcknowledged(tx, run, acknowledgement);
    return announceStored(tx, run.seq, ['job:outcome-acknowledged']);
  }

  /** completed, failed, canceled: it returns to the inbox if its kind belongs there. */
  function unacknowledge(tx: Transaction, run: RunRow): Run | null {
    if (!unacknowledgeRun(tx.db, run.seq)) return null;
    if (run.failure !== null) groups.runUnacknowledged(tx, run, nowMs());
    return announceStored(tx, run.seq, []);
  }

  return {
    ...createRunPlanning(deps, announcer, groups),
    ...createAttemptEnds(announcer, groups),
    ...createFailureOrders({ groups, failures, acknowledgeRun: acknowledge, unacknowledgeRun: unacknowledge }),
    acknowledge,
    unacknowledge,
    /** Failures whose snooze has ended are open again. Returns how many. */
    wakeFailures: (tx: Transaction, limit: number): number => groups.wakeEnded(tx, nowMs(), limit),

    /** pending → queued */
    approve(tx: Transaction, { seq, job }: RunRow, decision: Decision, expiresAtMs: number | null): Run | null {
      if (!approveRun(tx.db, seq, decision, expiresAtMs)) return null;
      const run = announceStored(tx, seq, ['job:approved']);
      announcer.queued(tx, job);
      announcer.waits(tx, expiresAtMs);
      return run;
    },

    /** pending → canceled */
    reject(tx: Transaction, { seq, job }: RunRow, decision: Decision): Run | null {
      if (!rejectRun(tx.db, seq, decision)) return null;
      announcer.ended(tx, { seq, job }, canceledEnd('rejected'), true);
      return announceStored(tx, seq, ['job:rejected', 'job:canceled']);
    },

    /** pending, queued → canceled: they have waited too long. Returns how many. */
    expire(tx: Transaction, limit: number): number {
      const expired = expireWaiting(tx.db, nowMs(), limit);
      for (const { seq, job, state } of expired) {
        if (state === 'queued') announcer.unqueued(tx, job);
        announcer.ended(tx, { seq, job }, canceledEnd('expired'), true);
        announceStored(tx, seq, ['job:canceled']);
      }
      return expired.length;
    },

    /** pending, queued, scheduled → canceled; a running one ends when its processes have. */
    cancel(tx: Transaction, { seq, job, state }: RunRow): Run | null {
      if (!cancelWaiting(tx.db, seq, nowMs())) return null;
      if (state === 'queued') announcer.unqueued(tx, job);
      announcer.ended(tx, { seq, job }, canceledEnd('canceled'), true);
      return announceStored(tx, seq, ['job:canceled']);
    },

    /** queued → running. The caller counts it out of its queue: it claims many at a time. */
    claim(tx: Transaction, row: ClaimedRow, atMs: number): boolean {
      if (!claimRun(tx.db, row.seq, atMs)) return false;
      const attempt = row.attempt + 1;
      const describe = (): Run =>
        describeRunning({ row, attempt, startedAtMs: atMs, progress: null, steps: null, question: null });
      announcer.announce(tx, { types: ['job:ready'], depth: row.depth, describe });
      return true;
    },

    /** running, interaction_required: how far it is. */
    progress(tx: Transaction, run: RunningRun): boolean {
      const { row, attempt, progress, steps } = run;
      const text = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
      if (!storeProgress(tx.db, row.seq, attempt, text(progress), text(steps))) return false;
      announcer.announce(tx, {
        types: ['job:updated'],
        depth: row.depth,
        isPushed: false,
        describe: () => describeRunning(run),
      });
      return true;
    },

    /** running: an event of the run that its row does not show. */
    say(tx: Transaction, run: RunningRun, type: 'job:updated' | 'job:parts-completed'): void {
      announcer.announce(tx, {
        types: [type],
        depth: run.row.depth,
        isPushed: false,
        describe: () => describeRunning(run),
      });
    },

    /** running → interaction_required */
    ask(tx: Transaction, run: RunningRun, question: Question, askedAtMs: number): boolean {
      const { id, type, message } = question;
      const asked = { id, runSeq: run.row.seq, attempt: run.attempt, type, message, askedAtMs };
      if (!openQuestion(tx.db, { ...asked, question: JSON.stringify(question) })) return false;
      const describe = (): Run => describeRunning({ ...run, question });
      announcer.announce(tx, { types: ['job:interaction-required'], depth: run.row.depth, describe });
      return true;
    },

    /** interaction_required → running: an answer, or that there will be none. */
    answer(tx: Transaction, run: RunningRun, questionId: string, end: QuestionEnd): boolean {
      if (!closeQuestion(tx.db, run.row.seq, questionId, end)) return false;
      const describe = (): Run => describeRunning({ ...run, question: null });
      announcer.announce(tx, { types: [], depth: run.row.depth, describe });
      return true;
    },

    /** scheduled → queued: its time has come. Returns how many. */
    queueDue(tx: Transaction, limit: number): number {
      const due = queueDue(tx.db, nowMs(), limit);
      for (const { seq, job } of due) {
        if (deps.isWatched()) announceStored(tx, seq, []);
        announcer.queued(tx, job);
      }
      return due.length;
    },

    /** scheduled → queued: an operator does not want to wait. */
    queueNow(tx: Transaction, { seq, job }: RunRow): Run | null {
      if (!queueNow(tx.db, seq)) return null;
      announcer.queued(tx, job);
      return announceStored(tx, seq, []);
    },

    isHeard: events.isHeard,
  };
}

export type RunLifecycle = ReturnType<typeof createRunLifecycle>;
