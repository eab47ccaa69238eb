import type { Run } from '../../../shared/contract/runs.ts';
import { ProgressBar } from '../../domain/run/progress-bar.tsx';
import { stepText } from '../../domain/run/run-steps.tsx';
import { reasonLabel, stateWord } from '../../domain/run/state-badge.tsx';
import { StateDot } from '../../domain/run/state-dot.tsx';
import { whyOf } from '../../model/runs/run-why.ts';
import { Cell } from '../../ui/tables/cell.tsx';
import { endHead } from '../../ui/tables/list-head.tsx';
import { Duration } from '../../ui/text/duration.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import classes from './runs.module.css';

/** Beside an open run the list keeps what tells runs apart. */
export const columns = {
  wide: 'clamp(120px, 17cqi, 164px) minmax(64px, 1fr) minmax(50px, 1fr) minmax(80px, 1.5fr) minmax(60px, 2.4fr) 52px clamp(54px, 8cqi, 72px) clamp(60px, 8.5cqi, 76px)',
  narrow: '16px minmax(64px, 1fr) minmax(0, 1.3fr) clamp(48px, 14cqi, 64px) clamp(60px, 16cqi, 72px)',
};

export const headings = {
  wide: ['State', 'Job', 'Listener', 'Event', 'Result', endHead('Attempt'), endHead('Took'), endHead('Queued')],
  narrow: ['', 'Job', 'Event', endHead('Took'), endHead('Queued')],
};

/** In a list of hundreds the lamp alone carries the colour; the word is ink. */
function State({ run }: { run: Run }) {
  const more = run.state === 'failed' && run.reason !== null ? shortReason(run) : '';
  return (
    <span className={classes.state}>
      <StateDot state={run.state} decorative />
      <span>
        {stateWord(run.state)}
        {more !== '' && <span className={classes.dim}> · {more}</span>}
      </span>
    </span>
  );
}

function shortReason(run: Run): string {
  if (run.reason === 'exit' && run.exitCode !== null) return `exit ${run.exitCode}`;
  if (run.reason === 'signal' && run.signal !== null) return run.signal;
  return run.reason === null ? '' : reasonLabel(run.reason);
}

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
  if (run.state === 'running') {
    if (run.progress !== null) return <ProgressBar progress={run.progress} />;
    return run.steps === null ? null : stepText(run.steps);
  }
  if (run.state === 'pending' || run.state === 'interaction_required')
    return <span title={whyOf(run)}>{whyOf(run)}</span>;
  if (run.state === 'completed' || run.state === 'failed' || run.state === 'canceled') {
    const why = whyOf(run);
    return why === 'Completed' || why === 'Canceled' ? null : <span title={why}>{why}</span>;
  }
  return null;
}

export function RunRow({ run, narrow }: { run: Run; narrow: boolean }) {
  const took = (
    <span className={classes.plain}>
      <Duration from={run.startedAt} to={run.startedAt === null ? null : run.finishedAt} />
    </span>
  );
  if (narrow) {
    return (
      <>
        <Cell>
          <StateDot state={run.state} />
        </Cell>
        <Cell>
          <span className={classes.strong}>{run.job}</span>
          {run.state === 'running' && run.progress !== null && <ProgressBar progress={run.progress} bare />}
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
        <State run={run} />
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
