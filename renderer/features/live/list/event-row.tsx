import { IconCheck, IconRepeat, IconShieldCheckFilled, IconSubtask } from '@tabler/icons-react';
import { memo } from 'react';
import { columnText } from '../../../../shared/columns/column-text.ts';
import { summarise } from '../../../../shared/columns/event-summary.ts';
import type { BlindWindow } from '../../../../shared/contract/app.ts';
import type { EventItem, Verification } from '../../../../shared/contract/events.ts';
import type { Column } from '../../../../shared/contract/views.ts';
import { StateDot } from '../../../domain/run/state-dot.tsx';
import { typeTitle } from '../../../model/events/event-catalog.ts';
import { useLocalCatalog } from '../../../model/events/local-catalog.ts';
import { Cell } from '../../../ui/tables/cell.tsx';
import { formatBytes } from '../../../ui/text/format.ts';
import { VisibleText } from '../../../ui/text/visible-text.tsx';
import classes from '../live.module.css';
import { OutageMark } from './outage-mark.tsx';
import { RowTime } from './row-time.tsx';

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

/** A value at a path of the event, as it was sent. */
function PathValue({ event, field }: { event: EventItem; field: string }) {
  if (event.payloadOmittedBytes !== undefined && field.startsWith('payload')) {
    return <span className={classes.key}>shown when opened</span>;
  }
  return <VisibleText text={columnText(event, field).slice(0, longestCell)} />;
}

/** Nothing wider is on a screen. */
const longestCell = 300;

function TypeCell({ event }: { event: EventItem }) {
  const locals = useLocalCatalog((state) => state.types);
  return (
    <Cell mono title={typeTitle(event.system, event.type, locals)}>
      {event.replayOf !== null && <IconRepeat size={12} stroke={1.8} className={classes.origin} aria-label="Replay" />}
      <VisibleText text={event.type} />
    </Cell>
  );
}

function EventCell({ event, field, wide }: { event: EventItem; field: string; wide: boolean }) {
  switch (field) {
    case 'time':
      return (
        <Cell dim>
          <RowTime at={event.receivedAt} />
        </Cell>
      );
    case 'occurred':
      return <Cell dim>{event.occurredAt !== null && <RowTime at={event.occurredAt} />}</Cell>;
    case 'source':
      return <Cell title={event.source}>{event.source}</Cell>;
    case 'type':
      return <TypeCell event={event} />;
    case 'about':
      return (
        <Cell mono>
          <Summary event={event} />
        </Cell>
      );
    case 'runs':
      return (
        <Cell>
          <RunLamps event={event} named={wide} />
        </Cell>
      );
    case 'verified':
      return <VerificationMark verification={event.verification} />;
    default:
      return (
        <Cell mono>
          <PathValue event={event} field={field} />
        </Cell>
      );
  }
}

interface EventRowProps {
  event: EventItem;
  columns: readonly Column[];
  /** Names of jobs stand beside their lamps. */
  wide: boolean;
  checked: boolean;
  /** The same function at each render. */
  onToggle: (id: string) => void;
  /** Times between this event and the one below it in which nothing could be received. */
  outages: readonly BlindWindow[];
}

/** With many events a second, most rows move and few change. */
export const EventRow = memo(
  Row,
  (a, b) =>
    a.event === b.event &&
    a.columns === b.columns &&
    a.wide === b.wide &&
    a.checked === b.checked &&
    a.onToggle === b.onToggle &&
    a.outages.length === 0 &&
    b.outages.length === 0,
);

function Row({ event, columns, wide, checked, onToggle, outages }: EventRowProps) {
  return (
    <>
      {/* For the pointer only: keys and screen readers select the row itself. */}
      <span className={classes.tick} data-on={checked} data-own-click aria-hidden onClick={() => onToggle(event.id)}>
        {checked && <IconCheck size={10} stroke={3} />}
      </span>
      {outages.length > 0 && <OutageMark windows={outages} />}
      {columns.map(({ field }) => (
        <EventCell key={field} event={event} field={field} wide={wide} />
      ))}
    </>
  );
}
