import { z } from 'zod';
import type { SourceRhythm } from '../../../../shared/contract/statistics.ts';
import type { ReadableDb } from '../../database/open.ts';
import { statement } from '../../database/statements.ts';
import { isoTimeOrNull } from '../../database/times.ts';

/** Deliveries looked at, latest first. */
const mostDeliveries = 200;
/** Fewer intervals say nothing of what is usual. */
const leastIntervals = 5;
/** A source is silent when nothing came for this many of its long intervals, and for at least so long. */
const silentFactor = 3;
const silentLeastMs = 5 * 60_000;

const rowSchema = z.object({ at: z.number() });

/** How often a source delivers, and whether it has gone silent. Refused deliveries count: they show that the sender is there. */
export function readRhythm(db: ReadableDb, source: string, nowMs: number): SourceRhythm {
  return rhythmOf(latestTimes(db, source), nowMs);
}

const latestTimes = (db: ReadableDb, source: string): number[] =>
  statement(
    db,
    `SELECT received_at AS at FROM deliveries INDEXED BY deliveries_by_source WHERE source = ? ORDER BY seq DESC LIMIT ${mostDeliveries}`,
  )
    .all(source)
    .map((row) => rowSchema.parse(row).at);

/**
 * `times`: of deliveries, latest first. Usual is the median interval. Silence is judged by the 95th percentile, so that a
 * source that sends in bursts is not called silent between two of them.
 */
export function rhythmOf(times: readonly number[], nowMs: number): SourceRhythm {
  const [last] = times;
  const usual = usualOf(times);
  const lastAt = isoTimeOrNull(last ?? null);
  if (last === undefined || usual === null) return { lastAt, usualIntervalMs: null, isSilent: false };
  return { lastAt, usualIntervalMs: usual.intervalMs, isSilent: nowMs - last > usual.silentAfterMs };
}

/** `times`: latest first. Null of too few. */
function usualOf(times: readonly number[]): { intervalMs: number; silentAfterMs: number } | null {
  const intervals = times
    .slice(1)
    .map((at, index) => Math.max(0, (times[index] ?? at) - at))
    .sort((one, other) => one - other);
  if (intervals.length < leastIntervals) return null;
  const rank = (share: number): number => intervals[Math.ceil(share * intervals.length) - 1] ?? 0;
  return { intervalMs: rank(0.5), silentAfterMs: Math.max(silentLeastMs, silentFactor * rank(0.95)) };
}

export interface SourceSilence {
  /** Of the latest delivery; null: there is none. */
  lastMs: number | null;
  /** Longer without a delivery is silence; null while there are too few to tell. */
  silentAfterMs: number | null;
}

export function sourceSilence(db: ReadableDb, { source }: { source: string }): SourceSilence {
  const times = latestTimes(db, source);
  return { lastMs: times[0] ?? null, silentAfterMs: usualOf(times)?.silentAfterMs ?? null };
}

/** Of several sources. */
export const sourceRhythms = (
  db: ReadableDb,
  { sources, nowMs }: { sources: readonly string[]; nowMs: number },
): { slug: string; rhythm: SourceRhythm }[] => sources.map((slug) => ({ slug, rhythm: readRhythm(db, slug, nowMs) }));
