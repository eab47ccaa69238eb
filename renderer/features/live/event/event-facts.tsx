import type { EventItem } from '../../../../shared/contract/events.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { CopyButton } from '../../../ui/feedback/copy-button.tsx';
import { Lamp, type Tone } from '../../../ui/feedback/lamp.tsx';
import { TimeAgo } from '../../../ui/text/time-ago.tsx';
import { Timestamp } from '../../../ui/text/timestamp.tsx';
import classes from '../live.module.css';

const proofTones: Record<EventItem['verification']['state'], Tone> = {
  verified: 'green',
  none: 'grey',
  internal: 'grey',
};
const proofWords: Record<EventItem['verification']['state'], string> = {
  verified: 'verified',
  none: 'not verified',
  internal: 'internal',
};

/** Where it came from, when, who vouched for it, and by which ids it goes. */
export function EventFacts({ event }: { event: EventItem }) {
  const { verification } = event;
  return (
    <div className={classes.facts}>
      <a href={hrefOf(paths.source(event.source))}>{event.source}</a>
      <span>
        <Timestamp at={event.receivedAt} precise />{' '}
        <span className={classes.key}>
          · <TimeAgo at={event.receivedAt} />
        </span>
      </span>
      <span title={verification.detail ?? undefined} className={classes.fact}>
        <Lamp tone={proofTones[verification.state]} lit={verification.state === 'verified'} />
        {proofWords[verification.state]}
        {verification.scheme !== null && <span className={classes.key}>{verification.scheme}</span>}
      </span>
      <span className={classes.fact}>
        <code className={classes.id}>{event.id}</code>
        <CopyButton text={event.id} title="Copy ID" />
      </span>
      {event.externalId !== null && (
        <span className={classes.fact} title="Sender’s ID">
          <span className={classes.key}>sender's</span>
          <code className={classes.id}>{event.externalId}</code>
        </span>
      )}
    </div>
  );
}
