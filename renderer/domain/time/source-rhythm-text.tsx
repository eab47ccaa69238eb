import type { SourceRhythm } from '../../../shared/contract/statistics.ts';
import { formatDurationMs } from '../../ui/text/format.ts';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import classes from './time.module.css';

/** `usually every 4 m, last 3 h ago` */
export function SourceRhythmText({ rhythm }: { rhythm: SourceRhythm }) {
  const { lastAt, usualIntervalMs, isSilent } = rhythm;
  if (lastAt === null) return <>no deliveries yet</>;
  return (
    <span className={isSilent ? classes.silent : undefined}>
      {usualIntervalMs !== null && `usually every ${formatInterval(usualIntervalMs)}, `}
      last <TimeAgo at={lastAt} />
      {isSilent && ' · silent'}
    </span>
  );
}

/** To one unit: a usual interval is never exact. */
function formatInterval(ms: number): string {
  if (ms < 1000) return formatDurationMs(Math.max(1, ms));
  const units = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
  ] as const;
  const [size, unit] = units.find(([one]) => ms >= one) ?? [1000, 's'];
  return `${Math.round(ms / size)} ${unit}`;
}
