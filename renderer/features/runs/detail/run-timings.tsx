import type { Run } from '../../../../shared/contract/runs.ts';
import { useNow } from '../../../browser/now.ts';
import { isFinished } from '../../../model/runs/runs-filter.ts';
import { Duration } from '../../../ui/text/duration.tsx';
import { formatDurationMs } from '../../../ui/text/format.ts';
import { Timestamp } from '../../../ui/text/timestamp.tsx';
import classes from '../runs.module.css';

/** Queued → started → finished, as times and as a bar whose parts are as long as they took. */
export function RunTimings({ run }: { run: Run }) {
  return (
    <div className={classes.timings}>
      {isFinished(run.state) ? <Bar run={run} nowMs={0} /> : <LiveBar run={run} />}
      <div className={classes.times}>
        <span>
          <span className={classes.dim}>queued</span> <Timestamp at={run.queuedAt} />
        </span>
        {run.state === 'scheduled' && run.dueAt !== null && (
          <span>
            <span className={classes.dim}>due</span> <Timestamp at={run.dueAt} />
          </span>
        )}
        {run.startedAt !== null && (
          <span>
            <span className={classes.dim}>started</span> <Timestamp at={run.startedAt} />
          </span>
        )}
        {run.finishedAt !== null && (
          <span>
            <span className={classes.dim}>finished</span> <Timestamp at={run.finishedAt} />
          </span>
        )}
        <span className={classes.spacer} />
        {run.startedAt !== null && (
          <span>
            <span className={classes.dim}>{run.finishedAt === null ? 'running for' : 'took'}</span>{' '}
            <span className={classes.plain}>
              <Duration from={run.startedAt} to={run.finishedAt} />
            </span>
          </span>
        )}
      </div>
    </div>
  );
}

function LiveBar({ run }: { run: Run }) {
  return <Bar run={run} nowMs={useNow(1000)} />;
}

function Bar({ run, nowMs }: { run: Run; nowMs: number }) {
  const queuedMs = Date.parse(run.queuedAt);
  const endMs = run.finishedAt === null ? nowMs : Date.parse(run.finishedAt);
  const startedMs = run.startedAt === null ? endMs : Date.parse(run.startedAt);
  const waitedMs = Math.max(0, startedMs - queuedMs);
  const ranMs = Math.max(0, endMs - startedMs);
  const label = `Waited ${formatDurationMs(waitedMs)}${run.startedAt === null ? '' : `, ran ${formatDurationMs(ranMs)}`}`;
  return (
    <div className={classes.bar} role="img" aria-label={label} title={label}>
      <span className={classes.waited} style={{ flexGrow: waitedMs }} />
      {run.startedAt !== null && (
        <span className={classes.ran} data-state={run.state} style={{ flexGrow: Math.max(1, ranMs) }} />
      )}
    </div>
  );
}
