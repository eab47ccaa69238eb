import { AppError } from '../../../shared/contract/errors.ts';
import type { Run } from '../../../shared/contract/runs.ts';
import type { JobPlans } from '../../runs/job-plans.ts';
import { missingJob } from '../../runs/missing-job.ts';
import { clearIgnored, readEventRow } from '../../store/events/events.ts';
import { findPlannedRun } from '../../store/runs/find-run.ts';
import { toRun } from '../../store/runs/run-rows.ts';
import { assertStartsRuns, type ReplayDeps } from './replay.ts';

/**
 * Gives stored events to a listener: a run is planned for the event itself, whatever the listener's type and conditions
 * say. Asked twice, it answers the run of the first time. Throws AppError.
 */
export async function assignEvents(
  deps: ReplayDeps & { jobs: JobPlans },
  { ids, listener }: { ids: readonly string[]; listener: string },
): Promise<Run[]> {
  const match = deps.listeners.find(listener);
  if (match === null) throw new AppError('not_found', `There is no active listener ${listener}.`);
  assertStartsRuns(match);
  if (deps.jobs.plan(match.job) === null) {
    throw missingJob(deps.jobs, match.job, `The job ${match.job} of the listener ${listener} does not exist.`);
  }
  if (deps.shared !== undefined) return await deps.shared.assign({ ids, listener });
  return await deps.writer.write((tx) => {
    const seqs = ids.map((id) => {
      const row = readEventRow(tx.db, id);
      if (row === null)
        throw new AppError('not_found', `There is no event ${id}; it may have been removed by retention.`);
      const { seq, source, type, depth } = row;
      // Without a run of before: it may have been planned when the listener gathered other events, or none.
      if (findPlannedRun(tx.db, id, listener) === null) deps.plan(tx, { seq, id, source, type, depth }, match);
      clearIgnored(tx.db, seq);
      return seq;
    });
    // What is given by hand is gathered with nothing that is yet to come.
    for (const seq of seqs) deps.closeBatchOf(tx, seq, listener);
    return ids.map((id) => {
      const run = findPlannedRun(tx.db, id, listener);
      if (run === null) throw new Error(`no run was planned for ${id}`);
      return toRun(run);
    });
  });
}
