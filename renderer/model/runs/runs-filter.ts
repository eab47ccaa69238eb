import { type Run, type RunState, runStates } from '../../../shared/contract/runs.ts';
import { parseQuery } from '../../../shared/query/parse-query.ts';
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

/** The filter in the address; states that there are not are left out. */
export function readRunsFilter(search: URLSearchParams): RunsFilter {
  const named = (search.get('state') ?? '').split(',');
  const state = runStates.filter((one) => named.includes(one));
  return chooseJob(state.length === 0 ? {} : { state }, search.get('job'));
}

const asFlag = (state: RunState): string => state.replace('_', '-');

/** States that the query itself asks for, by `is:` or `state:`. */
export function statesInQuery(text: string): RunState[] {
  const parsed = parseQuery(text);
  if (!parsed.ok) return [];
  const { is, states } = parsed.query;
  return runStates.filter(
    (state) =>
      is.some(({ flag, negated }) => !negated && flag === asFlag(state)) ||
      states.some(({ values, negated }) => !negated && values.includes(state)),
  );
}

/** The query without what it says of a state: a lit chip was pressed. */
export function withoutState(text: string, state: RunState): string {
  const terms = text.match(/(?:"(?:[^"\\]|\\.)*"?|[^\s"])+/g) ?? [];
  return terms
    .flatMap((term) => {
      if (term === `is:${asFlag(state)}`) return [];
      if (!term.startsWith('state:')) return [term];
      const others = term
        .slice('state:'.length)
        .split(',')
        .filter((one) => one !== state);
      return others.length === 0 ? [] : [`state:${others.join(',')}`];
    })
    .join(' ');
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
