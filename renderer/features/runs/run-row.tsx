import type { Run } from '../../../shared/contract/runs.ts';
import { Cell } from '../../components/cell.tsx';
import { Duration } from '../../components/duration.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { StateDot } from '../../components/state-dot.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { whyOf } from '../../stores/runs-why.ts';
import { ProgressBar } from './progress-bar.tsx';
import classes from './runs.module.css';

/** Beside an open run the list keeps what tells runs apart. */
export const columns = {
  wide: '148px minmax(90px, 1fr) minmax(90px, 1fr) minmax(140px, 1.5fr) minmax(140px, 2fr) 52px 84px 84px',
  narrow: '20px minmax(80px, 1fr) minmax(100px, 1.3fr) 76px 76px',
};

export const headings = {
  wide: ['State', 'Job', 'Listener', 'Event', '', 'Try', 'Took', 'Queued'],
  narrow: ['', 'Job', 'Event', 'Took', 'Queued'],
};

function Attempt({ run }: { run: Run }) {
  if (run.attempts <= 1) return null;
  return (
    <span title={`Attempt ${run.attempt} of ${run.attempts}`}>
      {run.attempt}/{run.attempts}
    </span>
  );
}

/** Progress while it runs, afterwards what came of it. */
function Saying({ run }: { run: Run }) {
  if (run.state === 'running') return run.progress === null ? null : <ProgressBar progress={run.progress} />;
  if (run.state === 'completed' || run.state === 'failed' || run.state === 'canceled') {
    const why = whyOf(run);
    return why === 'Completed' || why === 'Canceled' ? null : <span title={why}>{why}</span>;
  }
  return null;
}

export function RunRow({ run, narrow }: { run: Run; narrow: boolean }) {
  const took = <Duration from={run.startedAt} to={run.startedAt === null ? null : run.finishedAt} />;
  if (narrow) {
    return (
      <>
        <Cell>
          <StateDot state={run.state} />
        </Cell>
        <Cell>
          <span className={classes.jobCell}>
            <span className={classes.strong}>{run.job}</span>
            {run.state === 'running' && run.progress !== null && <ProgressBar progress={run.progress} bare />}
          </span>
        </Cell>
        <Cell mono>{run.eventType}</Cell>
        <Cell dim align="end">
          {took}
        </Cell>
        <Cell dim align="end">
          <TimeAgo at={run.queuedAt} />
        </Cell>
      </>
    );
  }
  return (
    <>
      <Cell>
        <StateBadge state={run.state} reason={run.reason} />
      </Cell>
      <Cell>
        <span className={classes.strong}>{run.job}</span>
      </Cell>
      <Cell dim={run.listener === null}>{run.listener ?? 'test run'}</Cell>
      <Cell mono>
        <span className={classes.eventType}>
          {run.eventType} <span className={classes.dim}>{run.source}</span>
        </span>
      </Cell>
      <Cell dim>
        <Saying run={run} />
      </Cell>
      <Cell dim align="end">
        <Attempt run={run} />
      </Cell>
      <Cell dim align="end">
        {took}
      </Cell>
      <Cell dim align="end">
        <TimeAgo at={run.queuedAt} />
      </Cell>
    </>
  );
}
