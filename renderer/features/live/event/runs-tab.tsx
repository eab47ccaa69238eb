import type { EventItem } from '../../../../shared/contract/events.ts';
import type { Run } from '../../../../shared/contract/runs.ts';
import { call } from '../../../client/index.ts';
import { StateBadge } from '../../../domain/run/state-badge.tsx';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useRows } from '../../../model/calls/use-call.ts';
import { EmptyState } from '../../../ui/feedback/empty-state.tsx';
import { Duration } from '../../../ui/text/duration.tsx';
import classes from '../live.module.css';

function RunLine({ run, more }: { run: EventItem['runs'][number]; more: Run | undefined }) {
  const state = more?.state ?? run.state;
  const tail =
    more === undefined
      ? ''
      : state === 'running' && more.progress !== null
        ? [more.progress.percent === null ? '' : `${Math.round(more.progress.percent)} %`, more.progress.message]
            .join(' ')
            .trim()
        : (more.error ?? '');
  return (
    <a className={classes.run} href={hrefOf(paths.run(run.id))}>
      <StateBadge state={state} reason={more?.reason ?? null} />
      <span className={classes.runJob}>
        <b>{run.job}</b>
        <span className={classes.key}> by {run.listener ?? 'a test'}</span>
      </span>
      <span className={classes.runTail} title={tail}>
        {tail}
      </span>
      {more !== undefined && more.attempts > 1 && (
        <span className={classes.key}>
          attempt {more.attempt}/{more.attempts}
        </span>
      )}
      <span className={classes.key}>
        <Duration from={more?.startedAt ?? null} to={more?.finishedAt ?? null} />
      </span>
    </a>
  );
}

export function RunsTab({ event }: { event: EventItem }) {
  const runs = useRows(`runs of ${event.id}`, (page) => call('runs.list', { eventId: event.id, ...page }), 100, {
    reloadOn: ['runs.changed'],
  });
  if (event.chainStopped) {
    return (
      <EmptyState title="Chain stopped here">
        Jobs kept triggering each other. Listeners matched this event, but no job was started.
      </EmptyState>
    );
  }
  if (event.runs.length === 0) {
    return (
      <EmptyState title="No listener matched">
        The <b>Why</b> tab shows how close each listener came.
      </EmptyState>
    );
  }
  return (
    <div>
      {event.runs.map((run) => (
        <RunLine key={run.id} run={run} more={runs.value?.find((one) => one.id === run.id)} />
      ))}
    </div>
  );
}
