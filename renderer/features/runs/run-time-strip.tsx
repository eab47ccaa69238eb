import { call } from '../../client/index.ts';
import { runParts } from '../../domain/run/run-parts.ts';
import { TimeStrip } from '../../domain/time/time-strip.tsx';
import { useHistogram } from '../../model/calls/use-histogram.ts';
import type { RunsFilter } from '../../model/runs/runs-filter.ts';

interface RunTimeStripProps {
  query: string;
  filter: RunsFilter;
  onQuery: (query: string) => void;
}

/** The runs of the list, over the time when they were queued. */
export function RunTimeStrip({ query, filter, onQuery }: RunTimeStripProps) {
  const composed = composeRunsQuery(query, filter);
  const state = useHistogram(composed, (cursor) => call('runs.histogram', { query: composed, cursor }), [
    'runs.changed',
  ]);
  return <TimeStrip label="Runs over time" noun="run" state={state} query={query} onQuery={onQuery} parts={runParts} />;
}

/** The query with the states and the job chosen in the toolbar. */
function composeRunsQuery(query: string, { state, job }: RunsFilter): string {
  const terms = [query, state === undefined ? '' : `state:${state.join(',')}`, job === undefined ? '' : `job:${job}`];
  return terms.filter((term) => term !== '').join(' ');
}
