import { AppError } from '../../../shared/contract/errors.ts';
import type { Run } from '../../../shared/contract/runs.ts';
import { mustFindRun } from '../../runs/must-find-run.ts';
import { toRun } from '../../store/runs/run-rows.ts';
import type { ClaimLoop } from '../queue/claim-loop.ts';
import type { RunAttempts } from '../run/run-attempts.ts';
import type { JobRunnerDeps } from '../run/runner-deps.ts';
import { createDecisions } from './decisions.ts';
import type { JobRunner } from './runner-types.ts';
import { planTestRun } from './test-run.ts';

export type RunOrders = Pick<
  JobRunner,
  | 'approval'
  | 'approvalDigest'
  | 'approvalRefusal'
  | 'approve'
  | 'reject'
  | 'cancel'
  | 'retry'
  | 'testRun'
  | 'acknowledge'
  | 'unacknowledge'
>;

export interface RunOrderDeps extends Pick<JobRunnerDeps, 'db' | 'writer' | 'catalog' | 'lifecycle' | 'dataDir'> {
  nowMs: () => number;
  loop: ClaimLoop;
  attempts: RunAttempts;
}

/** What operators decide about runs. */
export function createRunOrders(deps: RunOrderDeps): RunOrders {
  const { db, writer, catalog, lifecycle, nowMs, loop, attempts } = deps;
  return {
    ...createDecisions(deps),
    async cancel(id) {
      const canceled = await writer.write((tx): Run | null => {
        const row = mustFindRun(tx.db, id);
        // Its processes must end first.
        if (row.state === 'running' || row.state === 'interaction_required') return null;
        const run = lifecycle.cancel(tx, row);
        if (run !== null) return run;
        throw wrongState(id, `${row.state} already; only a run that has not ended can be canceled`);
      });
      if (canceled !== null) return canceled;
      const row = mustFindRun(db, id);
      const run = loop.find(row.seq);
      if (run !== null) attempts.stop(run, { reason: 'canceled', error: null }, 'Canceled. Ending the run.');
      return toRun(row);
    },
    retry: (id) =>
      writer.write((tx) => {
        const row = mustFindRun(tx.db, id);
        const queued = lifecycle.queueNow(tx, row);
        if (queued !== null) return queued;
        const hasEnded = row.state === 'completed' || row.state === 'failed' || row.state === 'canceled';
        const job = catalog.get(row.job);
        if (hasEnded && job === null) {
          throw new AppError(
            'not_found',
            `The job ${row.job} of this run was removed; create it again to retry the run.`,
          );
        }
        const retry = job === null ? null : lifecycle.retry(tx, row, job);
        if (retry === null) throw wrongState(id, `${row.state}; it can be retried once it has ended`);
        return retry;
      }),
    async testRun(input) {
      const run = await writer.write((tx) => planTestRun(tx, input, nowMs(), { catalog, lifecycle }));
      return { runId: run.id, eventId: run.eventId };
    },
    acknowledge: ({ ids, by, note }) =>
      writer.write((tx) =>
        ids.map((id) => {
          const row = mustFindRun(tx.db, id);
          const run = lifecycle.acknowledge(tx, row, { atMs: nowMs(), by, note });
          // Already acknowledged by another operator: not an error, and the run shows by whom.
          if (run === null && row.acknowledged_at === null) {
            throw wrongState(id, `${row.state}; only a run that has ended can be acknowledged`);
          }
          return run ?? toRun(row);
        }),
      ),
    unacknowledge: (ids) =>
      writer.write((tx) =>
        ids.map((id) => {
          const row = mustFindRun(tx.db, id);
          return lifecycle.unacknowledge(tx, row) ?? toRun(row);
        }),
      ),
  };
}

const wrongState = (id: string, what: string): AppError => new AppError('wrong_state', `The run ${id} is ${what}.`);
