import { Select } from '@mantine/core';
import { type RunState, runStates } from '../../../shared/contract/runs.ts';
import { StateDot } from '../../domain/run/state-dot.tsx';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import {
  asksUnresolved,
  chooseJob,
  type RunsFilter,
  statesInQuery,
  toggleState,
  withoutState,
  withoutTerm,
} from '../../model/runs/runs-filter.ts';
import { runsList } from '../../model/runs/runs-list.ts';
import classes from './runs.module.css';

const names: Record<RunState, string> = {
  pending: 'Needs approval',
  scheduled: 'Scheduled',
  queued: 'Queued',
  running: 'Running',
  interaction_required: 'Needs answer',
  completed: 'Completed',
  failed: 'Failed',
  canceled: 'Canceled',
};

/** Chips for the states and a picker for the job. No chip pressed: all states. States that the query selects are pressed too. */
export function RunsToolbar({ onFilter }: { onFilter: (query: string, filter: RunsFilter) => void }) {
  const params = runsList.use((state) => state.params);
  const query = runsList.use((state) => state.query);
  const inQuery = statesInQuery(query);
  const isUnresolved = asksUnresolved(query);
  const press = (state: RunState): void => {
    if (inQuery.includes(state)) onFilter(withoutState(query, state), params);
    else onFilter(query, toggleState(params, state, runStates));
  };
  const jobs = useCatalog((state) => state.jobs);
  const slugs = jobs.map((job) => job.slug);
  // A job that is gone, or not loaded yet, still has to be seen to be taken off.
  const options = params.job === undefined || slugs.includes(params.job) ? slugs : [params.job, ...slugs];
  return (
    <div className={classes.filters} role="toolbar" aria-label="Filter runs">
      {runStates.map((state) => (
        <button
          key={state}
          type="button"
          className={classes.chip}
          title={names[state]}
          aria-pressed={inQuery.includes(state) || params.state?.includes(state) === true}
          onClick={() => press(state)}
        >
          <StateDot state={state} decorative />
          <span className={classes.chipName}>{names[state]}</span>
        </button>
      ))}
      <button
        type="button"
        className={classes.chip}
        aria-pressed={isUnresolved}
        title="Failed runs that are neither acknowledged nor retried successfully"
        onClick={() =>
          onFilter(isUnresolved ? withoutTerm(query, 'is:unresolved') : `${query} is:unresolved`.trim(), params)
        }
      >
        Unresolved
      </button>
      <a className={classes.failuresLink} href={hrefOf(paths.failures())}>
        Failures
      </a>
      <Select
        aria-label="Job"
        placeholder="Any job"
        className={classes.jobFilter}
        data={options}
        value={params.job ?? null}
        onChange={(job) => onFilter(query, chooseJob(params, job))}
        clearable
        searchable
        nothingFoundMessage="No matching jobs"
        comboboxProps={{ width: 240, position: 'bottom-end' }}
      />
    </div>
  );
}
