import { bucketStart, type Frame, type Histogram, toHistogram } from './buckets.ts';

/**
 * What is counted between checks of the clock: so many buckets that hold any, or so many rows. On a busy machine each call
 * gets at least so far; on none does it take long, since 40,000 rows are counted in about 10 ms.
 */
const pieceBuckets = 16;
const pieceRows = 40_000;

/** Counts bucket by bucket, from `at` or the newest to the oldest, until all are counted or the time is up. */
export function collectBuckets<Counts extends { total: number }>(
  frame: Frame,
  at: number | null,
  budgetMs: number,
  count: (startMs: number) => Counts,
  isEmpty: (counts: Counts) => boolean = ({ total }) => total === 0,
): Histogram<Counts> {
  const endBy = performance.now() + budgetMs;
  const counts = new Map<number, Counts>();
  let start = at ?? bucketStart(frame, frame.toMs - 1);
  let [buckets, rows] = [0, 0];
  while (start + frame.bucketMs > frame.fromMs) {
    const found = count(start);
    start -= frame.bucketMs;
    if (isEmpty(found)) continue;
    counts.set(start + frame.bucketMs, found);
    buckets += 1;
    rows += found.total;
    if (buckets < pieceBuckets && rows < pieceRows) continue;
    [buckets, rows] = [0, 0];
    if (performance.now() > endBy && start + frame.bucketMs > frame.fromMs) return toHistogram(frame, counts, start);
  }
  return toHistogram(frame, counts, null);
}
