import type { Growth } from '../../../../shared/contract/insights.ts';
import { formatBytes, formatDay } from '../../../ui/text/format.ts';

const dayMs = 86_400_000;
/** A full disk this near is red. */
const soonMs = 14 * dayMs;

/** What the growth of the last week leads to. */
export function forecastText(growth: Growth, nowMs: number): { text: string; isBad: boolean } {
  const { bytesPerDay, fullAt, levelsOffAt, levelsOffBytes } = growth;
  if (bytesPerDay === null) return { text: 'A forecast needs readings of at least one hour.', isBad: false };
  if (fullAt !== null) {
    const atMs = Date.parse(fullAt);
    return {
      text: `At this rate the disk is full ${inDays(atMs, nowMs)}. Free space on it, or keep events for fewer days (Settings, Retention).`,
      isBad: atMs - nowMs < soonMs,
    };
  }
  if (bytesPerDay <= 0 || levelsOffAt === null || levelsOffBytes === null) {
    return { text: 'The database does not grow.', isBad: false };
  }
  const atMs = Date.parse(levelsOffAt);
  if (atMs - nowMs < dayMs) return { text: 'Retention removes old events as new ones come in.', isBad: false };
  return {
    text: `Levels off ${inDays(atMs, nowMs)} at about ${formatBytes(levelsOffBytes)}, when retention begins.`,
    isBad: false,
  };
}

function inDays(atMs: number, nowMs: number): string {
  const days = Math.round((atMs - nowMs) / dayMs);
  if (days < 1) return 'within a day';
  return `in ${days} ${days === 1 ? 'day' : 'days'} (${formatDay(new Date(atMs))})`;
}
