import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createIndexer, type Indexer } from '../store/indexer.ts';
import { readMeta, writeMeta } from '../store/meta.ts';
import { NewerDatabaseError, openWritable, type WritableDb } from '../store/open.ts';
import { createReader, type Reader } from '../store/reader.ts';
import { openSearch } from '../store/search-db.ts';
import { isDamage, isDiskFull } from '../store/storage-errors.ts';
import { createUpkeep, type Upkeep } from '../store/upkeep-thread.ts';
import { createWriter, type Writer } from '../store/writer.ts';
import type { Alerts } from './alerts.ts';
import type { DataDir } from './data-dir.ts';
import { createLastingIndexer } from './lasting-indexer.ts';
import { markDamaged, prepareStore, quarantine } from './prepare-store.ts';
import { StartError, type WorkerFiles } from './runtime-types.ts';

export interface Store {
  db: WritableDb;
  writer: Writer;
  reader: Reader;
  indexer: Indexer;
  /** Work on whole files of the store. */
  upkeep: Upkeep;
  /** False for a moment after the disk refused a commit. */
  isWritable(): boolean;
  /** Damage was found after the start: what would be stored now might not be readable later. */
  isDamaged(): boolean;
  /** The folder of the damaged store whose place this one took, until an operator has decided. */
  undecided(): string | null;
  decide(): Promise<void>;
  /** Bytes in the file that hold nothing any more. */
  reusableBytes(): number;
  close(): Promise<void>;
}

export interface StoreHooks {
  workers: WorkerFiles;
  alerts: Alerts;
  log: Logger;
  nowMs: () => number;
  onDiskFull: () => void;
}

/** After a failed commit the doors say "not ready" for so long, or until a commit succeeds. */
const distrustMs = 5000;
const indexRestartMs = 30_000;
const undecidedKey = 'set_aside';

/** Checks what is there, puts a staged backup in its place or a damaged store out of the way, and opens what is left. */
export async function openStore(dataDir: DataDir, hooks: StoreHooks): Promise<Store> {
  const { workers, alerts, log, nowMs } = hooks;
  const upkeep = createUpkeep(workers.upkeepWorker);
  const prepared = await prepareStore(dataDir, upkeep, nowMs(), log);
  let { quarantined } = prepared;
  let db: WritableDb;
  try {
    db = openDatabase(dataDir.databaseFile);
  } catch (error) {
    if (!isDamage(error)) throw error;
    // What the quick check had no time for, or does not read: a log or a schema that cannot be understood.
    quarantined = { name: quarantine(dataDir, [error.message], nowMs()), details: [error.message] };
    log.error({ err: error }, 'the store is damaged; it is set aside and an empty one takes its place');
    db = openDatabase(dataDir.databaseFile);
  }
  let failedAtMs = Number.NEGATIVE_INFINITY;
  const writer = createWriter(db, (error) => {
    if (isDiskFull(error)) {
      log.error({ err: error }, 'a commit found the disk full; its deliveries were answered 503');
      hooks.onDiskFull();
      return;
    }
    failedAtMs = performance.now();
    log.error({ err: error }, 'a commit failed; its deliveries were answered 503');
    const reason = error instanceof Error ? error.message : String(error);
    alerts.raise(
      'storage_failed',
      'error',
      `The disk refused a write (${reason}); deliveries are answered 503 meanwhile.`,
    );
  });
  if (quarantined !== null) {
    const { name } = quarantined;
    await writer.write((handle) => writeMeta(handle, undecidedKey, name));
  }
  let undecided = readMeta(db, undecidedKey) || null;
  if (undecided !== null) sayUndecided(alerts, undecided);
  if (prepared.restored !== null) {
    const { replaced } = prepared.restored;
    log.warn({ replaced }, 'a backup is in place of the store');
  }

  // Made here, so that the read worker finds it whichever of the two workers is up first.
  openSearch(dataDir.searchFile).close();
  keepPrivate(dataDir);
  const files = { databaseFile: dataDir.databaseFile, searchFile: dataDir.searchFile };
  const reader = createReader({
    ...files,
    workerFile: workers.readWorker,
    onCrash: (error) => log.error({ err: error }, 'the read worker ended; the next list starts another'),
  });
  const indexer = createLastingIndexer(
    (onCrash) => createIndexer({ ...files, workerFile: workers.indexWorker, onCrash }),
    {
      restartAfterMs: indexRestartMs,
      onCrash(error) {
        log.error({ err: error }, 'the full-text index stopped; it is started again in half a minute');
        alerts.raise('index_stopped', 'warning', 'The full-text index stopped; searches are slow until it is back.');
      },
      onRestart: () => alerts.clear('index_stopped'),
    },
  );
  const checking = followCheck(prepared.stillChecking, dataDir, alerts, log);
  return {
    db,
    writer,
    reader,
    indexer,
    upkeep,
    isWritable() {
      if (performance.now() - failedAtMs < distrustMs) return false;
      alerts.clear('storage_failed');
      return true;
    },
    isDamaged: checking.isDamaged,
    undecided: () => undecided,
    async decide() {
      await writer.write((handle) => writeMeta(handle, undecidedKey, ''));
      undecided = null;
      alerts.clear('store_set_aside');
    },
    reusableBytes: () =>
      Number(db.pragma('freelist_count', { simple: true })) * Number(db.pragma('page_size', { simple: true })),
    async close() {
      await upkeep.stop();
      await writer.drain();
      await indexer.close();
      await reader.close();
      db.pragma('wal_checkpoint(TRUNCATE)');
      db.close();
    },
  };
}

/** SQLite makes files as the umask says, and those beside a database as that was when they were made. */
function keepPrivate({ databaseFile, searchFile, path }: DataDir): void {
  if (process.platform === 'win32') return;
  for (const file of [databaseFile, searchFile, join(path, 'lock.db')]) {
    for (const suffix of ['', '-wal', '-shm', '-journal']) {
      if (existsSync(`${file}${suffix}`)) chmodSync(`${file}${suffix}`, 0o600);
    }
  }
}

function openDatabase(file: string): WritableDb {
  try {
    return openWritable(file);
  } catch (error) {
    if (error instanceof NewerDatabaseError) throw new StartError('database_newer', error.message, { cause: error });
    if (isDamage(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      'database_unusable',
      `the database ${file} cannot be opened: ${reason}; restore a backup with --restore or choose another directory with --data-dir`,
      { cause: error },
    );
  }
}

const sayUndecided = (alerts: Alerts, name: string): void =>
  alerts.raise(
    'store_set_aside',
    'error',
    `The store was damaged. It is kept in quarantine/${name}, and an empty one has taken its place: restore a backup, or go on without (Settings, Backups).`,
  );

/** A large store is still being read while the app works already. */
export function followCheck(
  check: Promise<string[]> | null,
  dataDir: DataDir,
  alerts: Alerts,
  log: Logger,
): { isDamaged: () => boolean } {
  let isDamaged = false;
  check?.then(
    (details) => {
      if (details.length === 0) {
        log.info('the check of the store found nothing');
        return;
      }
      isDamaged = true;
      log.error({ details }, 'the store is damaged');
      alerts.raise(
        'database_damaged',
        'error',
        `The store is damaged (${details[0]}). Deliveries are answered 503: restore a backup (Settings, Backups). The next start sets the store aside.`,
      );
      markDamaged(dataDir.path, details);
    },
    (error: unknown) => log.warn({ err: error }, 'the check of the store did not come to its end'),
  );
  return { isDamaged: () => isDamaged };
}
