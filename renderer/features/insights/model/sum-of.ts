import type { BucketCounts, Histogram } from '../../../model/calls/use-histogram.ts';

export const sumOf = (histogram: Histogram | null, of: (counts: BucketCounts) => number): number =>
  histogram === null ? 0 : [...histogram.counts.values()].reduce((sum, counts) => sum + of(counts), 0);
