import type { Run } from '../../shared/contract/runs.ts';
import { returnToPending } from '../store/runs/run-approvals.ts';
import { finishRun, requeueInterrupted, scheduleRetry } from '../store/runs/run-claims.ts';
import type { Transaction } from '../store/write/writer.ts';
import type { FailureGroups } from './failures/failure-groups.ts';
import type { RunAnnouncer } from './run-announcer.ts';
import { endOfAttempt } from './run-end.ts';
import { describeRunning, type EndedAttempt } from './running-run.ts';

/** How attempts end, and what follows; part of the lifecycle. */
export function createAttemptEnds(announcer: RunAnnouncer, failures: Pick<FailureGroups, 'record' | 'succeeded'>) {
  return {
    /** running, interaction_required → completed, failed, canceled. `hasDoneParts`: its end has completed its plan. */
    finish(tx: Transaction, ended: EndedAttempt, hasDoneParts = false): boolean {
      const { run, end, outcome } = ended;
      const { seq, depth } = run.row;
      const acknowledge = end.acknowledge ?? run.row.acknowledge;
      const wantsAttention = end.state === 'failed' || (end.state === 'completed' && acknowledge === 'required');
      if (!finishRun(tx.db, seq, run.attempt, end, wantsAttention)) return false;
      const failure =
        end.state === 'failed' ? failures.record(tx, run.row, { ...end, outcome, atMs: end.finishedAtMs }) : null;
      if (end.state === 'completed') failures.succeeded(tx, run.row, end.finishedAtMs);
      const { failureId = null, isInInbox = wantsAttention } = failure ?? {};
      announcer.ended(tx, run.row, endOfAttempt(ended), true);
      if (hasDoneParts) {
        const describe = (): Run => describeRunning({ ...run, question: null });
        announcer.announce(tx, { types: ['job:parts-completed'], depth, isPushed: false, describe });
      }
      const { state, reason, error, exitCode, signal, finishedAtMs } = end;
      const ending = { state, reason, error, exitCode, signal, finishedAtMs, outcome };
      const change = { ...ending, isInInbox, failureId, question: null };
      announcer.announce(tx, { types: [`job:${state}`], depth, describe: () => describeRunning(run, change) });
      return true;
    },

    /** running, interaction_required → scheduled: it has failed, and another attempt follows. */
    scheduleRetry(tx: Transaction, ended: EndedAttempt, dueAtMs: number): boolean {
      const { run, end, outcome } = ended;
      if (!scheduleRetry(tx.db, run.row.seq, run.attempt, end, dueAtMs)) return false;
      announcer.ended(tx, run.row, { ...endOfAttempt(ended), retryAtMs: dueAtMs }, false);
      announcer.waits(tx, dueAtMs);
      const { reason, error, exitCode, signal, finishedAtMs } = end;
      const ending = { reason, error, exitCode, signal, finishedAtMs, outcome };
      const cleared = { progress: null, steps: null, question: null, isInInbox: false };
      const describe = (): Run => describeRunning(run, { ...ending, ...cleared, state: 'scheduled', dueAtMs });
      announcer.announce(tx, { types: ['job:scheduled'], depth: run.row.depth, describe });
      return true;
    },

    /** running, interaction_required → queued: the app stopped during the attempt, which does not count. */
    requeue(tx: Transaction, ended: EndedAttempt): boolean {
      const { run, end } = ended;
      const { seq, job, attempts, depth } = run.row;
      if (!requeueInterrupted(tx.db, seq, end.error ?? '', end.finishedAtMs)) return false;
      announcer.ended(tx, run.row, endOfAttempt(ended), false);
      announcer.queued(tx, job);
      const cleared = { progress: null, steps: null, question: null, isInInbox: false, startedAtMs: null };
      const describe = (): Run => describeRunning(run, { ...cleared, state: 'queued', attempts: attempts + 1 });
      announcer.announce(tx, { types: [], depth, describe });
      return true;
    },

    /** running → pending: what was approved is not what would run now. Nothing was started; its attempt does not count. */
    returnToPending(tx: Transaction, ended: EndedAttempt, how: { note: string; expiresAtMs: number }): boolean {
      const { run } = ended;
      if (!returnToPending(tx.db, run.row.seq, run.attempt, how)) return false;
      announcer.ended(tx, run.row, endOfAttempt(ended), false);
      announcer.waits(tx, how.expiresAtMs);
      const undone = { attempt: run.attempt - 1, startedAtMs: null, decidedBy: null, decidedAtMs: null };
      const describe = (): Run => describeRunning(run, { ...undone, ...how, state: 'pending', isInInbox: true });
      announcer.announce(tx, { types: ['job:pending'], depth: run.row.depth, describe });
      return true;
    },
  };
}
