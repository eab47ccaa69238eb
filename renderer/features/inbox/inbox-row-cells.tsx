import { IconChevronRight } from '@tabler/icons-react';
import { StateDot } from '../../domain/run/state-dot.tsx';
import { whyOf } from '../../model/runs/run-why.ts';
import { Cell } from '../../ui/tables/cell.tsx';
import { endHead } from '../../ui/tables/list-head.tsx';
import { formatCount } from '../../ui/text/format.ts';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import classes from './inbox.module.css';
import type { InboxRow } from './model/inbox-rows.ts';

/** Beside the detail the source and the attempt give way; the detail has them. */
export const columns = {
  wide: '34px minmax(96px, 1fr) minmax(140px, 1.4fr) minmax(180px, 3fr) 56px 76px',
  narrow: '34px minmax(72px, 0.9fr) minmax(0, 2fr) clamp(60px, 15cqi, 76px)',
};

export const headings = {
  wide: ['', 'Job', 'Event', 'Reason', endHead('Attempt'), endHead('Since')],
  narrow: ['', 'Job', 'Reason', endHead('Since')],
};

interface InboxRowCellsProps {
  row: InboxRow;
  narrow: boolean;
  onToggle: (groupKey: string) => void;
}

export function InboxRowCells({ row, narrow, onToggle }: InboxRowCellsProps) {
  const run = row.kind === 'group' ? row.group.runs[0] : row.run;
  const count = row.kind === 'group' ? row.group.runs.length : 1;
  const isMember = row.kind === 'run' && row.isMember;
  const why = whyOf(run);
  return (
    <>
      <Cell>
        <span className={classes.lead} data-member={isMember}>
          {row.kind === 'group' ? (
            // biome-ignore lint/a11y/noStaticElementInteractions: an option may hold no button; o and Enter fold it from the keyboard
            // biome-ignore lint/a11y/useKeyWithClickEvents: as above
            <span className={classes.fold} data-open={row.isOpen} onClick={() => onToggle(row.key)}>
              <IconChevronRight size={13} stroke={2} aria-hidden />
              <span className={classes.hidden}>{row.isOpen ? 'expanded' : 'collapsed'}</span>
            </span>
          ) : (
            <span className={classes.fold} />
          )}
          <StateDot state={run.state} />
        </span>
      </Cell>
      <Cell>
        {isMember ? (
          narrow && <span className={classes.member}>{run.eventType}</span>
        ) : (
          <span className={classes.job}>{run.job}</span>
        )}
        {count > 1 && (
          <span className={classes.count} title={`${count} similar runs`}>
            {formatCount(count)}
          </span>
        )}
      </Cell>
      {!narrow && (
        <Cell mono>
          <span className={isMember ? classes.quiet : undefined}>{run.eventType}</span>{' '}
          <span className={classes.source}>{run.source}</span>
        </Cell>
      )}
      <Cell title={why}>
        <span className={isMember ? classes.dim : classes.why}>{why}</span>
      </Cell>
      {!narrow && (
        <Cell dim align="end">
          {run.attempts > 1 ? `${run.attempt}/${run.attempts}` : ''}
        </Cell>
      )}
      <Cell dim align="end">
        <TimeAgo at={run.question?.askedAt ?? run.finishedAt ?? run.queuedAt} />
      </Cell>
    </>
  );
}
