import type { Growth } from '../../../../shared/contract/insights.ts';
import { isoTimeOrNull } from '../../database/times.ts';
import type { Reading } from './readings.ts';

const dayMs = 86_400_000;
/** A forecast of a shorter time would be a guess. */
const leastSpanMs = 3_600_000;
const leastReadings = 6;
/** What is further away than ten years is never. */
const horizonMs = 3650 * dayMs;

export interface GrowthInput {
  /** Oldest first. */
  readings: readonly Pick<Reading, 'atMs' | 'databaseBytes'>[];
  databaseBytes: number;
  /** Until deliveries are refused for want of room; null when it is not known. */
  freeBytes: number | null;
  /** When the oldest event was received; null without any. */
  oldestEventMs: number | null;
  retentionDays: number;
  nowMs: number;
}

/**
 * How fast the database grows, and what comes of it: the disk is full, or retention removes as much as comes in. It
 * levels off when the oldest event is as old as events are kept.
 */
export function forecastGrowth(input: GrowthInput): Growth {
  const { readings, databaseBytes, freeBytes, oldestEventMs, retentionDays, nowMs } = input;
  const bytesPerDay = slopePerDay(readings);
  if (bytesPerDay === null) return { bytesPerDay, fullAt: null, levelsOffAt: null, levelsOffBytes: null };
  const growing = Math.max(0, bytesPerDay);
  const levelsOffMs = oldestEventMs === null ? null : Math.max(nowMs, oldestEventMs + retentionDays * dayMs);
  const fullMs = freeBytes === null || growing === 0 ? null : nowMs + (Math.max(0, freeBytes) / growing) * dayMs;
  const isFullFirst =
    fullMs !== null &&
    fullMs - nowMs < horizonMs &&
    (levelsOffMs === null || levelsOffMs <= nowMs || fullMs < levelsOffMs);
  return {
    bytesPerDay: Math.round(bytesPerDay),
    fullAt: isoTimeOrNull(isFullFirst ? Math.round(fullMs) : null),
    levelsOffAt: isoTimeOrNull(isFullFirst ? null : levelsOffMs),
    levelsOffBytes:
      isFullFirst || levelsOffMs === null
        ? null
        : Math.round(databaseBytes + (growing * (levelsOffMs - nowMs)) / dayMs),
  };
}

/** Least squares; null for too few readings. */
function slopePerDay(readings: GrowthInput['readings']): number | null {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined || readings.length < leastReadings) return null;
  if (last.atMs - first.atMs < leastSpanMs) return null;
  const days = (atMs: number): number => (atMs - first.atMs) / dayMs;
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanDays, meanBytes] = [
    mean(readings.map(({ atMs }) => days(atMs))),
    mean(readings.map(({ databaseBytes }) => databaseBytes)),
  ];
  let [above, below] = [0, 0];
  for (const { atMs, databaseBytes } of readings) {
    above += (days(atMs) - meanDays) * (databaseBytes - meanBytes);
    below += (days(atMs) - meanDays) ** 2;
  }
  return above / below;
}
