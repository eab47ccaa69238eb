import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { ScheduledEvent } from '../../../../shared/contract/scheduled-events.ts';
import { isJsonRecord } from '../../../../shared/exact-json/parse-exact.ts';
import { isCustomType, ownSource } from '../../../../shared/own-source.ts';
import { call } from '../../../client/index.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { UnreadableNote } from '../../../domain/event/unreadable-note.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { JsonView } from '../../../ui/code/json-view.tsx';
import { EmptyState } from '../../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { showUndo } from '../../../ui/feedback/toasts.tsx';
import { SegmentTabs } from '../../../ui/layout/segment-tabs.tsx';
import { LoadingRows } from '../../../ui/tables/loading-rows.tsx';
import { Mono } from '../../../ui/text/mono.tsx';
import { TimeAgo } from '../../../ui/text/time-ago.tsx';
import { Timestamp } from '../../../ui/text/timestamp.tsx';
import classes from '../live.module.css';

type Shown = ScheduledEvent['state'];

/** Events that are still to come, and those that have or never will. */
export function ScheduledPane({ onClose }: { onClose: () => void }) {
  const [shown, setShown] = useState<Shown>('scheduled');
  const got = useCall('scheduledEvents.list', { state: shown }, { reloadOn: ['scheduledEvents.changed'] });
  const items = got.value?.items;
  return (
    <section className={classes.pane} aria-label="Scheduled events">
      <header className={classes.paneHead}>
        <h2 className={classes.paneTitle} data-plain>
          Scheduled events
        </h2>
        <Button component="a" variant="default" href={hrefOf(paths.raise())}>
          Raise an event
        </Button>
        <ActionIcon aria-label="Close" title="Close (Esc)" onClick={onClose}>
          <IconX size={16} stroke={1.6} />
        </ActionIcon>
      </header>
      <SegmentTabs<Shown>
        id="scheduled"
        label="State"
        tabs={[
          { value: 'scheduled', label: 'Scheduled' },
          { value: 'fired', label: 'Received' },
          { value: 'canceled', label: 'Canceled' },
        ]}
        value={shown}
        onChange={setShown}
      />
      <div id="scheduled-panel" role="tabpanel" aria-labelledby={`scheduled-tab-${shown}`} className={classes.panel}>
        {items === undefined ? (
          got.error === null ? (
            <LoadingRows rows={4} />
          ) : (
            <ErrorState error={got.error} title="The scheduled events could not be loaded" onRetry={got.reload} />
          )
        ) : items.length === 0 ? (
          <EmptyState
            title={
              shown === 'scheduled' ? 'Nothing scheduled' : shown === 'fired' ? 'None received yet' : 'None canceled'
            }
          >
            An operator, a job or a delivery can schedule an event up to 30 days ahead.
          </EmptyState>
        ) : (
          <ul className={classes.scheduled}>
            {items.map((item) => (
              <Item key={item.id} item={item} onCanceled={got.reload} />
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function Item({ item, onCanceled }: { item: ScheduledEvent; onCanceled: () => void }) {
  const cancel = useAction(async () => {
    await call('scheduledEvents.cancel', { id: item.id });
    onCanceled();
    // A canceled one stays canceled: undo raises it anew for the same time.
    if (isCustomType(item.type) && item.source === ownSource && item.causedByRun === null) {
      showUndo({
        message: `${item.type} canceled`,
        undo: () =>
          call('events.raise', {
            type: item.type,
            message: item.payload,
            scheduleFor: item.dueAt,
            ...metadataOf(item),
          }),
      });
    }
  });
  return (
    <li className={classes.scheduledItem}>
      <div className={classes.scheduledLine}>
        <span className={classes.scheduledType}>
          {item.eventId === null ? (
            <Mono>{item.type}</Mono>
          ) : (
            <a href={hrefOf(paths.event(item.eventId))}>
              <Mono>{item.type}</Mono>
            </a>
          )}{' '}
          <span className={classes.key}>{item.source}</span>
        </span>
        <span>
          <TimeAgo at={item.dueAt} /> <span className={classes.key}>·</span> <Timestamp at={item.dueAt} day />
        </span>
        {item.state === 'scheduled' && (
          <PermittedButton
            needs="operate"
            variant="default"
            size="compact-xs"
            loading={cancel.busy}
            onClick={() => void cancel.run()}
          >
            Cancel
          </PermittedButton>
        )}
      </div>
      <UnreadableNote parts={item.unreadable} />
      <p className={classes.scheduledBy}>
        {item.causedByRun !== null ? (
          <>
            raised by <a href={hrefOf(paths.run(item.causedByRun))}>a run</a>
          </>
        ) : (
          `raised by ${item.createdBy ?? 'a delivery'}`
        )}{' '}
        <TimeAgo at={item.createdAt} />
      </p>
      <InlineError error={cancel.error} />
      <details className={classes.scheduledPayload}>
        <summary>Payload</summary>
        <JsonView value={item.payload} label={`Payload of ${item.type}`} maxHeight="200px" />
      </details>
    </li>
  );
}

const metadataOf = ({ context }: ScheduledEvent) => (isJsonRecord(context) ? { metadata: context } : {});
