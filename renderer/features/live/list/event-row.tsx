import { IconCheck, IconRepeat, IconShieldCheckFilled, IconSubtask } from '@tabler/icons-react';
import type { BlindWindow } from '../../../../shared/contract/app.ts';
import type { EventItem, Verification } from '../../../../shared/contract/events.ts';
import { StateDot } from '../../../domain/run/state-dot.tsx';
import { typeTitle } from '../../../model/events/event-catalog.ts';
import { useLocalCatalog } from '../../../model/events/local-catalog.ts';
import { Cell } from '../../../ui/tables/cell.tsx';
import { formatBytes } from '../../../ui/text/format.ts';
import { VisibleText } from '../../../ui/text/visible-text.tsx';
import classes from '../live.module.css';
import { summarise } from '../model/event-summary.ts';
import { OutageMark } from './outage-mark.tsx';
import { RowTime } from './row-time.tsx';

export const columns = {
  wide: '14px 104px clamp(64px, 12cqi, 112px) clamp(120px, 24cqi, 280px) minmax(100px, 1fr) minmax(100px, 200px) 18px',
  narrow: '14px clamp(88px, 25cqi, 104px) clamp(40px, 14cqi, 72px) minmax(0, 1fr) clamp(42px, 14cqi, 72px)',
};
export const heads = {
  wide: ['', 'Time', 'Source', 'Type', 'About', 'Runs', ''],
  narrow: ['', 'Time', 'Source', 'Type', 'Runs'],
};

const proof: Record<Verification['state'], string> = {
  verified: 'Verified',
  none: 'Not verified',
  internal: 'Raised by Signalbox',
};

function VerificationMark({ verification }: { verification: Verification }) {
  const title = [proof[verification.state], verification.scheme, verification.detail].filter(Boolean).join(' · ');
  return (
    <span className={classes.mark} title={title} role="img" aria-label={title}>
      {verification.state === 'verified' ? (
        <IconShieldCheckFilled size={13} />
      ) : verification.state === 'none' ? (
        <span className={classes.dash} />
      ) : (
        <IconSubtask size={13} stroke={1.5} />
      )}
    </span>
  );
}

const most = 3;

/** A lamp for each run, and the jobs' names while there is room. */
export function RunLamps({ event, named }: { event: EventItem; named: boolean }) {
  if (event.chainStopped) return <span className={classes.stopped}>chain stopped</span>;
  if (event.runs.length === 0) return event.ignored ? <span className={classes.ignored}>ignored</span> : null;
  const shown = event.runs.slice(0, most);
  return (
    <span className={classes.lamps}>
      {shown.map((run) => (
        <span key={run.id} className={classes.lampName}>
          <StateDot state={run.state} label={`${run.job}: ${run.state}`} />
          {named && event.runs.length <= 2 && <span className={classes.jobName}>{run.job}</span>}
        </span>
      ))}
      {event.runs.length > most && <span className={classes.more}>+{event.runs.length - most}</span>}
    </span>
  );
}

function Summary({ event }: { event: EventItem }) {
  if (event.unreadable !== undefined) {
    return <span className={classes.key}>damaged in the store: {event.unreadable.join(', ')}</span>;
  }
  if (event.payloadOmittedBytes !== undefined) {
    return <span className={classes.key}>payload of {formatBytes(event.payloadOmittedBytes)}, shown when opened</span>;
  }
  return summarise(event).map((part) => (
    <span key={part.key} className={classes.part}>
      <span className={classes.key}>{part.key}</span> {part.value}
    </span>
  ));
}

interface EventRowProps {
  event: EventItem;
  wide: boolean;
  checked: boolean;
  onToggle: () => void;
  /** Times between this event and the one below it in which nothing could be received. */
  outages: readonly BlindWindow[];
}

export function EventRow({ event, wide, checked, onToggle, outages }: EventRowProps) {
  const locals = useLocalCatalog((state) => state.types);
  return (
    <>
      {/* For the pointer only: keys and screen readers select the row itself. */}
      <span className={classes.tick} data-on={checked} data-own-click aria-hidden onClick={onToggle}>
        {checked && <IconCheck size={10} stroke={3} />}
      </span>
      {outages.length > 0 && <OutageMark windows={outages} />}
      <Cell dim>
        <RowTime at={event.receivedAt} />
      </Cell>
      <Cell title={event.source}>{event.source}</Cell>
      <Cell mono title={typeTitle(event.system, event.type, locals)}>
        {event.replayOf !== null && (
          <IconRepeat size={12} stroke={1.8} className={classes.origin} aria-label="Replay" />
        )}
        <VisibleText text={event.type} />
      </Cell>
      {wide && (
        <Cell mono>
          <Summary event={event} />
        </Cell>
      )}
      <Cell>
        <RunLamps event={event} named={wide} />
      </Cell>
      {wide && <VerificationMark verification={event.verification} />}
    </>
  );
}
