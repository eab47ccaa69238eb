import { countOf, type Part } from '../time/time-bars.tsx';

const ended: readonly Part[] = [
  { name: 'failed', tone: 'red', of: countOf('failed') },
  { name: 'completed', tone: 'green', of: countOf('completed') },
  { name: 'canceled', tone: 'grey', of: countOf('canceled') },
];

/** Bars of runs, from the bottom up. */
export const runParts: readonly Part[] = [
  ...ended,
  {
    name: 'unfinished',
    tone: 'blue',
    of: (counts) => ended.reduce((left, part) => left - part.of(counts), countOf('total')(counts)),
  },
];
