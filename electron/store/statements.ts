import type { Statement } from 'better-sqlite3';
import type { ReadableDb } from './open.ts';

const prepared = new WeakMap<ReadableDb, Map<string, Statement>>();

/** The prepared statement for `sql` on this connection: compiled at first use, then kept. */
export function statement(db: ReadableDb, sql: string): Statement {
  let bySql = prepared.get(db);
  if (bySql === undefined) {
    bySql = new Map();
    prepared.set(db, bySql);
  }
  let found = bySql.get(sql);
  if (found === undefined) {
    found = db.prepare(sql);
    bySql.set(sql, found);
  }
  return found;
}
