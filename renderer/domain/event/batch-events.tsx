import type { RunDetail } from '../../../shared/contract/runs.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { Mono } from '../../ui/text/mono.tsx';
import { Timestamp } from '../../ui/text/timestamp.tsx';
import { VisibleText } from '../../ui/text/visible-text.tsx';
import classes from './batch-events.module.css';

/** The events that one run gets together. */
export function BatchEvents({ batch }: { batch: NonNullable<RunDetail['batch']> }) {
  const { events, items } = batch;
  return (
    <section aria-label="Batch">
      <h3 className={classes.title}>{events === 1 ? 'Batch of 1 event' : `Batch of ${events} events`}</h3>
      <ol className={classes.list}>
        {items.map((event) => (
          <li key={event.id}>
            <a href={hrefOf(paths.event(event.id))}>
              <Mono>
                <VisibleText text={event.type} />
              </Mono>
            </a>
            <span className={classes.dim}>
              {event.source} <Timestamp at={event.receivedAt} precise />
            </span>
          </li>
        ))}
      </ol>
      {items.length < events && <p className={classes.dim}>The first {items.length} are shown.</p>}
    </section>
  );
}
