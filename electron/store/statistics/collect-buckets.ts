import { bucketStart, type Frame, type Histogram, toHistogram } from './buckets.ts';

/** Buckets that hold any, counted before the clock is looked at: on a busy machine each call gets at least so far. */
const pieceBuckets = 16;

/** Counts bucket by bucket, from `at` or the newest to the oldest, until all are counted or the time is up. */
export function collectBuckets<Counts extends object>(
  frame: Frame,
  at: number | null,
  budgetMs: number,
  count: (startMs: number) => Counts,
  isEmpty: (counts: Counts) => boolean,
): Histogram<Counts> {
  const endBy = performance.now() + budgetMs;
  const counts = new Map<number, Counts>();
  let start = at ?? bucketStart(frame, frame.toMs - 1);
  while (start + frame.bucketMs > frame.fromMs) {
    const found = count(start);
    if (!isEmpty(found)) {
      counts.set(start, found);
      const isTimeToLook = counts.size % pieceBuckets === 0;
      const next = start - frame.bucketMs;
      if (isTimeToLook && performance.now() > endBy && next + frame.bucketMs > frame.fromMs) {
        return toHistogram(frame, counts, next);
      }
    }
    start -= frame.bucketMs;
  }
  return toHistogram(frame, counts, null);
}
