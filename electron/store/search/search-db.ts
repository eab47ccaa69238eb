import Database from 'better-sqlite3';
import type { ReadableDb } from '../database/open.ts';
import { removeDatabase } from '../database/remove-database.ts';

/**
 * The full-text index lives in a file of its own: it is derived from the store, so it may trail it, may be lost and is
 * then built again, and its writes never hold the lock that an answer to a sender waits for. `content=''`: the words
 * only, the texts stay in the store.
 */
const schema = `
CREATE VIRTUAL TABLE event_text USING fts5 (
  text, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2"
);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO meta (key, value) VALUES ('indexed_to', '0');
`;
/** 2: numbers are indexed with the digits that were sent. */
const version = 2;

/** Opens the index for the index worker; makes a new one when it is missing, is no index or has another version. */
export function openSearch(file: string): Database.Database {
  try {
    return open(file);
  } catch {
    // Nothing is lost: the worker reads all events again.
    removeDatabase(file);
    return open(file);
  }
}

function open(file: string): Database.Database {
  const db = new Database(file);
  try {
    db.pragma('journal_mode = WAL');
    // A lost index is rebuilt; fsyncs here would only compete with those that answers wait for.
    db.pragma('synchronous = OFF');
    db.pragma('busy_timeout = 5000');
    db.pragma('journal_size_limit = 67108864');
    const found = Number(db.pragma('user_version', { simple: true }));
    if (found === 0) db.transaction(() => db.exec(`${schema} PRAGMA user_version = ${version};`))();
    else if (found !== version) throw new Error(`search index of version ${found}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Lets a reading connection of the store see the index as schema `search`. */
export function attachSearch(db: ReadableDb, file: string): void {
  db.prepare('ATTACH DATABASE ? AS search').run(file);
}
