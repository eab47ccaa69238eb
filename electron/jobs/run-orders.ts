import type { Run } from '../../shared/contract/runs.ts';
import type { RunEnd } from '../runs/run-end.ts';
import type { WritableDb } from '../store/open.ts';
import { nextExpiryAt } from '../store/runs/run-approvals.ts';
import { toRun } from '../store/runs/run-rows.ts';
import { approveInDb, type DecisionInput, plansFor, readApproval, rejectInDb } from './approvals.ts';
import type { ClaimLoop } from './claim-loop.ts';
import type { RunAttempts } from './run-attempts.ts';
import { type Changed, cancelInDb, mustFindRun, retryInDb, testInDb } from './run-operations.ts';
import type { RunPlan } from './run-plan.ts';
import type { JobRunner, JobRunnerDeps } from './runner-types.ts';

const canceledEnd: RunEnd = { state: 'canceled', reason: 'canceled', error: null, outcome: null, retryAtMs: null };

export type RunOrders = Pick<JobRunner, 'approval' | 'approve' | 'reject' | 'cancel' | 'retry' | 'testRun'>;

export interface RunOrderParts {
  nowMs: () => number;
  loop: ClaimLoop;
  attempts: RunAttempts;
  /** Something becomes due then. */
  expect(atMs: number): void;
}

/** What operators decide about runs: written first, then told to those who watch and to the claim loop. */
export function createRunOrders(deps: JobRunnerDeps, { nowMs, loop, attempts, expect }: RunOrderParts): RunOrders {
  const { db, writer, intake, hasListeners, onRunsChanged } = deps;

  function tell({ run, also, planned, queued }: Changed): Run {
    if (hasListeners()) onRunsChanged([run, ...also]);
    for (const one of planned) intake.announce(one);
    if (queued !== null) loop.wake([queued]);
    return run;
  }

  async function decide(
    input: DecisionInput,
    write: (handle: WritableDb, plans: ReadonlyMap<string, RunPlan>) => Changed[],
  ): Promise<Run[]> {
    const plans = await plansFor(db, input, deps);
    const changed = await writer.write(({ db: handle }) => write(handle, plans));
    const runs = changed.map(tell);
    // Approved runs may have to start within a time.
    const next = nextExpiryAt(db);
    if (next !== null) expect(next);
    return runs;
  }

  return {
    approval: (id) => readApproval(db, id, deps),
    approve: (input) => decide(input, (handle, plans) => approveInDb(handle, input, plans, nowMs(), deps)),
    async reject(input) {
      const runs = await decide(input, (handle, plans) => rejectInDb(handle, input, plans, nowMs(), deps));
      for (const { id } of runs) loop.tellEnd(mustFindRun(db, id).seq, { ...canceledEnd, reason: 'rejected' });
      return runs;
    },
    async cancel(id) {
      const changed = await writer.write(({ db: handle }) => cancelInDb(handle, id, nowMs(), deps));
      const row = mustFindRun(db, id);
      if (changed !== null) {
        loop.tellEnd(row.seq, canceledEnd);
        return tell(changed);
      }
      const run = loop.find(row.seq);
      if (run !== null) attempts.stop(run, { reason: 'canceled', error: null }, 'Canceled: ending it.');
      return toRun(row);
    },
    retry: async (id) => tell(await writer.write(({ db: handle }) => retryInDb(handle, id, nowMs(), deps))),
    async testRun(input) {
      const run = tell(await writer.write(({ db: handle }) => testInDb(handle, input, nowMs(), deps)));
      return { runId: run.id, eventId: run.eventId };
    },
  };
}
