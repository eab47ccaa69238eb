import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startApp } from './app.ts';
import type { BenchOptions, Goal, Part, Row } from './bench-types.ts';
import { type Memory, readMemory } from './child.ts';
import { bigStoreConfig, copyFilledStore, storedEvents } from './filled-store.ts';
import { median } from './numbers.ts';

const aimMs = 600;
const aimOwnMb = 100;

export const startUpPart: Part = {
  name: 'start',
  letters: 'g',
  about: 'time to ready and memory, with an empty and a big store',
  async run(options) {
    const { workDir, isQuick } = options;
    const big = await copyFilledStore(options);
    const ofEvents = `${storedEvents(isQuick).toLocaleString('en-US')} events`;
    return [
      ...(await measure(options, 'an empty store', (round) => join(workDir, `empty-${round}`), 0)),
      ...(await measure(options, ofEvents, () => big, storedEvents(isQuick))),
    ];
  },
};

async function measure(
  { isQuick, say }: BenchOptions,
  what: string,
  dataDir: (round: number) => string,
  events: number,
): Promise<Row[]> {
  const rounds = isQuick ? 3 : 7;
  const readyMs: number[] = [];
  const memories: Memory[] = [];
  for (let round = 0; round < rounds; round++) {
    const app = await startApp({ dataDir: dataDir(round), config: bigStoreConfig });
    readyMs.push(app.readyMs);
    await app.settled(events);
    await wait(1500);
    const memory = readMemory(app.pid);
    if (memory !== null) memories.push(memory);
    await app.stop();
    say(`${what}: ready after ${Math.round(app.readyMs)} ms`);
  }
  const ready: Row = {
    part: 'g',
    what: `start to ready, ${what}`,
    value: median(readyMs),
    unit: 'ms',
    rounds: readyMs,
    goals: goalOf(events, `ready, ${what}`, median(readyMs), aimMs, 'ms'),
  };
  if (memories.length === 0) return [ready];
  const residentMb = memories.map((memory) => memory.residentMb);
  const ownMb = median(memories.map((memory) => memory.ownMb));
  return [
    ready,
    {
      part: 'g',
      what: `memory when idle, ${what}`,
      value: median(residentMb),
      unit: 'MB',
      rounds: residentMb,
      note: `${ownMb.toFixed(0)} MB of it its own, the rest programs and mapped files`,
      goals: goalOf(events, `memory when idle, its own, ${what}`, ownMb, aimOwnMb, 'MB'),
    },
  ];
}

/** What is aimed at is a store in use. */
const goalOf = (events: number, what: string, value: number, most: number, unit: string): Goal[] =>
  events === 0 ? [] : [{ what, aim: `< ${most} ${unit}`, got: `${value.toFixed(0)} ${unit}`, met: value < most }];
