import Database from 'better-sqlite3';

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
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (full.test(code)) return 'full';
  if (damaged.test(code)) return 'damaged';
  return failed.test(code) ? 'failed' : null;
}

/** SQLite has looked at the file and finds it is not what it wrote: the only errors that mean damage. */
export const isDamage = (error: unknown): error is Error =>
  error instanceof Database.SqliteError && storageFault(error) === 'damaged';

export const isDiskFull = (error: unknown): boolean => storageFault(error) === 'full';
