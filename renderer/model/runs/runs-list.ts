import type { Run } from '../../../shared/contract/runs.ts';
import { call, onPush } from '../../client/index.ts';
import { idBatches } from '../calls/id-batches.ts';
import { createPagedList } from '../calls/paged-list.ts';
import { belongsToRuns, type RunsFilter } from './runs-filter.ts';

export const runsList = createPagedList<Run, RunsFilter>({
  fetch: (input) => call('runs.list', input),
  keyOf: (run) => run.id,
  accepts: belongsToRuns,
  params: {},
  maxRows: 5000,
  pageSize: 100,
});

export function followRuns(): () => void {
  const stops = [
    runsList.subscribe(),
    onPush('runs.changed', ({ items }) => runsList.push(items)),
    onPush('runs.progressed', ({ items }) => {
      for (const { id, progress, steps } of items)
        runsList.update(id, (run) => ({ ...run, progress, steps: steps === undefined ? run.steps : steps }));
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/**
 * What a call has answered about a run. Its end may have been pushed before the answer came, and no answer takes that
 * back.
 */
function receiveAnswer(run: Run): void {
  const known = runsList.get().items.find(({ id }) => id === run.id);
  if (known === undefined || known.finishedAt === null) runsList.push([run]);
}

/** Ends the run's whole process tree; the answer is the run as it then stands. */
export async function cancelRun(id: string): Promise<Run> {
  const run = await call('runs.cancel', { id });
  receiveAnswer(run);
  return run;
}

export interface ManyDone {
  /** How many. */
  items: number;
  skipped: { id: string; reason: string }[];
}

async function eachBatch(name: 'runs.retryMany' | 'runs.cancelMany', ids: readonly string[]): Promise<ManyDone> {
  const done: ManyDone = { items: 0, skipped: [] };
  for (const part of idBatches(ids)) {
    const { items, skipped } = await call(name, { ids: part });
    for (const run of items) receiveAnswer(run);
    done.items += items.length;
    done.skipped.push(...skipped);
  }
  return done;
}

/** A new run for each of these that has ended. */
export const retryRuns = (ids: readonly string[]): Promise<ManyDone> => eachBatch('runs.retryMany', ids);

/** Ends each of these that has not ended. */
export const cancelRuns = (ids: readonly string[]): Promise<ManyDone> => eachBatch('runs.cancelMany', ids);

/** Starts a new run for the same event and listener. */
export async function retryRun(id: string): Promise<Run> {
  const run = await call('runs.retry', { id });
  receiveAnswer(run);
  return run;
}
