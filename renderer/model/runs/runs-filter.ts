import type { Run, RunState } from '../../../shared/contract/runs.ts';
import type { Belongs } from '../calls/paged-list-state.ts';

export interface RunsFilter {
  state?: RunState[];
  job?: string;
}

/** Whether a changed run belongs to the list; a query is for the far side to judge. */
export function belongsToRuns(run: Run, filter: { query: string; params: RunsFilter }): Belongs {
  const { state, job } = filter.params;
  if (state !== undefined && !state.includes(run.state)) return 'no';
  if (job !== undefined && job !== run.job) return 'no';
  return filter.query.trim() === '' ? 'yes' : 'unknown';
}

/** A chip was pressed: adds or takes away a state; none and all are the same. */
export function toggleState(filter: RunsFilter, state: RunState, all: readonly RunState[]): RunsFilter {
  const { state: states = [], ...rest } = filter;
  const next = states.includes(state)
    ? states.filter((one) => one !== state)
    : all.filter((one) => one === state || states.includes(one));
  return next.length === 0 || next.length === all.length ? rest : { ...rest, state: next };
}

export function chooseJob(filter: RunsFilter, job: string | null): RunsFilter {
  const { job: _former, ...rest } = filter;
  return job === null || job === '' ? rest : { ...rest, job };
}

export const isFinished = (state: RunState): boolean =>
  state === 'completed' || state === 'failed' || state === 'canceled';
