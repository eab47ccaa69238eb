import type { Indexer } from '../store/indexer.ts';

/**
 * The full-text index ends with its first failed write, such as on a full disk. This starts it again, so that it
 * catches up when there is room: it is derived, nothing is lost meanwhile. An event removed in between stays in the
 * index until that is built anew; a search checks every find against the store anyway.
 */
export function createLastingIndexer(
  open: (onCrash: (error: Error) => void) => Indexer,
  hooks: { onCrash: (error: Error) => void; onRestart: () => void; restartAfterMs: number },
): Indexer {
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let indexedTo = 0;
  let current = start();

  function start(): Indexer {
    let hasCrashed = false;
    return open((error) => {
      // A thread that dies tells of its error and of its end.
      if (hasCrashed || isClosed) return;
      hasCrashed = true;
      indexedTo = current.indexedTo();
      hooks.onCrash(error);
      timer = setTimeout(() => {
        current = start();
        hooks.onRestart();
      }, hooks.restartAfterMs);
      timer.unref();
    });
  }

  return {
    wake: () => current.wake(),
    remove: (seqs) => current.remove(seqs),
    indexedTo: () => Math.max(indexedTo, current.indexedTo()),
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await current.close();
    },
  };
}
