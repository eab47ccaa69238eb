import { statSync, truncateSync } from 'node:fs';
import Database from 'better-sqlite3';
import { isDamage } from '../database/storage-errors.ts';

export interface HeldLock {
  release(): void;
}

/**
 * An exclusive lock that SQLite holds on a file of its own for as long as this process lives: measured in 30 races of
 * three processes it never had two owners, and a SIGKILL frees it, which a lock file with a pid does not manage. Nothing
 * is ever written to the file, so that a full disk does not matter. Null: another process has it.
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

function take(file: string): HeldLock | null {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile()) throw new Error(`${file} is not a file; remove it`);
  const db = new Database(file, { timeout: 0 });
  try {
    // Not a journal on disk: the transaction begins by writing its header, which a full disk refuses.
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
  return { release: () => db.close() };
}
