import type { EventItem } from '../../../shared/contract/events.ts';
import { ToneBadge } from '../../components/tone-badge.tsx';
import { labelOf } from '../../stores/event-catalog.ts';
import classes from './live.module.css';

/** What the event's type means at its vendor; that the catalogue lacks a type is nothing wrong. */
export function TypeNote({ event }: { event: Pick<EventItem, 'system' | 'type'> }) {
  const label = labelOf(event.system, event.type);
  if (label === null) return null;
  if (label === 'unknown') {
    return (
      <p className={classes.typeNote}>
        <ToneBadge tone="grey">not in the catalogue</ToneBadge>
      </p>
    );
  }
  return (
    <p className={classes.typeNote}>
      {label.name !== null && <b>{label.name}: </b>}
      {label.description} <span className={classes.key}>{label.group}</span>
      {label.isLegacy && <ToneBadge tone="grey">legacy</ToneBadge>}
    </p>
  );
}
