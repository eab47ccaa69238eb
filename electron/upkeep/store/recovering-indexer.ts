import type { Logger } from 'pino';
import { storageFault } from '../../store/database/storage-errors.ts';
import type { Indexer, IndexerDeps, IndexFailure } from '../../store/search/indexer.ts';
import type { Alerts } from '../alerts.ts';

export interface RecoveringIndexer extends Indexer {
  /** A search could not read the index. */
  searchFailed(error: Error): void;
  /** There is room on the disk again. */
  roomAgain(): void;
  /** Lets go of the files until `resume`. */
  pause(): Promise<void>;
  resume(): void;
}

export interface RecoveringIndexerDeps {
  open: (deps: Pick<IndexerDeps, 'onFailure' | 'onProgress' | 'storedTo'>) => Indexer;
  /** Puts an empty index in place of the one there is. */
  rebuild: () => Promise<void>;
  /** Of the events in the store; at the start all of them are on disk. */
  newestSeq: () => number;
  /** An error of the store itself, or of the disk. */
  noteStorageError: (error: Error) => void;
  alerts: Pick<Alerts, 'raise' | 'clear'>;
  log: Logger;
}

const firstRetryMs = 1000;
const maxRetryMs = 30_000;
/** So many failures in a row, and what is on the disk is given up. */
const failuresUntilRebuild = 3;

/**
 * Keeps the full-text index going: a thread that failed is started again, a damaged index is built again from the store,
 * and on a full disk it waits for room. It is derived, so nothing is lost meanwhile, and searches walk the events. An event
 * removed in between stays in the index until that is rebuilt; a search checks every find against the store anyway.
 */
export function createRecoveringIndexer(deps: RecoveringIndexerDeps): RecoveringIndexer {
  const { alerts, log } = deps;
  let isClosed = false;
  let isPaused = false;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let indexedTo = 0;
  let waitsForRoom = false;
  let renewing: Promise<void> | null = null;
  let storedTo = deps.newestSeq();
  /** While it is built again: the seq that it must reach. */
  let rebuildTo: number | null = null;
  let current = start();

  function start(): Indexer {
    return deps.open({ onFailure: failed, onProgress: progressed, storedTo });
  }

  function progressed(seq: number): void {
    if (isClosed) return;
    failures = 0;
    indexedTo = seq;
    alerts.clear('index_stopped');
    if (rebuildTo !== null && seq >= rebuildTo) {
      rebuildTo = null;
      alerts.clear('search_rebuilding');
      log.info('the full-text index is built again');
    }
  }

  function failed({ where, error }: IndexFailure): void {
    if (isClosed) return;
    failures += 1;
    const fault = storageFault(error);
    if (where === 'store' || fault === 'full') deps.noteStorageError(error);
    if (fault === 'full') {
      // Said by the alert of the disk.
      waitsForRoom = true;
      startAgain(maxRetryMs);
      return;
    }
    const delayMs = Math.min(maxRetryMs, firstRetryMs * 2 ** (failures - 1));
    if (where === 'search' && (fault !== 'failed' || failures >= failuresUntilRebuild)) {
      // Again and again: it is the disk that damages it.
      if (failures === 1) rebuild(error);
      else after(delayMs, () => rebuild(error));
      return;
    }
    log.error({ err: error, where, delayMs }, 'the full-text index stopped; it is started again');
    alerts.raise(
      'index_stopped',
      'warning',
      `The full-text index stopped (${error.message}). Searches still find everything, but slowly. Restarting automatically.`,
    );
    startAgain(delayMs);
  }

  function after(delayMs: number, work: () => void): void {
    clearTimeout(timer);
    timer = setTimeout(work, delayMs);
    timer.unref();
  }

  function startAgain(delayMs: number): void {
    after(delayMs, () => {
      waitsForRoom = false;
      if (!isClosed && !isPaused && renewing === null) current = start();
    });
  }

  function rebuild(error: Error): void {
    if (isClosed || isPaused || renewing !== null) return;
    clearTimeout(timer);
    indexedTo = 0;
    log.error({ err: error }, 'the full-text index is damaged; it is built again');
    alerts.raise(
      'search_rebuilding',
      'warning',
      `The full-text index was damaged (${error.message}) and is being rebuilt. Searches still find everything, but slowly.`,
    );
    renewing = renew().then(
      () => {
        renewing = null;
      },
      (problem: unknown) => {
        renewing = null;
        failed({ where: null, error: problem instanceof Error ? problem : new Error(String(problem)) });
      },
    );
  }

  async function renew(): Promise<void> {
    await current.close();
    await deps.rebuild();
    rebuildTo = Math.min(deps.newestSeq(), storedTo);
    if (!isClosed && !isPaused) current = start();
  }

  return {
    wake(to) {
      storedTo = to;
      current.wake(to);
    },
    remove: (seqs) => current.remove(seqs),
    indexedTo: () => Math.max(indexedTo, current.indexedTo()),
    searchFailed(error) {
      // Without room nothing can be rebuilt; on a disk that fails, the next thread shows whether it still does.
      if (storageFault(error) !== 'full' && rebuildTo === null) rebuild(error);
    },
    roomAgain() {
      if (waitsForRoom) startAgain(0);
    },
    async pause() {
      isPaused = true;
      clearTimeout(timer);
      await renewing;
      await current.close();
    },
    resume() {
      if (!isPaused) return;
      isPaused = false;
      if (!isClosed) current = start();
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await renewing;
      await current.close();
    },
  };
}
