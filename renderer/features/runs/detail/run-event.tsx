import { Button } from '@mantine/core';
import type { AppError } from '../../../../shared/contract/errors.ts';
import type { EventDetail } from '../../../../shared/contract/events.ts';
import type { RunDetail } from '../../../../shared/contract/runs.ts';
import { BatchEvents } from '../../../domain/event/batch-events.tsx';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { JsonView } from '../../../ui/code/json-view.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { KeyValueTable } from '../../../ui/tables/key-value-table.tsx';
import { LoadingRows } from '../../../ui/tables/loading-rows.tsx';
import { Mono } from '../../../ui/text/mono.tsx';
import { Timestamp } from '../../../ui/text/timestamp.tsx';
import { VisibleText } from '../../../ui/text/visible-text.tsx';
import classes from '../runs.module.css';

interface RunEventProps {
  run: RunDetail;
  event: EventDetail | undefined;
  error: AppError | null;
  onRetry: () => void;
}

/** The event that the run was started for. */
export function RunEvent({ run, event, error, onRetry }: RunEventProps) {
  if (event === undefined) {
    return error === null ? (
      <LoadingRows rows={6} />
    ) : (
      <ErrorState error={error} title="The event could not be loaded" onRetry={onRetry} />
    );
  }
  const { context } = event;
  const hasContext = context !== null && !(typeof context === 'object' && Object.keys(context).length === 0);
  return (
    <div className={classes.sheet}>
      <KeyValueTable
        rows={[
          {
            key: 'Type',
            value: (
              <Mono>
                <VisibleText text={event.type} />
              </Mono>
            ),
            copy: event.type,
          },
          { key: 'Source', value: <a href={hrefOf(paths.source(event.source))}>{event.source}</a> },
          { key: 'Received', value: <Timestamp at={event.receivedAt} precise /> },
          ...(event.occurredAt === null
            ? []
            : [{ key: 'Occurred', value: <Timestamp at={event.occurredAt} precise /> }]),
          { key: 'ID', value: <Mono>{event.id}</Mono>, copy: event.id },
          ...(event.externalId === null
            ? []
            : [{ key: 'Sender’s ID', value: <Mono>{event.externalId}</Mono>, copy: event.externalId }]),
          ...(event.replayOf === null
            ? []
            : [
                {
                  key: 'Replay of',
                  value: (
                    <a className={classes.mono} href={hrefOf(paths.event(event.replayOf))}>
                      {event.replayOf}
                    </a>
                  ),
                },
              ]),
          ...(event.causedBy === null
            ? []
            : [
                {
                  key: 'Caused by',
                  value: (
                    <a className={classes.mono} href={hrefOf(paths.run(event.causedBy.runId))}>
                      {event.causedBy.runId}
                    </a>
                  ),
                },
              ]),
        ]}
      />
      {run.batch !== undefined && <BatchEvents batch={run.batch} />}
      <section>
        <h3 className={classes.sectionTitle}>
          {run.batch === undefined ? 'Payload' : 'Payload of the newest'}
          <span className={classes.spacer} />
          <Button component="a" href={hrefOf(paths.event(run.eventId))} variant="default" size="compact-xs">
            Open in Live
          </Button>
        </h3>
        <JsonView value={event.payload} label="Payload" />
      </section>
      {hasContext && (
        <section>
          <h3 className={classes.sectionTitle}>Context</h3>
          <JsonView value={context} label="Context" />
        </section>
      )}
    </div>
  );
}
