import { Button, Checkbox, MultiSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import type { ReplayPreview } from '../../../../shared/contract/events.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { useShortcuts } from '../../../keyboard/shortcuts.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { useDebounced } from '../../../model/calls/use-debounced.ts';
import { useCatalog } from '../../../model/definitions/catalog.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { formatCount, formatDurationMs } from '../../../ui/text/format.ts';
import { Timestamp } from '../../../ui/text/timestamp.tsx';
import classes from '../live.module.css';
import { composeQuery } from '../model/event-query.ts';
import { startReplay } from '../model/replays.ts';

interface ReplayQueryBarProps {
  /** The filter of the list now. */
  query: string;
  showInternal: boolean;
  /** The open event's payload is being edited: nothing but the edit is replayed meanwhile. */
  isEditing: boolean;
  onClose: () => void;
}

const defaultLimit = 1000;
const defaultPerSecond = 50;
/** Counting what a filter finds may read far back: not at each digit typed. */
const restMs = 300;

/**
 * Replays what a filter finds. The bar keeps the filter it was opened with: clearing the list's filter must not turn it
 * into a replay of everything.
 */
export function ReplayQueryBar({ query, showInternal, isEditing, onClose }: ReplayQueryBarProps) {
  const known = useCatalog((state) => state.listeners);
  const [kept, setKept] = useState(query);
  const [listeners, setListeners] = useState<string[]>([]);
  const [onlyFailed, setOnlyFailed] = useState(false);
  const [limit, setLimit] = useState(defaultLimit);
  const [perSecond, setPerSecond] = useState(defaultPerSecond);
  const [isEverythingMeant, setEverythingMeant] = useState(false);
  const isEverything = kept === '';
  const countedLimit = useDebounced(limit, restMs);
  const input = {
    query: composeQuery(kept, showInternal),
    limit: countedLimit,
    ...(listeners.length > 0 ? { listeners } : {}),
    ...(onlyFailed ? { onlyFailed } : {}),
  };
  const preview = useCall('replays.preview', input);
  const events = preview.value?.events;
  const start = useAction(async () => {
    await startReplay({ ...input, perSecond });
    onClose();
  });
  useShortcuts('Replay', [{ keys: 'escape', label: 'Close', run: onClose, inInputs: true, hidden: true }], 'form');

  const isReady =
    !isEditing && countedLimit === limit && events !== undefined && events > 0 && (!isEverything || isEverythingMeant);
  return (
    <form
      className={classes.replayBar}
      aria-label="Replay events"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !start.busy) void start.run();
      }}
    >
      <div className={classes.replayRow}>
        <span>
          Replay {isEverything ? <b>every stored event</b> : <code className={classes.code}>{kept}</code>}, oldest
          first, to
        </span>
        <MultiSelect
          aria-label="Listeners"
          placeholder={listeners.length === 0 ? 'Listeners that match' : undefined}
          data={known.map((listener) => ({ value: listener.slug, label: listener.name }))}
          value={listeners}
          onChange={setListeners}
          size="xs"
          w={220}
          searchable
          clearable
        />
        <Checkbox
          size="xs"
          label="Only listeners whose run failed"
          checked={onlyFailed}
          onChange={(event) => setOnlyFailed(event.currentTarget.checked)}
        />
        <span>Newest</span>
        <NumberInput
          aria-label="Maximum number of events"
          value={limit}
          onChange={(value) => typeof value === 'number' && value >= 1 && setLimit(value)}
          min={1}
          max={100_000}
          w={80}
          hideControls
          thousandSeparator=","
        />
        <NumberInput
          aria-label="Events per second"
          value={perSecond}
          onChange={(value) => typeof value === 'number' && value >= 1 && setPerSecond(value)}
          min={1}
          max={10_000}
          w={64}
          hideControls
          thousandSeparator=","
        />
        <span>per second</span>
        {kept !== query && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              setKept(query);
              setEverythingMeant(false);
            }}
          >
            Use the list’s filter
          </Button>
        )}
      </div>
      <div className={classes.replayRow}>
        <span className={classes.replayPreview} role="status">
          {isEditing ? (
            'Finish the edited replay first.'
          ) : preview.value !== undefined ? (
            <PreviewText preview={preview.value} limit={countedLimit} onlyFailed={onlyFailed} perSecond={perSecond} />
          ) : preview.error === null ? (
            'Counting…'
          ) : null}
        </span>
        {isEverything && (
          <Checkbox
            size="xs"
            label="Replay without a filter"
            checked={isEverythingMeant}
            onChange={(event) => setEverythingMeant(event.currentTarget.checked)}
          />
        )}
        <PermittedButton needs="operate" type="submit" size="compact-sm" loading={start.busy} disabled={!isReady}>
          {events === undefined ? 'Replay' : `Replay ${formatCount(events)} ${events === 1 ? 'event' : 'events'}`}
        </PermittedButton>
        <Button size="compact-sm" variant="subtle" onClick={onClose}>
          Cancel
        </Button>
      </div>
      <InlineError error={start.error ?? preview.error} />
    </form>
  );
}

const shownListeners = 5;

interface PreviewTextProps {
  preview: ReplayPreview;
  limit: number;
  onlyFailed: boolean;
  perSecond: number;
}

function PreviewText({ preview, limit, onlyFailed, perSecond }: PreviewTextProps) {
  const { events, isMore, oldestAt, newestAt, examined, listeners, unmatched } = preview;
  if (events === 0) return onlyFailed ? 'No failed runs among these events.' : 'No matching events.';
  const isSample = !onlyFailed && examined < events;
  return (
    <>
      {isMore && <>The newest {formatCount(limit)} of more. </>}
      {oldestAt !== null && newestAt !== null && (
        <>
          <Timestamp at={oldestAt} day /> – <Timestamp at={newestAt} day />
          {' · '}
        </>
      )}
      about {formatDurationMs((events * 1000) / perSecond)}
      {' · '}
      {isSample && <>of the newest {formatCount(examined)}: </>}
      {listeners.slice(0, shownListeners).map(({ listener, events: count }, at) => (
        <span key={listener}>
          {at > 0 && ', '}
          <b>{listener}</b> {formatCount(count)}
        </span>
      ))}
      {listeners.length > shownListeners && <> and {listeners.length - shownListeners} more listeners</>}
      {listeners.length === 0 && 'no listener matches'}
      {unmatched > 0 && listeners.length > 0 && <>, {formatCount(unmatched)} not matched</>}
    </>
  );
}
