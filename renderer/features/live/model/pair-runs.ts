import type { EventItem } from '../../../../shared/contract/events.ts';

type EventRun = EventItem['runs'][number];

export interface RunPair {
  listener: string | null;
  job: string;
  a: EventRun | undefined;
  b: EventRun | undefined;
}

const keyOf = ({ listener, job }: EventRun): string => `${listener ?? ''}\n${job}`;

/** The latest run of each listener and job (ids sort by time), in the order in which the first event has them. */
export function pairRuns(before: readonly EventRun[], after: readonly EventRun[]): RunPair[] {
  const [a, b] = [latest(before), latest(after)];
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((key) => {
    const run = a.get(key) ?? b.get(key);
    return run === undefined ? [] : [{ listener: run.listener, job: run.job, a: a.get(key), b: b.get(key) }];
  });
}

function latest(runs: readonly EventRun[]): Map<string, EventRun> {
  const byKey = new Map<string, EventRun>();
  for (const run of runs) {
    const known = byKey.get(keyOf(run));
    if (known === undefined || known.id < run.id) byKey.set(keyOf(run), run);
  }
  return byKey;
}
