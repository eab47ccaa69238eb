import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { writeMeta } from '../../store/database/meta.ts';
import type { WritableDb } from '../../store/database/open.ts';
import { removeDatabase } from '../../store/database/remove-database.ts';
import { isDamage } from '../../store/database/storage-errors.ts';
import { createInlineReader } from '../../store/read/inline-reader.ts';
import { createReader, type Reader } from '../../store/read/reader.ts';
import { createIndexer, type Indexer } from '../../store/search/indexer.ts';
import { openSearch } from '../../store/search/search-db.ts';
import { createUpkeep, type Upkeep } from '../../store/upkeep/upkeep-thread.ts';
import { createCheckpoints } from '../../store/write/checkpoints.ts';
import { createWalSync, type WalSync } from '../../store/write/wal-sync.ts';
import { createWriter, type Writer } from '../../store/write/writer.ts';
import type { Alerts } from '../alerts.ts';
import type { DataDir } from '../data-dir/data-dir.ts';
import type { HeldStart } from '../held-start.ts';
import { createLostStore, type LostStore } from './lost-store.ts';
import { openDatabase } from './open-database.ts';
import { prepareStore, quarantine } from './prepare-store.ts';
import { createRecoveringIndexer } from './recovering-indexer.ts';
import { createStorageMonitor } from './storage-monitor.ts';
import { followCheck, sayDamaged, sayLarge } from './store-alerts.ts';

export interface Store {
  db: WritableDb;
  writer: Writer;
  reader: Reader;
  indexer: Indexer;
  /** Work on whole files of the store. */
  upkeep: Upkeep;
  /** False from an error of the disk until the store works again. */
  isWorking(): boolean;
  /** Damage was found after the start: what would be stored now might not be readable later. */
  isDamaged(): boolean;
  /** The store that was lost, whose place an empty one took, until an operator has decided. */
  lost: LostStore;
  /** Something failed on a thread that works on the whole store. */
  noteUpkeepError(error: unknown): void;
  /** There is room on the disk again. */
  roomAgain(): void;
  /** Bytes in the file that hold nothing any more. */
  reusableBytes(): number;
  close(): Promise<void>;
}

/** Entry files of the threads that work on the store. */
export interface StoreWorkerFiles {
  readWorker: string;
  indexWorker: string;
  upkeepWorker: string;
}

export interface OpenStoreDeps {
  workers: StoreWorkerFiles;
  alerts: Alerts;
  log: Logger;
  nowMs: () => number;
  onDiskFull: () => void;
  /** Told when the store can only be read. */
  held: HeldStart;
}

/** Checks what is there, puts a staged backup in its place or a damaged store out of the way, and opens what is left. */
export async function openStore(dataDir: DataDir, deps: OpenStoreDeps): Promise<Store> {
  const { workers, alerts, log, nowMs, held } = deps;
  const { databaseFile, searchFile } = dataDir;
  const upkeep = createUpkeep(workers.upkeepWorker);
  const prepared = await prepareStore(dataDir, upkeep, nowMs(), log);
  let { lost: lostNow } = prepared;
  let db: WritableDb;
  try {
    db = openDatabase(databaseFile, held);
  } catch (error) {
    if (!isDamage(error)) throw error;
    // What the quick check had no time for, or does not read: a log or a schema that cannot be understood.
    lostNow = { setAside: quarantine(dataDir, [error.message], nowMs()) };
    log.error({ err: error }, 'the store is damaged; it is set aside and an empty one takes its place');
    db = openDatabase(databaseFile, held);
  }

  let isDamaged = false;
  function damaged(details: string[]): void {
    isDamaged = true;
    sayDamaged(details, dataDir, alerts);
  }

  const watch = createStorageMonitor({
    alerts,
    log,
    recover: async () => {
      if (wal?.failure() != null) await takeBack(wal);
      else {
        db.reopen();
        wal?.reopened();
      }
      db.exec('BEGIN IMMEDIATE');
      try {
        writeMeta(db, 'tried_at', String(nowMs()));
        db.exec('COMMIT');
      } catch (error) {
        rollBack(db);
        throw error;
      }
      await wal?.recovered();
      await reader.reopen();
      await reader.read('listDeliveries', { limit: 1, nowMs: nowMs() });
    },
    check: () => upkeep.check(databaseFile),
    onFull: deps.onDiskFull,
    onDamaged: damaged,
  });
  db.onError((error) => watch.note('reading or writing it', error));
  const isAlone = held.isHeld();
  const wal = isAlone
    ? undefined
    : createWalSync({
        db,
        databaseFile,
        onFailure: (error) => watch.note('bringing it onto the disk', error, 'unsynced'),
        onSynced: (position) => checkpoints?.poll(position),
      });
  /** Everything else lets go of the store meanwhile. */
  async function takeBack(of: WalSync): Promise<void> {
    try {
      await Promise.all([checkpoints?.pause(), indexer.pause(), upkeep.stop()]);
      // A sync that is still under way may succeed.
      await writer.drain();
      await reader.reopen();
      of.recover();
    } finally {
      indexer.resume();
      checkpoints?.resume();
    }
  }
  const writer = createWriter(db, {
    wal,
    onCommitError: (error) => log.error({ err: error }, 'a commit failed; its deliveries were answered 503'),
    onAnnounceError: (error) => log.error({ err: error }, 'a listener failed after a commit'),
  });

  const checkpoints =
    wal === undefined
      ? null
      : createCheckpoints({
          databaseFile,
          workerFile: workers.upkeepWorker,
          wal,
          holdCommits: writer.hold,
          onLarge: (bytes) => sayLarge(bytes, alerts),
          onError(error) {
            log.warn({ err: error }, 'the log could not be copied into the database; it is tried again');
            watch.note('copying the log into the database', error);
          },
        });

  const lost = await createLostStore({ db, writer, alerts, log, lostNow });
  if (prepared.restored !== null) {
    const { replaced } = prepared.restored;
    log.warn({ replaced }, 'a backup is in place of the store');
  }

  // Made here, so that the read worker finds it whichever of the two workers is up first.
  if (!held.isHeld()) prepareSearch(searchFile, log);
  keepPrivate(dataDir);
  const reader = isAlone
    ? createInlineReader(db)
    : createReader({
        databaseFile,
        searchFile,
        workerFile: workers.readWorker,
        onCrash(error) {
          log.error({ err: error }, 'the read worker ended; the next list starts another');
          watch.note('reading lists', error, 'brief');
        },
        onStorageError: (error) => watch.note('reading lists', error, 'brief'),
        onSearchFailure: (error) => indexer.searchFailed(error),
      });
  const indexer = createRecoveringIndexer({
    open: (told) =>
      isAlone ? idleIndexer : createIndexer({ databaseFile, searchFile, workerFile: workers.indexWorker, ...told }),
    async rebuild() {
      await reader.reopen();
      removeDatabase(searchFile);
      openSearch(searchFile).close();
      keepPrivate(dataDir);
      await reader.reopen();
    },
    newestSeq: () => db.prepare<{ seq: number | null }>('SELECT max(seq) AS seq FROM events').get()?.seq ?? 0,
    noteStorageError: (error) => watch.note('building the full-text index', error, 'brief'),
    alerts,
    log,
  });
  followCheck(prepared.stillChecking, { log, damaged, onError: (error) => watch.note('checking it', error) });
  return {
    db,
    writer,
    reader,
    indexer,
    upkeep,
    isWorking: watch.isHealthy,
    isDamaged: () => isDamaged,
    lost,
    noteUpkeepError: (error) => watch.note('copying it', error, 'brief'),
    roomAgain: () => indexer.roomAgain(),
    reusableBytes: () =>
      Number(db.pragma('freelist_count', { simple: true })) * Number(db.pragma('page_size', { simple: true })),
    async close() {
      watch.stop();
      await upkeep.stop();
      await writer.drain();
      await checkpoints?.stop();
      await indexer.close();
      await reader.close();
      try {
        if (wal?.failure() == null) db.pragma('wal_checkpoint(TRUNCATE)');
      } catch (error) {
        // What is in the log is safe there, and is moved by the next start.
        log.warn({ err: error }, 'the log could not be moved into the database');
      }
      closeLast(db, wal, log);
    },
  };
}

function closeLast(db: WritableDb, wal: WalSync | undefined, log: Logger): void {
  try {
    if (wal === undefined) db.close();
    else wal.close();
  } catch (error) {
    log.warn({ err: error }, 'what was not stored could not be taken back');
    db.close();
  }
}

/** Where no other connection can open the store. */
const idleIndexer: Indexer = {
  wake: () => undefined,
  remove: () => undefined,
  indexedTo: () => 0,
  close: async () => undefined,
};

function rollBack(db: WritableDb): void {
  try {
    db.exec('ROLLBACK');
  } catch {
    // SQLite has rolled back already.
  }
}

/** The index is derived: whatever is wrong with it keeps nothing from starting. */
function prepareSearch(searchFile: string, log: Logger): void {
  try {
    openSearch(searchFile).close();
  } catch (error) {
    log.warn({ err: error }, 'the full-text index cannot be opened; searches walk the events');
  }
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
