import type { BucketCounts } from '../../model/calls/use-histogram.ts';
import type { Part } from '../time/time-bars.tsx';

const of = (counts: BucketCounts, name: string): number => counts[name] ?? 0;

/** Bars of runs, from the bottom up. */
export const runParts: readonly Part[] = [
  { name: 'failed', tone: 'red', of: (counts) => of(counts, 'failed') },
  { name: 'completed', tone: 'green', of: (counts) => of(counts, 'completed') },
  { name: 'canceled', tone: 'grey', of: (counts) => of(counts, 'canceled') },
  {
    name: 'unfinished',
    tone: 'blue',
    of: (counts) => of(counts, 'total') - of(counts, 'failed') - of(counts, 'completed') - of(counts, 'canceled'),
  },
];
