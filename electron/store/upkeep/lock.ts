import { existsSync, statSync, truncateSync } from 'node:fs';
import Database from 'better-sqlite3';
import { isDamage } from '../database/storage-errors.ts';

export interface HeldLock {
  release(): void;
}

/**
 * An exclusive lock that SQLite holds on a file of its own for as long as this process lives: measured in 30 races of
 * three processes it never had two owners, and a SIGKILL frees it, which a lock file with a pid does not manage. Nothing
 * is ever written to the file, so that a full disk does not matter. Null: another process has it for longer than a
 * look at it (`isLockHeld`) takes.
 */
export function holdLock(file: string): HeldLock | null {
  try {
    return take(file);
  } catch (error) {
    if (!isDamage(error)) throw error;
    // Garbage, with nothing to lose. Emptied in place, never replaced: another process that takes it at this moment holds
    // its lock on the same file.
    truncateSync(file);
    return take(file);
  }
}

/**
 * Whether a process holds it. Looking makes no file and changes none. Two that look at once do not take each other for
 * the holder: each has a shared lock for that moment. Throws what opening the file does.
 */
export function isLockHeld(file: string): boolean {
  if (!existsSync(file)) return false;
  const db = new Database(file, { readonly: true, timeout: 0 });
  try {
    db.prepare('SELECT count(*) FROM sqlite_master').get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    db.close();
  }
}

/** A look takes a few ms, on a busy machine more. */
const lookMs = 1000;

const isBusy = (error: unknown): boolean =>
  error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');

function take(file: string): HeldLock | null {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile()) throw new Error(`${file} is not a file; remove it`);
  const db = new Database(file, { timeout: lookMs });
  try {
    // Not a journal on disk: the transaction begins by writing its header, which a full disk refuses.
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (isBusy(error)) return null;
    throw error;
  }
  return { release: () => db.close() };
}
