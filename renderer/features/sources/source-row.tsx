import { IconAlertTriangle, IconCopy, IconLock } from '@tabler/icons-react';
import type { PresetInfo, Source } from '../../../shared/contract/sources.ts';
import { Cell } from '../../components/cell.tsx';
import { formatCount } from '../../components/format.ts';
import { Lamp } from '../../components/lamp.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { healthOf } from '../../stores/sources-health.ts';
import classes from './sources.module.css';

export const columns = {
  wide: '12px minmax(140px, 1fr) minmax(110px, 0.8fr) minmax(200px, 2fr) 84px 70px 70px 70px 16px',
  narrow: '12px minmax(0, 1fr) auto 16px',
} as const;

const right = (text: string) => (
  <span key={text} className={classes.right}>
    {text}
  </span>
);

export const headings = {
  wide: ['', 'Source', 'Preset', 'Address', 'Last event', right('Accepted'), right('Repeated'), right('Refused'), ''],
  narrow: ['', 'Source', '', ''],
};

interface SourceRowProps {
  source: Source;
  preset: PresetInfo | undefined;
  narrow: boolean;
  isDirty: boolean;
  onCopy: () => void;
}

export function SourceRow({ source, preset, narrow, isDirty, onCopy }: SourceRowProps) {
  const health = healthOf(source);
  const mark =
    source.problem !== null && source.enabled ? (
      <IconAlertTriangle size={14} stroke={1.7} className={classes.problemMark} aria-label={source.problem} />
    ) : source.owner !== 'user' ? (
      <IconLock
        size={13}
        stroke={1.6}
        className={classes.lock}
        aria-label={source.owner === 'builtin' ? 'Built in' : 'Declared in the config file'}
      />
    ) : null;
  const lamp = <Lamp tone={health.tone} lit={health.lit} label={health.label} />;
  const name = (
    <Cell title={source.problem ?? `${source.name} (${source.slug})`} dim={!source.enabled}>
      {source.name}
      {isDirty && <span className={classes.dirty} title="Unsaved changes" />}
      {!narrow && source.name !== source.slug && <span className={classes.slugCell}>{source.slug}</span>}
    </Cell>
  );
  const last = source.lastDeliveryAt === null ? '–' : <TimeAgo at={source.lastDeliveryAt} />;
  if (narrow) {
    return (
      <>
        {lamp}
        {name}
        <Cell dim>{last}</Cell>
        <span className={classes.mark}>{mark}</span>
      </>
    );
  }
  return (
    <>
      {lamp}
      {name}
      <Cell dim>{source.owner === 'builtin' ? 'built in' : (preset?.label ?? source.preset)}</Cell>
      {source.url === null ? (
        <Cell dim>Signalbox’s own events</Cell>
      ) : (
        <span className={classes.urlCell}>
          <Cell mono title={source.url}>
            {source.url}
          </Cell>
          {/* A button in an option is out of reach for a screen reader: the page has a key for it. */}
          {/* biome-ignore lint/a11y/noStaticElementInteractions: as above */}
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above */}
          <span
            className={classes.rowCopy}
            title="Copy the address (y)"
            onClick={(event) => {
              event.stopPropagation();
              onCopy();
            }}
          >
            <IconCopy size={14} stroke={1.6} aria-hidden />
          </span>
        </span>
      )}
      <Cell dim>{last}</Cell>
      <Count value={source.counts.accepted} />
      <Count value={source.counts.duplicate} />
      <Count value={source.counts.refused} isBad />
      <span className={classes.mark}>{mark}</span>
    </>
  );
}

function Count({ value, isBad = false }: { value: number; isBad?: boolean }) {
  return (
    <Cell align="end" dim={value === 0}>
      <span className={isBad && value > 0 ? classes.bad : undefined}>{value === 0 ? '–' : formatCount(value)}</span>
    </Cell>
  );
}
