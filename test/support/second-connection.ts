import { join } from 'node:path';
import Database from 'better-sqlite3';

/**
 * A connection of a test's own to a store that is open in this process. `node:sqlite` must not be used for that: it is
 * another copy of SQLite, which does not see the connections of the first. Closing its connection gives up this process's
 * locks and removes the log under the app.
 */
export function withConnection<T>(file: string, use: (db: Database.Database) => T): T {
  const db = new Database(file, { fileMustExist: true, timeout: 60_000 });
  try {
    return use(db);
  } finally {
    db.close();
  }
}

/** One column of every row. */
export const columnOf = (file: string, sql: string): string[] =>
  withConnection(file, (db) => db.prepare<[], unknown>(sql).pluck().all().map(String));

/** Of the store in a data directory. */
export const withStore = <T>(dataDir: string, use: (db: Database.Database) => T): T =>
  withConnection(join(dataDir, 'signalbox.db'), use);
