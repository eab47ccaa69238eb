import type { StoreStatement } from './connection.ts';
import type { ReadableDb } from './open.ts';

const byText = new WeakMap<ReadableDb, Map<string, StoreStatement>>();

/** The prepared statement for `sql` on this connection: compiled at first use, then kept. */
export function statement(db: ReadableDb, sql: string): StoreStatement {
  let bySql = byText.get(db);
  if (bySql === undefined) {
    bySql = new Map();
    byText.set(db, bySql);
  }
  let found = bySql.get(sql);
  if (found === undefined) {
    found = db.prepare(sql);
    bySql.set(sql, found);
  }
  return found;
}

/**
 * A statement declared beside its SQL, with the type of its rows: those of STRICT tables that this app alone
 * writes. Found without looking the text up, for what happens with every event and run.
 */
export function prepared<Row = never>(sql: string): (db: ReadableDb) => StoreStatement<Row> {
  const byDb = new WeakMap<ReadableDb, StoreStatement<Row>>();
  return (db) => {
    let found = byDb.get(db);
    if (found === undefined) {
      found = db.prepare<Row>(sql);
      byDb.set(db, found);
    }
    return found;
  };
}
