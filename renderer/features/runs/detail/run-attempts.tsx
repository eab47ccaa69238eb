import { Button } from '@mantine/core';
import type { Attempt, RunDetail } from '../../../../shared/contract/runs.ts';
import { StateBadge } from '../../../domain/run/state-badge.tsx';
import { reasonText } from '../../../model/runs/run-why.ts';
import { EmptyState } from '../../../ui/feedback/empty-state.tsx';
import { Duration } from '../../../ui/text/duration.tsx';
import { Timestamp } from '../../../ui/text/timestamp.tsx';
import classes from '../runs.module.css';

export function RunAttempts({ run, onShowOutput }: { run: RunDetail; onShowOutput: (attempt: number) => void }) {
  if (run.history.length === 0)
    return <EmptyState title="Not started yet">Each attempt is listed here once it starts.</EmptyState>;
  return (
    <div className={classes.sheet}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Attempt</th>
            <th scope="col">State</th>
            <th scope="col">Started</th>
            <th scope="col">Took</th>
            <th scope="col">What happened</th>
            <th scope="col">
              <span className={classes.hidden}>Output</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {[...run.history].reverse().map((attempt) => (
            <tr key={attempt.attempt}>
              <td>
                {attempt.attempt} <span className={classes.dim}>of {run.attempts}</span>
              </td>
              <td>
                <StateBadge state={attempt.state} reason={attempt.reason} />
              </td>
              <td>{attempt.startedAt === null ? '–' : <Timestamp at={attempt.startedAt} />}</td>
              <td>
                <span className={classes.plain}>
                  <Duration from={attempt.startedAt} to={attempt.finishedAt} />
                </span>
              </td>
              <td className={classes.wrapCell}>{happened(attempt)}</td>
              <td>
                <Button variant="default" size="compact-xs" onClick={() => onShowOutput(attempt.attempt)}>
                  Output
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const happened = (attempt: Attempt): string =>
  attempt.error ?? (attempt.state === 'running' ? '' : reasonText(attempt));
