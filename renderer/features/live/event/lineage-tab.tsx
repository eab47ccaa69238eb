import type { ReactNode } from 'react';
import type { EventDetail } from '../../../../shared/contract/events.ts';
import type { AppError } from '../../../client/index.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { EmptyState } from '../../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { LoadingRows } from '../../../ui/tables/loading-rows.tsx';
import { Mono } from '../../../ui/text/mono.tsx';
import { Timestamp } from '../../../ui/text/timestamp.tsx';
import classes from '../live.module.css';

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.lineage}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function EventLink({ event }: { event: { id: string; type: string; receivedAt?: string } }) {
  return (
    <a className={classes.lineageRow} href={hrefOf(paths.event(event.id))}>
      <Mono>{event.type}</Mono>
      <Mono dim>{event.id}</Mono>
      {event.receivedAt !== undefined && <Timestamp at={event.receivedAt} day />}
    </a>
  );
}

/** Where the event came from and what came of it. */
export function LineageTab({ detail, error }: { detail: EventDetail | undefined; error: AppError | null }) {
  if (detail === undefined) return error === null ? <LoadingRows rows={4} /> : <ErrorState error={error} />;
  const { replayOf, replays, causedBy, causes } = detail.lineage;
  if (replayOf === null && causedBy === null && replays.length === 0 && causes.length === 0) {
    return (
      <EmptyState title="No related events">
        The event is not a replay, was not raised by a job, and led to no other events.
      </EmptyState>
    );
  }
  return (
    <>
      {replayOf !== null && (
        <Group title="Replay of">
          <EventLink event={replayOf} />
          <a className={classes.lineageRow} href={hrefOf(paths.compare(replayOf.id, detail.id))}>
            Compare with the original
          </a>
        </Group>
      )}
      {causedBy !== null && (
        <Group title="Raised by">
          <a className={classes.lineageRow} href={hrefOf(paths.run(causedBy.runId))}>
            <span>
              a run of <b>{causedBy.job}</b>
            </span>
            <Mono dim>{causedBy.runId}</Mono>
          </a>
          <a className={classes.lineageRow} href={hrefOf(paths.event(causedBy.eventId))}>
            <span>for the event</span>
            <Mono dim>{causedBy.eventId}</Mono>
          </a>
        </Group>
      )}
      {replays.length > 0 && (
        <Group title={replays.length === 1 ? 'Replayed once' : `Replayed ${replays.length} times`}>
          {replays.map((event) => (
            <EventLink key={event.id} event={event} />
          ))}
        </Group>
      )}
      {causes.length > 0 && (
        <Group title="Its runs raised">
          {causes.map((event) => (
            <EventLink key={event.id} event={event} />
          ))}
        </Group>
      )}
    </>
  );
}
