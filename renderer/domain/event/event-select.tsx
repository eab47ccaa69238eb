import { Select } from '@mantine/core';
import type { EventItem } from '../../../shared/contract/events.ts';
import { useRecentEvents } from '../../model/events/recent-events.ts';
import { formatAge } from '../../ui/text/format.ts';
import classes from './event-select.module.css';

interface EventSelectProps {
  value: string | null;
  onChange: (id: string) => void;
  label: string;
  /** Narrows what is offered, in the query language. */
  query?: string;
  /** An event from elsewhere (an address) that the latest ones may not have. */
  extra?: Pick<EventItem, 'id' | 'type' | 'source' | 'receivedAt'> | undefined;
}

/** One of the latest stored events. */
export function EventSelect({ value, onChange, label, query = '', extra }: EventSelectProps) {
  const recent = useRecentEvents(query);
  const events = [
    ...(extra === undefined || recent.items.some((event) => event.id === extra.id) ? [] : [extra]),
    ...recent.items,
  ];
  const byId = new Map(events.map((event) => [event.id, event]));
  return (
    <Select
      aria-label={label}
      placeholder={events.length === 0 ? (recent.loading ? 'Loading…' : 'No events yet') : 'Choose an event'}
      data={events.map((event) => ({
        value: event.id,
        label: `${event.type} · ${event.source} · …${event.id.slice(-6)}`,
      }))}
      value={value}
      searchable
      allowDeselect={false}
      maxDropdownHeight={320}
      nothingFoundMessage="No matching events"
      onChange={(id) => {
        if (id !== null) onChange(id);
      }}
      renderOption={({ option }) => {
        const event = byId.get(option.value);
        return (
          <span className={classes.option}>
            <span className={classes.type}>{event?.type}</span>
            <span className={classes.more}>{event?.source}</span>
            <span className={classes.more}>
              {event === undefined ? '' : formatAge(Date.now() - Date.parse(event.receivedAt))}
            </span>
          </span>
        );
      }}
    />
  );
}
