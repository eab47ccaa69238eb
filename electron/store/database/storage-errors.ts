import Database from 'better-sqlite3';
import { errorCode } from '../../../shared/error-code.ts';
import { errorText } from '../../../shared/error-text.ts';

/**
 * What went wrong below the SQL. `full`: no room; `failed`: the disk, the file or its rights; `damaged`: the file is not
 * what SQLite wrote. Null for everything else, such as a constraint, which concerns one statement alone.
 */
export type StorageFault = 'full' | 'failed' | 'damaged' | null;

/** SQLite's own code for no room, and what it makes of it where it only asked for memory shared in a file. */
const full = /^(SQLITE_FULL|SQLITE_IOERR_SHMSIZE|ENOSPC|EDQUOT)$/;
const damaged = /^SQLITE_(CORRUPT|NOTADB)/;
const failed =
  /^(SQLITE_(IOERR|CANTOPEN|READONLY|PERM|BUSY|LOCKED|PROTOCOL|NOLFS|NOMEM|INTERNAL)(_\w+)?|EIO|EROFS|ENXIO|ENODEV|ESTALE)$/;

/** Takes errors of SQLite and of the file system, from this thread or told by another. */
export function storageFault(error: unknown): StorageFault {
  const code = errorCode(error) ?? '';
  if (full.test(code)) return 'full';
  if (damaged.test(code)) return 'damaged';
  return failed.test(code) ? 'failed' : null;
}

/** An error of another thread: only its code and message cross over. */
export const codedError = (code: string | null, message: string): Error =>
  Object.assign(new Error(message), code === null ? {} : { code });

/** For the way to another thread: SQLite's own code, null for other errors. */
export const sqliteCode = (error: unknown): string | null =>
  error instanceof Database.SqliteError ? error.code : null;

/** SQLite has looked at the file and finds it is not what it wrote: the only errors that mean damage. */
export const isDamage = (error: unknown): error is Error =>
  error instanceof Database.SqliteError && storageFault(error) === 'damaged';

/** A sentence for people, where the disk kept a call from doing its work; null for other errors. */
export function describeStorageFault(error: unknown): string | null {
  switch (storageFault(error)) {
    case 'full':
      return 'The disk is full, so nothing was changed. Free space on it, or keep less (Settings, Retention), and try again.';
    case 'failed': {
      const reason = errorText(error);
      return `The disk failed (${reason}), so nothing was changed. Retrying automatically; try again in a moment.`;
    }
    case 'damaged':
      return 'What is stored there is damaged. See the alerts; a backup can be restored (Settings, Backups).';
    case null:
      return null;
  }
}

export const isDiskFull = (error: unknown): boolean => storageFault(error) === 'full';
