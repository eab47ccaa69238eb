import { IconPlugConnectedX } from '@tabler/icons-react';
import type { BlindWindow } from '../../../../shared/contract/app.ts';
import { outageWords } from '../../../model/app/outages.ts';
import { formatDurationMs, fullTime } from '../../../ui/text/format.ts';
import classes from '../live.module.css';

const local = (at: string): string => fullTime(at)?.local ?? at;

function sentence({ kind, from, to, detail }: BlindWindow): string {
  const lasted = to === null ? '' : ` (${formatDurationMs(Date.parse(to) - Date.parse(from))})`;
  return `${outageWords[kind]} from ${local(from)} to ${local(to ?? from)}${lasted}: ${detail}`;
}

/** Between this row and the next, older one the app could take nothing: silence there says nothing about the senders. */
export function OutageMark({ windows }: { windows: readonly BlindWindow[] }) {
  const title = ['No events could be received before this', ...windows.map(sentence)].join('\n');
  return (
    <span className={classes.outage} title={title} role="img" aria-label={title}>
      <IconPlugConnectedX size={11} stroke={1.8} aria-hidden />
    </span>
  );
}
