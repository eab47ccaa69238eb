import type { JobEventType } from '../../shared/contract/job-events.ts';
import type { Question, Run } from '../../shared/contract/runs.ts';
import { newId } from '../store/ids.ts';
import { findRunBySeq } from '../store/runs/find-run.ts';
import { insertRun, type NewRun } from '../store/runs/insert-run.ts';
import {
  approveRun,
  countPending,
  type Decision,
  expireWaiting,
  rejectRun,
  returnToPending,
} from '../store/runs/run-approvals.ts';
import {
  cancelWaiting,
  claimRun,
  finishRun,
  queueDue,
  queueNow,
  requeueInterrupted,
  scheduleRetry,
  storeProgress,
} from '../store/runs/run-claims.ts';
import {
  type Acknowledgement,
  acknowledgeRun,
  leaveInboxForRetry,
  nextRetryNo,
  unacknowledgeRun,
} from '../store/runs/run-history.ts';
import { closeQuestion, openQuestion, type QuestionEnd } from '../store/runs/run-questions.ts';
import { type RunRow, toRun } from '../store/runs/run-rows.ts';
import type { Transaction } from '../store/writer.ts';
import type { JobPlan } from './job-plans.ts';
import { describeNewRun, firstWait, noRoom, type PlannedEvent } from './new-run.ts';
import { canceledEnd, endOfAttempt } from './run-end.ts';
import { createRunNews, type RunNewsDeps } from './run-news.ts';
import { describeRunning, type EndedAttempt, type RunningRun } from './running-run.ts';

export interface RunLifecycleDeps extends RunNewsDeps {
  nowMs(): number;
}

/** What a listener that takes an event wants to run. */
export interface PlannedRun {
  listener: string;
  version: number;
  job: string;
  /** Its runs wait for an approval, whatever the job says. */
  needsApproval: boolean;
}

type ClaimedRow = RunningRun['row'] & Pick<RunRow, 'attempt'>;

/**
 * The life of a run, one function a transition; lifecycle.md draws it. Each runs inside a transaction of the writer,
 * changes the run's row, records what that is told as on the source `signalbox`, and announces it after the commit.
 * A function answers null or false where its arrow does not start at the state the run is in: then nothing was written.
 */
export function createRunLifecycle(deps: RunLifecycleDeps) {
  const { jobs, events, nowMs } = deps;
  const news = createRunNews(deps);

  /** As it is in the store after a transition of a run that is not in memory. */
  function tellStored(tx: Transaction, seq: number, types: readonly JobEventType[]): Run {
    const row = findRunBySeq(tx.db, seq);
    if (row === null) throw new Error(`the run with seq ${seq} is gone`);
    const run = toRun(row);
    news.tell(tx, { types, depth: row.depth, describe: () => run });
    return run;
  }

  function add(
    tx: Transaction,
    event: PlannedEvent,
    run: NewRun,
    how: { types: readonly JobEventType[]; isPushed: boolean },
  ): Run | null {
    const seq = insertRun(tx.db, run);
    if (seq === 0) return null;
    const described = describeNewRun(run, event);
    news.tell(tx, { ...how, depth: run.depth, describe: () => described });
    if (run.state === 'queued') news.queued(tx, run.job);
    if (run.state === 'failed') {
      const { reason, error } = run;
      news.ended(tx, { seq, job: run.job }, { state: 'failed', reason, error, outcome: null, retryAtMs: null }, true);
    }
    news.waits(tx, run.expiresAtMs);
    return described;
  }

  const created = (state: NewRun['state']): JobEventType[] =>
    state === 'pending' ? ['job:created', 'job:pending'] : ['job:created'];

  return {
    /** → pending, queued; → failed without room: as many may wait for approval as may wait in the job's queue. */
    plan(tx: Transaction, event: PlannedEvent, { listener, version, job: slug, ...asked }: PlannedRun): void {
      const job = jobs.plan(slug);
      if (job === null) return;
      const atMs = nowMs();
      const needsApproval = asked.needsApproval || job.approval === 'required';
      const isFull = (needsApproval ? countPending(tx.db, slug) : jobs.waiting(slug)) >= job.queue;
      const standing = isFull ? noRoom(slug, job, needsApproval) : firstWait(job, needsApproval, atMs);
      // Runs that were started by such news say nothing of their own planning: a listener on `job:*` would feed on itself.
      const isOfNews = event.source === 'signalbox' && event.type.startsWith('job:');
      const types: JobEventType[] = isOfNews ? [] : created(standing.state);
      const run: NewRun = {
        id: newId('run', atMs),
        eventSeq: event.seq,
        listener,
        listenerVersion: version,
        job: slug,
        retryNo: 0,
        retryOf: null,
        attempts: job.attempts,
        queuedAtMs: atMs,
        acknowledge: job.acknowledge,
        depth: event.depth,
        mode: job.mode,
        ...standing,
      };
      const how = { types: isFull ? ['job:failed' as const, ...types] : types, isPushed: run.state !== 'queued' };
      if (add(tx, event, run, how) !== null) {
        tx.afterCommit(() => deps.bus.emit('listener.matched', listener, atMs));
      }
    },

    /** → pending, queued: an operator tries a job. */
    test(tx: Transaction, event: PlannedEvent, slug: string, job: JobPlan): Run | null {
      const atMs = nowMs();
      const standing = firstWait(job, job.approval === 'required', atMs);
      const run: NewRun = {
        id: newId('run', atMs),
        eventSeq: event.seq,
        listener: null,
        listenerVersion: null,
        job: slug,
        retryNo: 0,
        retryOf: null,
        // Whoever tries a job wants to see the first failure, not wait for the last.
        attempts: 1,
        queuedAtMs: atMs,
        acknowledge: 'none',
        depth: 0,
        mode: job.mode,
        ...standing,
      };
      return add(tx, event, run, { types: created(standing.state), isPushed: true });
    },

    /** pending → queued */
    approve(tx: Transaction, { seq, job }: RunRow, decision: Decision, expiresAtMs: number | null): Run | null {
      if (!approveRun(tx.db, seq, decision, expiresAtMs)) return null;
      const run = tellStored(tx, seq, ['job:approved']);
      news.queued(tx, job);
      news.waits(tx, expiresAtMs);
      return run;
    },

    /** pending → canceled */
    reject(tx: Transaction, { seq, job }: RunRow, decision: Decision): Run | null {
      if (!rejectRun(tx.db, seq, decision)) return null;
      news.ended(tx, { seq, job }, canceledEnd('rejected'), true);
      return tellStored(tx, seq, ['job:rejected', 'job:canceled']);
    },

    /** pending, queued → canceled: they have waited too long. Answers how many. */
    expire(tx: Transaction, limit: number): number {
      const expired = expireWaiting(tx.db, nowMs(), limit);
      for (const { seq, job, state } of expired) {
        if (state === 'queued') news.unqueued(tx, job);
        news.ended(tx, { seq, job }, canceledEnd('expired'), true);
        tellStored(tx, seq, ['job:canceled']);
      }
      return expired.length;
    },

    /** pending, queued, scheduled → canceled; a running one ends when its processes have. */
    cancel(tx: Transaction, { seq, job, state }: RunRow): Run | null {
      if (!cancelWaiting(tx.db, seq, nowMs())) return null;
      if (state === 'queued') news.unqueued(tx, job);
      news.ended(tx, { seq, job }, canceledEnd('canceled'), true);
      return tellStored(tx, seq, ['job:canceled']);
    },

    /** queued → running. The caller counts it out of its queue: it claims many at a time. */
    claim(tx: Transaction, row: ClaimedRow, atMs: number): boolean {
      if (!claimRun(tx.db, row.seq, atMs)) return false;
      const attempt = row.attempt + 1;
      const describe = (): Run =>
        describeRunning({ row, attempt, startedAtMs: atMs, progress: null, steps: null, question: null });
      news.tell(tx, { types: ['job:ready'], depth: row.depth, describe });
      return true;
    },

    /** running, interaction_required: how far it is. */
    progress(tx: Transaction, run: RunningRun): boolean {
      const { row, attempt, progress, steps } = run;
      const text = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
      if (!storeProgress(tx.db, row.seq, attempt, text(progress), text(steps))) return false;
      news.tell(tx, {
        types: ['job:updated'],
        depth: row.depth,
        isPushed: false,
        describe: () => describeRunning(run),
      });
      return true;
    },

    /** running: what it says of itself, which its row does not show. */
    say(tx: Transaction, run: RunningRun, type: 'job:updated' | 'job:parts-completed'): void {
      news.tell(tx, { types: [type], depth: run.row.depth, isPushed: false, describe: () => describeRunning(run) });
    },

    /** running → interaction_required */
    ask(tx: Transaction, run: RunningRun, question: Question, askedAtMs: number): boolean {
      const { id, type, message } = question;
      const asked = { id, runSeq: run.row.seq, attempt: run.attempt, type, message, askedAtMs };
      if (!openQuestion(tx.db, { ...asked, question: JSON.stringify(question) })) return false;
      const describe = (): Run => describeRunning({ ...run, question });
      news.tell(tx, { types: ['job:interaction-required'], depth: run.row.depth, describe });
      return true;
    },

    /** interaction_required → running: an answer, or that there will be none. */
    answer(tx: Transaction, run: RunningRun, questionId: string, end: QuestionEnd): boolean {
      if (!closeQuestion(tx.db, run.row.seq, questionId, end)) return false;
      const describe = (): Run => describeRunning({ ...run, question: null });
      news.tell(tx, { types: [], depth: run.row.depth, describe });
      return true;
    },

    /** running, interaction_required → completed, failed, canceled. `hasDoneParts`: its end has completed its plan. */
    finish(tx: Transaction, ended: EndedAttempt, hasDoneParts = false): boolean {
      const { run, end, outcome } = ended;
      const { seq, depth } = run.row;
      const acknowledge = end.acknowledge ?? run.row.acknowledge;
      const isInInbox = end.state === 'failed' || (end.state === 'completed' && acknowledge === 'required');
      if (!finishRun(tx.db, seq, run.attempt, end, isInInbox)) return false;
      news.ended(tx, run.row, endOfAttempt(ended), true);
      if (hasDoneParts) {
        const describe = (): Run => describeRunning({ ...run, question: null });
        news.tell(tx, { types: ['job:parts-completed'], depth, isPushed: false, describe });
      }
      const { state, reason, error, exitCode, signal, finishedAtMs } = end;
      const change = { state, reason, error, exitCode, signal, finishedAtMs, outcome, isInInbox, question: null };
      news.tell(tx, { types: [`job:${state}`], depth, describe: () => describeRunning(run, change) });
      return true;
    },

    /** running, interaction_required → scheduled: it has failed, and another attempt follows. */
    scheduleRetry(tx: Transaction, ended: EndedAttempt, dueAtMs: number): boolean {
      const { run, end, outcome } = ended;
      if (!scheduleRetry(tx.db, run.row.seq, run.attempt, end, dueAtMs)) return false;
      news.ended(tx, run.row, { ...endOfAttempt(ended), retryAtMs: dueAtMs }, false);
      news.waits(tx, dueAtMs);
      const { reason, error, exitCode, signal, finishedAtMs } = end;
      const ending = { reason, error, exitCode, signal, finishedAtMs, outcome };
      const cleared = { progress: null, steps: null, question: null, isInInbox: false };
      const describe = (): Run => describeRunning(run, { ...ending, ...cleared, state: 'scheduled', dueAtMs });
      news.tell(tx, { types: ['job:scheduled'], depth: run.row.depth, describe });
      return true;
    },

    /** running, interaction_required → queued: the end of the app has cut it short, which is not its fault. */
    requeue(tx: Transaction, ended: EndedAttempt): boolean {
      const { run, end } = ended;
      const { seq, job, attempts, depth } = run.row;
      if (!requeueInterrupted(tx.db, seq, end.error ?? '', end.finishedAtMs)) return false;
      news.ended(tx, run.row, endOfAttempt(ended), false);
      news.queued(tx, job);
      const cleared = { progress: null, steps: null, question: null, isInInbox: false, startedAtMs: null };
      const describe = (): Run => describeRunning(run, { ...cleared, state: 'queued', attempts: attempts + 1 });
      news.tell(tx, { types: [], depth, describe });
      return true;
    },

    /** running → pending: what was approved is not what would run now. Nothing was started; its attempt does not count. */
    returnToPending(tx: Transaction, ended: EndedAttempt, how: { note: string; expiresAtMs: number }): boolean {
      const { run } = ended;
      if (!returnToPending(tx.db, run.row.seq, run.attempt, how)) return false;
      news.ended(tx, run.row, endOfAttempt(ended), false);
      news.waits(tx, how.expiresAtMs);
      const undone = { attempt: run.attempt - 1, startedAtMs: null, decidedBy: null, decidedAtMs: null };
      const describe = (): Run => describeRunning(run, { ...undone, ...how, state: 'pending', isInInbox: true });
      news.tell(tx, { types: ['job:pending'], depth: run.row.depth, describe });
      return true;
    },

    /** scheduled → queued: its time has come. Answers how many. */
    queueDue(tx: Transaction, limit: number): number {
      const due = queueDue(tx.db, nowMs(), limit);
      for (const { seq, job } of due) {
        if (deps.isWatched()) tellStored(tx, seq, []);
        news.queued(tx, job);
      }
      return due.length;
    },

    /** scheduled → queued: an operator does not want to wait. */
    queueNow(tx: Transaction, { seq, job }: RunRow): Run | null {
      if (!queueNow(tx.db, seq)) return null;
      news.queued(tx, job);
      return tellStored(tx, seq, []);
    },

    /** completed, failed, canceled: another run, pending or queued, takes its place in the inbox. */
    retry(tx: Transaction, row: RunRow, job: JobPlan): Run | null {
      if (row.state !== 'completed' && row.state !== 'failed' && row.state !== 'canceled') return null;
      const atMs = nowMs();
      const standing = firstWait(job, row.needs_approval === 1 || job.approval === 'required', atMs);
      const run: NewRun = {
        id: newId('run', atMs),
        eventSeq: row.event_seq,
        listener: row.listener,
        listenerVersion: null,
        job: row.job,
        retryNo: nextRetryNo(tx.db, row),
        retryOf: row.id,
        attempts: job.attempts,
        queuedAtMs: atMs,
        acknowledge: job.acknowledge,
        depth: row.depth,
        mode: job.mode,
        ...standing,
      };
      const { event_seq: seq, event_id: id, event_type: type, source, depth } = row;
      const retry = add(tx, { seq, id, type, source, depth }, run, { types: created(standing.state), isPushed: true });
      leaveInboxForRetry(tx.db, row.seq, `Retried as ${run.id}`);
      tellStored(tx, row.seq, []);
      return retry;
    },

    /** completed, failed, canceled: an operator has seen it, and it leaves the inbox. */
    acknowledge(tx: Transaction, { seq }: RunRow, acknowledgement: Acknowledgement): Run | null {
      if (!acknowledgeRun(tx.db, seq, acknowledgement)) return null;
      return tellStored(tx, seq, ['job:outcome-acknowledged']);
    },

    /** completed, failed, canceled: it returns to the inbox if its kind belongs there. */
    unacknowledge(tx: Transaction, { seq }: RunRow): Run | null {
      return unacknowledgeRun(tx.db, seq) ? tellStored(tx, seq, []) : null;
    },

    isHeard: events.isHeard,
  };
}

export type RunLifecycle = ReturnType<typeof createRunLifecycle>;
