import { type Run, type RunState, runStates } from '../../../shared/contract/runs.ts';
import { parseQuery, queryTerms } from '../../../shared/query/parse-query.ts';
import type { Query } from '../../../shared/query/query.ts';
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

/** The filter in the address; unknown states are left out. */
export function readRunsFilter(search: URLSearchParams): RunsFilter {
  const named = (search.get('state') ?? '').split(',');
  const state = runStates.filter((one) => named.includes(one));
  return chooseJob(state.length === 0 ? {} : { state }, search.get('job'));
}

/** Query and filters as one query, for a view that is saved. */
export const queryOfFilter = (query: string, { state, job }: RunsFilter): string =>
  [query, state === undefined ? '' : `state:${state.join(',')}`, job === undefined ? '' : `job:${job}`]
    .filter((term) => term !== '')
    .join(' ');

const asFlag = (state: RunState): string => state.replace('_', '-');

const selects = ({ is, states }: Query, state: RunState): boolean =>
  is.some(({ flag, negated }) => !negated && flag === asFlag(state)) ||
  states.some(({ values, negated }) => !negated && values.includes(state));

/** States that the query itself selects, by `is:` or `state:`. */
export function statesInQuery(text: string): RunState[] {
  const parsed = parseQuery(text);
  return parsed.ok ? runStates.filter((state) => selects(parsed.query, state)) : [];
}

/** Whether the query asks for failed runs that nothing was done about. */
export function asksUnresolved(text: string): boolean {
  const parsed = parseQuery(text);
  return parsed.ok && parsed.query.is.some(({ flag, negated }) => flag === 'unresolved' && !negated);
}

/** The query without this term; text that is not a query stays unchanged. */
export const withoutTerm = (text: string, term: string): string =>
  queryTerms(text)
    ?.filter((one) => one !== term)
    .join(' ') ?? text;

/** The query without its terms that select the state; text that is not a query stays unchanged. */
export function withoutState(text: string, state: RunState): string {
  const terms = queryTerms(text);
  if (terms === null) return text;
  return terms
    .flatMap((term) => {
      const parsed = parseQuery(term);
      if (!parsed.ok || !selects(parsed.query, state)) return [term];
      const others = parsed.query.states.flatMap(({ values }) => values.filter((value) => value !== state));
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
