import { AppError } from '../../../shared/contract/errors.ts';
import type { Run } from '../../../shared/contract/runs.ts';
import { missingJob } from '../../runs/missing-job.ts';
import { mustFindRun } from '../../runs/must-find-run.ts';
import { toRun } from '../../store/runs/run-rows.ts';
import type { Transaction } from '../../store/write/writer.ts';
import type { ClaimLoop } from '../queue/claim-loop.ts';
import type { RunAttempts } from '../run/run-attempts.ts';
import type { JobRunnerDeps } from '../run/runner-deps.ts';
import { createDecisions } from './decisions.ts';
import type { JobRunner, ManyRuns } from './runner-types.ts';
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
  | 'cancelMany'
  | 'retryMany'
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

  /** Null: it runs, and its processes must end first. */
  function cancelIn(tx: Transaction, id: string): Run | null {
    const row = mustFindRun(tx.db, id);
    if (row.state === 'running' || row.state === 'interaction_required') return null;
    const run = lifecycle.cancel(tx, row);
    if (run !== null) return run;
    throw wrongState(id, `${row.state} already; only a run that has not ended can be canceled`);
  }

  function stopRunning(id: string): Run {
    const row = mustFindRun(db, id);
    const run = loop.find(row.seq);
    if (run !== null) attempts.stop(run, { reason: 'canceled', error: null }, 'Canceled. Ending the run.');
    return toRun(row);
  }

  function retryIn(tx: Transaction, id: string): Run {
    const row = mustFindRun(tx.db, id);
    const queued = lifecycle.queueNow(tx, row);
    if (queued !== null) return queued;
    const hasEnded = row.state === 'completed' || row.state === 'failed' || row.state === 'canceled';
    const job = catalog.get(row.job);
    if (hasEnded && job === null) {
      throw missingJob(
        catalog,
        row.job,
        `The job ${row.job} of this run was removed; create it again to retry the run.`,
      );
    }
    const retry = job === null ? null : lifecycle.retry(tx, row, job);
    if (retry === null) throw wrongState(id, `${row.state}; it can be retried once it has ended`);
    return retry;
  }

  return {
    ...createDecisions(deps),
    async cancel(id) {
      const canceled = await writer.write((tx) => cancelIn(tx, id));
      return canceled ?? stopRunning(id);
    },
    retry: (id) => writer.write((tx) => retryIn(tx, id)),
    async cancelMany(ids) {
      const many = await writer.write((tx) => eachOf(ids, (id) => ({ id, run: cancelIn(tx, id) })));
      return { ...many, items: many.items.map(({ id, run }) => run ?? stopRunning(id)) };
    },
    retryMany: (ids) => writer.write((tx) => eachOf(ids, (id) => retryIn(tx, id))),
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

/** The order for each of them; those whose order is refused, which has written nothing, are left out. */
function eachOf<T>(ids: readonly string[], order: (id: string) => T): { items: T[]; skipped: ManyRuns['skipped'] } {
  const items: T[] = [];
  const skipped: ManyRuns['skipped'] = [];
  for (const id of new Set(ids)) {
    try {
      items.push(order(id));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      skipped.push({ id, reason: error.message });
    }
  }
  return { items, skipped };
}

const wrongState = (id: string, what: string): AppError => new AppError('wrong_state', `The run ${id} is ${what}.`);
