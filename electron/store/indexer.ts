import { z } from 'zod';
import { startDatabaseThread } from './database-thread.ts';

/** Keeps the full-text index up with the store, on a thread of its own. */
export interface Indexer {
  /** Events were added. */
  wake(): void;
  /** Events are gone from the store. */
  remove(seqs: number[]): void;
  /** The newest seq in the index, as last reported. */
  indexedTo(): number;
  close(): Promise<void>;
}

export interface IndexerOptions {
  workerFile: string | URL;
  databaseFile: string;
  searchFile: string;
  /** The index has stopped following; searching still finds what is indexed and walks the rest. */
  onCrash: (error: Error) => void;
}

const reportSchema = z.object({ indexedTo: z.number() });

export function createIndexer(options: IndexerOptions): Indexer {
  const { databaseFile, searchFile } = options;
  const { worker, stop } = startDatabaseThread(options.workerFile, { databaseFile, searchFile }, follow);
  let indexedTo = 0;
  let isClosing = false;
  /** A message for each event cost each of the two threads 4 µs; so one is under way at most, and one waits for its answer. */
  let isAsked = false;
  let isAskedAgain = false;
  const ask = (): void => {
    isAsked = true;
    worker.postMessage({ do: 'index' });
  };
  function follow(message: unknown): void {
    indexedTo = reportSchema.parse(message).indexedTo;
    isAsked = false;
    // The pass behind this report may have begun before the newest events were there.
    if (isAskedAgain && !isClosing) ask();
    isAskedAgain = false;
  }
  worker.on('exit', (code) => {
    if (!isClosing) options.onCrash(new Error(`the index worker ended with code ${code}`));
  });
  worker.on('error', (error) => options.onCrash(error instanceof Error ? error : new Error(String(error))));

  return {
    wake() {
      if (isAsked) isAskedAgain = true;
      else ask();
    },
    remove: (seqs) => worker.postMessage({ do: 'remove', seqs }),
    indexedTo: () => indexedTo,
    async close() {
      isClosing = true;
      await stop(2000);
    },
  };
}
