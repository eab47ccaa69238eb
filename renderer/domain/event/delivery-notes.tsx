import { IconInfoCircle } from '@tabler/icons-react';
import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';
import classes from './delivery-notes.module.css';

const shownAtFirst = 3;

/** What was repaired or assumed to read a delivery; nothing when there is nothing to say. */
export function DeliveryNotes({ notes }: { notes: readonly DeliveryNote[] | undefined }) {
  if (notes === undefined || notes.length === 0) return null;
  const more = notes.slice(shownAtFirst);
  return (
    <section aria-label="Parsing notes" className={classes.notes}>
      <NoteList notes={notes.slice(0, shownAtFirst)} />
      {more.length > 0 && (
        <details>
          <summary>{more.length} more</summary>
          <NoteList notes={more} />
        </details>
      )}
    </section>
  );
}

function NoteList({ notes }: { notes: readonly DeliveryNote[] }) {
  return (
    <ul className={classes.list}>
      {notes.map(({ code, message }) => (
        <li key={`${code}:${message}`} className={classes.note}>
          <IconInfoCircle size={14} stroke={1.8} aria-hidden />
          <span className={classes.text}>
            {message} <code className={classes.code}>{code}</code>
          </span>
        </li>
      ))}
    </ul>
  );
}
