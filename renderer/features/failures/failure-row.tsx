import type { Failure } from '../../../shared/contract/failures.ts';
import { FailureLamp, failureWords } from '../../domain/failure/failure-badge.tsx';
import { reasonText } from '../../model/runs/run-why.ts';
import { Cell } from '../../ui/tables/cell.tsx';
import { endHead } from '../../ui/tables/list-head.tsx';
import { formatCount } from '../../ui/text/format.ts';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import classes from './failures.module.css';

/** Beside an open failure the list keeps what tells failures apart. */
export const columns = {
  wide: '128px minmax(90px, 1fr) minmax(80px, 1fr) minmax(140px, 3fr) minmax(70px, 0.8fr) 64px 72px 72px',
  narrow: '16px minmax(64px, 1fr) minmax(0, 2fr) 52px 60px',
};

export const headings = {
  wide: ['State', 'Job', 'Listener', 'Message', 'Assignee', endHead('Runs'), endHead('First'), endHead('Last')],
  narrow: ['', 'Job', 'Message', endHead('Runs'), endHead('Last')],
};

interface FailureRowProps {
  failure: Failure;
  narrow: boolean;
  /** Another row has the same job, listener and message: how it ended tells them apart. */
  showsExit: boolean;
}

export function FailureRow({ failure, narrow, showsExit }: FailureRowProps) {
  const ended = reasonText({ ...failure, state: 'failed' });
  const said = failure.message ?? ended;
  const message = showsExit && failure.message !== null ? `${said} (${ended})` : said;
  const isRegression = failure.state === 'open' && failure.regressions > 0;
  const last = (
    <Cell dim align="end">
      <TimeAgo at={failure.lastSeenAt} />
    </Cell>
  );
  const job = (
    <Cell>
      <span className={classes.strong}>{failure.job}</span>
    </Cell>
  );
  const count = <Cell align="end">{formatCount(failure.count)}</Cell>;
  if (narrow) {
    return (
      <>
        <Cell title={failureWords[failure.state]}>
          <FailureLamp state={failure.state} />
          <span className={classes.hidden}>{failureWords[failure.state]}</span>
        </Cell>
        {job}
        <Cell title={message}>{message}</Cell>
        {count}
        {last}
      </>
    );
  }
  return (
    <>
      <Cell>
        <span className={classes.state}>
          <FailureLamp state={failure.state} />
          {isRegression ? 'Regression' : failureWords[failure.state]}
        </span>
      </Cell>
      {job}
      <Cell dim={failure.listener === null}>{failure.listener ?? 'test run'}</Cell>
      <Cell title={message}>{message}</Cell>
      <Cell dim={failure.assignee === null}>{failure.assignee ?? '–'}</Cell>
      {count}
      <Cell dim align="end">
        <TimeAgo at={failure.firstSeenAt} />
      </Cell>
      {last}
    </>
  );
}
