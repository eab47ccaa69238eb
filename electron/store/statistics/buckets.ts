import { z } from 'zod';
import { isoTime } from '../database/times.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Widths that are easy to read. */
const widths = [
  ...[1, 5, 10, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 30].map((n) => n * minute),
  ...[1, 3, 6, 12].map((n) => n * hour),
  ...[1, 7, 28, 364].map((n) => n * day),
];

export const defaultBuckets = 120;

/** The time range, `toMs` excluded, and the width of its buckets. */
export interface Frame {
  fromMs: number;
  toMs: number;
  bucketMs: number;
}

export interface HistogramRequest {
  query?: string | undefined;
  buckets?: number | undefined;
  cursor?: string | null | undefined;
  nowMs: number;
}

export interface Histogram<Counts> {
  from: string;
  to: string;
  bucketMs: number;
  buckets: ({ at: string } & Counts)[];
  cursor: string | null;
}

/** Buckets begin at multiples of their width since 1970, so that they do not move as time passes. */
export function frameOf(fromMs: number, toMs: number, most: number): Frame {
  const bucketMs =
    widths.find((width) => Math.floor((toMs - 1) / width) - Math.floor(fromMs / width) < most) ??
    Math.ceil((toMs - fromMs) / Math.max(1, most - 1));
  return { fromMs, toMs: Math.max(toMs, fromMs + 1), bucketMs };
}

export const bucketStart = (frame: Frame, ms: number): number => Math.floor(ms / frame.bucketMs) * frame.bucketMs;

const cursorSchema = z.tuple([z.int(), z.int(), z.int().positive(), z.int()]);

/** A cursor keeps the frame, so that all pieces of a histogram have the same buckets. */
export const printCursor = ({ fromMs, toMs, bucketMs }: Frame, at: number): string =>
  JSON.stringify([fromMs, toMs, bucketMs, at]);

/** Null without a cursor and for an invalid one: counting starts over. */
export function readCursor(cursor: string | null | undefined): { frame: Frame; at: number } | null {
  if (cursor === null || cursor === undefined) return null;
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(cursor));
    if (!parsed.success) return null;
    const [fromMs, toMs, bucketMs, at] = parsed.data;
    return { frame: { fromMs, toMs, bucketMs }, at };
  } catch {
    return null;
  }
}

export function toHistogram<Counts extends object>(
  frame: Frame,
  counts: ReadonlyMap<number, Counts>,
  at: number | null,
): Histogram<Counts> {
  return {
    from: isoTime(frame.fromMs),
    to: isoTime(frame.toMs),
    bucketMs: frame.bucketMs,
    buckets: [...counts]
      .sort(([one], [other]) => other - one)
      .map(([startMs, numbers]) => ({ at: isoTime(startMs), ...numbers })),
    cursor: at === null ? null : printCursor(frame, at),
  };
}
