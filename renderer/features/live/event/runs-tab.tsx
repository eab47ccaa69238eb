import type { EventDetail, EventItem } from '../../../../shared/contract/events.ts';
import type { Run } from '../../../../shared/contract/runs.ts';
import { call } from '../../../client/index.ts';
import { StateBadge } from '../../../domain/run/state-badge.tsx';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useRows } from '../../../model/calls/use-call.ts';
import { EmptyState } from '../../../ui/feedback/empty-state.tsx';
import { Duration } from '../../../ui/text/duration.tsx';
import { TimeAgo } from '../../../ui/text/time-ago.tsx';
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

/** Its run is planned with the last event of a batch. */
function GatheringLine({ gathering }: { gathering: NonNullable<EventDetail['gathering']>[number] }) {
  const { listener, job, events, count, dueAt } = gathering;
  return (
    <p className={classes.run}>
      <span className={classes.runJob}>
        <b>{job}</b>
        <span className={classes.key}> by {listener}</span>
      </span>
      <span className={classes.runTail}>
        Gathering: {events} of {count} events, complete <TimeAgo at={dueAt} /> at the latest
      </span>
    </p>
  );
}

export function RunsTab({ event, gathering }: { event: EventItem; gathering: EventDetail['gathering'] }) {
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
  if (event.runs.length === 0 && (gathering === undefined || gathering.length === 0)) {
    return (
      <EmptyState title="No listener matched">
        The <b>Why</b> tab shows how close each listener came.
      </EmptyState>
    );
  }
  return (
    <div>
      {gathering?.map((one) => (
        <GatheringLine key={one.listener} gathering={one} />
      ))}
      {event.runs.map((run) => (
        <RunLine key={run.id} run={run} more={runs.value?.find((one) => one.id === run.id)} />
      ))}
    </div>
  );
}
