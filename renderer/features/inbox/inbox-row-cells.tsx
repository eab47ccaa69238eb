import { ActionIcon } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { Cell } from '../../components/cell.tsx';
import { formatCount } from '../../components/format.ts';
import { StateDot } from '../../components/state-dot.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import type { InboxRow } from '../../stores/inbox-rows.ts';
import { whyOf } from '../../stores/runs-why.ts';
import classes from './inbox.module.css';

/** Beside the detail the source and the attempt give way; the detail has them. */
export const columns = {
  wide: '34px minmax(96px, 1fr) minmax(140px, 1.4fr) minmax(180px, 3fr) 44px 76px',
  narrow: '34px minmax(84px, 0.9fr) minmax(140px, 2fr) 76px',
};

export const headings = {
  wide: ['', 'Job', 'Event', 'Why', 'Try', 'Ended'],
  narrow: ['', 'Job', 'Why', 'Ended'],
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
          <span className={classes.fold}>
            {row.kind === 'group' && (
              <ActionIcon
                size={18}
                tabIndex={-1}
                aria-label={row.isOpen ? 'Fold these runs' : 'Show these runs'}
                aria-expanded={row.isOpen}
                data-open={row.isOpen}
                onClick={() => onToggle(row.key)}
              >
                <IconChevronRight size={13} stroke={2} />
              </ActionIcon>
            )}
          </span>
          <StateDot state={run.state} />
        </span>
      </Cell>
      <Cell>
        <span className={isMember ? classes.member : classes.job}>{isMember ? run.eventType : run.job}</span>
        {count > 1 && (
          <span className={classes.count} title={`${count} runs that ended alike`}>
            {formatCount(count)}
          </span>
        )}
      </Cell>
      {!narrow && (
        <Cell mono>
          {isMember ? (
            <span className={classes.dim}>{run.source}</span>
          ) : (
            <>
              {run.eventType} <span className={classes.source}>{run.source}</span>
            </>
          )}
        </Cell>
      )}
      <Cell title={why}>
        <span className={isMember ? classes.dim : run.state === 'completed' ? undefined : classes.why}>{why}</span>
      </Cell>
      {!narrow && (
        <Cell dim align="end">
          {run.attempts > 1 ? `${run.attempt}/${run.attempts}` : ''}
        </Cell>
      )}
      <Cell dim align="end">
        <TimeAgo at={run.finishedAt ?? run.queuedAt} />
      </Cell>
    </>
  );
}
