import Database from 'better-sqlite3';
import type { WritableDb } from '../database/open.ts';
import { isDiskFull } from '../database/storage-errors.ts';
import { createWalFile, type WalFile, type WalPosition } from './wal-file.ts';

/** Brings commits onto the disk outside of COMMIT. */
export interface WalSync {
  /**
   * Calls back, on a later turn of the event loop, when all that was committed before is on disk, or with the error: then
   * those commits are taken back by `recover`, and nothing may be committed until it was called.
   */
  sync(done: (error: Error | null) => void): void;
  /** Why nothing may be committed. */
  failure(): Error | null;
  /** Another thread could not bring the log or the database onto the disk. */
  fail(error: Error): void;
  position(): WalPosition;
  readonly databaseDescriptor: number;
  /** The connection was opened again. */
  reopened(): void;
  /**
   * Takes back what was committed and is not on disk, and opens the store again. What failed to be written may be gone
   * from memory too, so a later sync that succeeds would prove nothing. No other connection may be open. Throws when that
   * does not work; it can be tried again.
   */
  recover(): void;
  /** Resolves when all that was committed is on disk; then commits are allowed again. */
  recovered(): Promise<void>;
  /** Closes the connection, the last of the store. What is not on disk is taken back. */
  close(): void;
}

export interface WalSyncDeps {
  db: WritableDb;
  databaseFile: string;
  onFailure: (error: Error) => void;
  /** The log up to here is on disk. */
  onSynced: (position: WalPosition) => void;
}

/**
 * COMMIT under `synchronous=NORMAL` writes the log without waiting; `sync` waits for it on libuv's thread pool (there,
 * macOS gets F_FULLFSYNC). SQLite still syncs the log before it copies from it, the database before the log begins again,
 * and the log's new header: a power cut can lose unannounced commits, but never reorder those before.
 */
export function createWalSync({ db, databaseFile, onFailure, onSynced }: WalSyncDeps): WalSync {
  const wal: WalFile = createWalFile(databaseFile);
  let failure: Error | null = null;
  let started = 0;
  /** The number of the sync that `synced` is of: two may end in another order than they began. */
  let syncedBy = 0;

  db.configure((handle) => {
    handle.pragma('synchronous = NORMAL');
    handle.pragma('wal_autocheckpoint = 0');
    // The log is open from here on: the last connection to close would remove it, and another file would take its place.
    handle.prepare('SELECT count(*) FROM sqlite_schema').get();
  });
  // What a process before this one has left may be in memory only, and a sync of it may have failed there.
  copyLog();
  wal.open();
  wal.syncNow();
  let synced = wal.position();

  function begin(done: (error: Error | null) => void): void {
    started += 1;
    const number = started;
    let to: WalPosition;
    const end = (error: Error | null): void => {
      if (error !== null) fail(error);
      else if (number > syncedBy) {
        syncedBy = number;
        synced = to;
      }
      done(error);
    };
    try {
      to = wal.position();
      wal.sync(end);
    } catch (error) {
      setImmediate(end, error instanceof Error ? error : new Error(String(error)));
    }
  }

  function copyLog(): void {
    try {
      db.pragma('wal_checkpoint(TRUNCATE)');
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
  }

  /** Closes the store; gives the frames that are left in its log. Throws, with the store open, when the log cannot be cut. */
  function takeBack(): number {
    // The last connection to close would copy the log into the database; one that only reads cannot.
    const keeper = new Database(databaseFile, { readonly: true, fileMustExist: true });
    try {
      keeper.prepare('SELECT count(*) FROM sqlite_schema').get();
      wal.open();
      const left = wal.cutBack(synced);
      db.close();
      keeper.close();
      wal.close();
      return left;
    } finally {
      keeper.close();
    }
  }

  function fail(error: Error): void {
    if (failure !== null) return;
    failure = error;
    onFailure(error);
  }

  return {
    sync(done) {
      begin((error) => {
        done(error);
        if (error === null) onSynced(synced);
      });
    },
    failure: () => failure,
    fail,
    position: wal.position,
    get databaseDescriptor() {
      return wal.databaseDescriptor;
    },
    reopened() {
      if (wal.isCurrent()) return;
      wal.close();
      wal.open();
      wal.syncNow();
      synced = wal.position();
    },
    recover() {
      const left = takeBack();
      db.reopen();
      wal.open();
      const found = wal.position();
      if (found.frames !== left || found.copied > 0) {
        throw new Error(
          `the log has ${found.frames} frames and should have ${left}: something else has the store open`,
        );
      }
      synced = found;
    },
    recovered: () =>
      new Promise((resolve, reject) => {
        begin((error) => {
          if (error !== null) {
            reject(error);
            return;
          }
          failure = null;
          resolve();
        });
      }),
    close() {
      if (failure === null) {
        db.close();
        wal.close();
      } else takeBack();
    },
  };
}
