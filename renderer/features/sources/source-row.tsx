import { IconCopy } from '@tabler/icons-react';
import type { PresetInfo, Source } from '../../../shared/contract/sources.ts';
import { CountCell, DefinitionRow } from '../../domain/definition/definition-row.tsx';
import { Cell } from '../../ui/tables/cell.tsx';
import { endHead } from '../../ui/tables/list-head.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import { healthOf } from './model/source-health.ts';
import classes from './sources.module.css';

export const columns = {
  wide: '12px minmax(100px, 1fr) minmax(60px, 0.8fr) minmax(90px, 2fr) clamp(64px, 9cqi, 84px) repeat(3, clamp(56px, 7.5cqi, 70px)) 16px',
  narrow: '12px minmax(0, 1fr) auto 16px',
} as const;

export const headings = {
  wide: [
    '',
    'Source',
    'Preset',
    'Address',
    'Last event',
    endHead('Accepted'),
    endHead('Repeated'),
    endHead('Refused'),
    '',
  ],
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
  const last = source.lastDeliveryAt === null ? '–' : <TimeAgo at={source.lastDeliveryAt} />;
  return (
    <DefinitionRow
      definition={source}
      lamp={healthOf(source)}
      narrow={narrow}
      isDirty={isDirty}
      dim={!source.enabled}
      isOutOfUse={!source.enabled}
      narrowCells={<Cell dim>{last}</Cell>}
    >
      <Cell dim>{source.owner === 'builtin' ? 'built in' : (preset?.label ?? source.preset)}</Cell>
      {source.url === null ? (
        <Cell dim>Signalbox’s internal events</Cell>
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
            title="Copy address (y)"
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
      <CountCell value={source.counts.accepted} />
      <CountCell value={source.counts.duplicate} />
      <CountCell value={source.counts.refused} tone="amber" />
    </DefinitionRow>
  );
}
