import { z } from 'zod';
import { startDatabaseThread } from '../database/database-thread.ts';
import { codedError } from '../database/storage-errors.ts';

/** Keeps the full-text index up with the store, on a thread of its own. */
export interface Indexer {
  /** Events up to and including this seq are on disk. Later ones may be taken back, and are not indexed. */
  wake(storedTo: number): void;
  /** Events are gone from the store. */
  remove(seqs: number[]): void;
  /** The newest seq in the index, as last reported. */
  indexedTo(): number;
  close(): Promise<void>;
}

export interface IndexerDeps {
  workerFile: string | URL;
  databaseFile: string;
  searchFile: string;
  /** See `wake`: as it is now. */
  storedTo: number;
  onFailure: (failure: IndexFailure) => void;
  /** Events up to and including this seq are in the index. */
  onProgress: (indexedTo: number) => void;
}

/**
 * The index has stopped following; searching still finds what is indexed and walks the rest. `where`: the file that the
 * error is of, null when it is of neither.
 */
export interface IndexFailure {
  where: 'store' | 'search' | null;
  error: Error;
}

const reportSchema = z.union([
  z.object({ indexedTo: z.number() }),
  z.object({
    failed: z.object({ where: z.enum(['store', 'search']), code: z.string().nullable(), message: z.string() }),
  }),
]);

export function createIndexer(options: IndexerDeps): Indexer {
  const { databaseFile, searchFile } = options;
  let { storedTo } = options;
  const { worker, stop } = startDatabaseThread(options.workerFile, { databaseFile, searchFile, storedTo }, follow);
  let indexedTo = 0;
  let isClosing = false;
  let hasFailed = false;
  /** A message for each event cost each of the two threads 4 µs; so one is under way at most, and one waits for its answer. */
  let isAsked = false;
  let isAskedAgain = false;
  const ask = (): void => {
    isAsked = true;
    worker.postMessage({ do: 'index', storedTo });
  };
  function follow(message: unknown): void {
    const report = reportSchema.parse(message);
    if ('failed' in report) {
      const { where, code, message: text } = report.failed;
      fail({ where, error: codedError(code, text) });
      return;
    }
    indexedTo = report.indexedTo;
    isAsked = false;
    options.onProgress(indexedTo);
    // The pass behind this report may have begun before the newest events were there.
    if (isAskedAgain && !isClosing) ask();
    isAskedAgain = false;
  }
  worker.on('exit', (code) => {
    fail({ where: null, error: new Error(`the index worker ended with code ${code}`) });
  });
  worker.on('error', (error) =>
    fail({ where: null, error: error instanceof Error ? error : new Error(String(error)) }),
  );

  /** A thread that fails tells of its error and of its end. */
  function fail(failure: IndexFailure): void {
    if (isClosing || hasFailed) return;
    hasFailed = true;
    options.onFailure(failure);
  }

  return {
    wake(to) {
      storedTo = to;
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
