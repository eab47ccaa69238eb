import type { Logger } from 'pino';
import { noAnswers } from '../../shared/answer-times.ts';
import { type Reading, writeReading } from '../store/statistics/readings/readings.ts';
import type { Writer } from '../store/write/writer.ts';

const everyMs = 5 * 60_000;
/** While nothing happens a reading says nothing new; one now and then shows how long that lasted. */
const idleEveryMs = 60 * 60_000;
/** What other programs do to the disk is worth a reading beyond this. */
const notedBytes = 64 * 1024 * 1024;

export interface ReadingDeps {
  writer: Writer;
  log: Logger;
  nowMs: () => number;
  /** Counts of answers since the start, by time; see shared/answer-times.ts. */
  answers: () => Promise<readonly number[]>;
  queue: () => { waiting: number; running: number };
  databaseBytes: () => number;
  freeBytes: () => number | null;
}

export interface Readings {
  /** What would be stored now. */
  now(): Promise<Reading>;
  /** Stores it, unless nothing has happened since the last one. Returns whether it was stored. */
  take(): Promise<boolean>;
  stop(): Promise<void>;
}

/** Reads every five minutes how fast deliveries were answered, how long the queue is and how large the store is. */
export function startReadings(deps: ReadingDeps): Readings {
  let counted: readonly number[] = noAnswers();
  let last: Reading | null = null;
  let taking: Promise<boolean> = Promise.resolve(false);

  async function read(): Promise<{ reading: Reading; answers: readonly number[] }> {
    const answers = await deps.answers();
    const reading: Reading = {
      atMs: deps.nowMs(),
      answers: answers.map((count, index) => count - (counted[index] ?? 0)),
      ...deps.queue(),
      databaseBytes: deps.databaseBytes(),
      freeBytes: deps.freeBytes(),
    };
    return { reading, answers };
  }

  async function store(): Promise<boolean> {
    const { reading, answers } = await read();
    if (last !== null && isSame(last, reading)) return false;
    await deps.writer.write(({ db }) => writeReading(db, reading));
    counted = answers;
    last = reading;
    return true;
  }

  const take = (): Promise<boolean> => {
    taking = taking.catch(() => false).then(store);
    return taking;
  };
  const timer = setInterval(() => {
    take().catch((error: unknown) => deps.log.warn({ err: error }, 'a reading for Insights could not be stored'));
  }, everyMs);
  timer.unref();

  return {
    now: async () => (await read()).reading,
    take,
    async stop() {
      clearInterval(timer);
      // What was counted since the last reading outlives the restart.
      await take().catch(() => false);
    },
  };
}

const isSame = (last: Reading, reading: Reading): boolean =>
  reading.atMs - last.atMs < idleEveryMs &&
  reading.answers.every((count) => count === 0) &&
  reading.waiting === last.waiting &&
  reading.running === last.running &&
  reading.databaseBytes === last.databaseBytes &&
  Math.abs((reading.freeBytes ?? 0) - (last.freeBytes ?? 0)) < notedBytes;
