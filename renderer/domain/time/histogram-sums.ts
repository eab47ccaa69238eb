import type { BucketCounts, Histogram } from '../../model/calls/use-histogram.ts';
import { formatCount } from '../../ui/text/format.ts';

/** Of all buckets; 0 while nothing is counted. */
export const sumOf = (histogram: Histogram | null, of: (counts: BucketCounts) => number): number =>
  histogram === null ? 0 : [...histogram.counts.values()].reduce((sum, counts) => sum + of(counts), 0);

/** The sum as text: a dash, not 0, while nothing is counted. */
export const sumText = (histogram: Histogram | null, of: (counts: BucketCounts) => number): string =>
  histogram === null ? '–' : formatCount(sumOf(histogram, of));
