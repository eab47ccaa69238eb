import type { Logger } from 'pino';
import { createIndexer, type Indexer } from '../store/indexer.ts';
import { NewerDatabaseError, openWritable, type WritableDb } from '../store/open.ts';
import { createReader, type Reader } from '../store/reader.ts';
import { openSearch } from '../store/search-db.ts';
import { createWriter, type Writer } from '../store/writer.ts';
import type { Alerts } from './alerts.ts';
import type { DataDir } from './data-dir.ts';
import { StartError, type WorkerFiles } from './runtime-types.ts';

export interface Store {
  db: WritableDb;
  writer: Writer;
  reader: Reader;
  indexer: Indexer;
  /** False for a moment after the disk refused a commit. */
  isWritable(): boolean;
  close(): Promise<void>;
}

/** After a failed commit the doors say "not ready" for so long, or until a commit succeeds. */
const distrustMs = 5000;

export function openStore(dataDir: DataDir, workers: WorkerFiles, alerts: Alerts, log: Logger): Store {
  const db = openDatabase(dataDir.databaseFile);
  let failedAtMs = Number.NEGATIVE_INFINITY;
  const writer = createWriter(db, (error) => {
    failedAtMs = performance.now();
    log.error({ err: error }, 'a commit failed; its deliveries were answered 503');
    const reason = error instanceof Error ? error.message : String(error);
    alerts.raise(
      'storage_failed',
      'error',
      `The disk refused a write (${reason}); deliveries are answered 503 meanwhile.`,
    );
  });
  // Made here, so that the read worker finds it whichever of the two workers is up first.
  openSearch(dataDir.searchFile).close();
  const files = { databaseFile: dataDir.databaseFile, searchFile: dataDir.searchFile };
  const reader = createReader({
    ...files,
    workerFile: workers.readWorker,
    onCrash: (error) => log.error({ err: error }, 'the read worker ended; the next list starts another'),
  });
  const indexer = createIndexer({
    ...files,
    workerFile: workers.indexWorker,
    onCrash: (error) => {
      log.error({ err: error }, 'the full-text index stopped');
      alerts.raise('index_stopped', 'warning', 'The full-text index stopped; searches are slow until the next start.');
    },
  });
  return {
    db,
    writer,
    reader,
    indexer,
    isWritable() {
      if (performance.now() - failedAtMs < distrustMs) return false;
      alerts.clear('storage_failed');
      return true;
    },
    async close() {
      await writer.drain();
      await indexer.close();
      await reader.close();
      db.pragma('wal_checkpoint(TRUNCATE)');
      db.close();
    },
  };
}

function openDatabase(file: string): WritableDb {
  try {
    return openWritable(file);
  } catch (error) {
    if (error instanceof NewerDatabaseError) throw new StartError(error.message, { cause: error });
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `the database ${file} cannot be opened: ${reason}; restore a backup or choose another directory with --data-dir`,
      { cause: error },
    );
  }
}

/** Looks for damage on the read worker: 7 ms for 12 MB, so a big store is checked while the app already works. */
export async function checkIntegrity(reader: Reader, file: string, alerts: Alerts, log: Logger): Promise<void> {
  const damages = await reader.read('checkIntegrity', { limit: 5 });
  if (damages.length === 0) return;
  log.error({ damages }, 'the database is damaged');
  alerts.raise(
    'database_damaged',
    'error',
    `The database ${file} is damaged (${damages[0]}). Stop the app, keep a copy of the data directory and restore a backup.`,
  );
}
