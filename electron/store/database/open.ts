import { chmodSync, existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { migrations } from '../migrations/index.ts';
import { type Connection, createConnection } from './connection.ts';
import { migrationFunctions } from './migration-functions.ts';

declare const writable: unique symbol;

/** A handle that can only read: what lists and the workers are given. */
export type ReadableDb = Pick<Connection, 'prepare' | 'pragma' | 'close'>;

/** The one handle that writes. Only the writer's transactions use it (see writer.ts). */
export type WritableDb = Connection & { readonly [writable]: true };

/** The data directory was written by a later version of the app. */
export class NewerDatabaseError extends Error {
  constructor(file: string, found: number) {
    super(
      `${file} was written by a newer Signalbox (schema ${found}, this one knows ${migrations.length}); start that version or choose another data directory`,
    );
    this.name = 'NewerDatabaseError';
  }
}

const reservedPragmas = (db: Database.Database): void => {
  // WAL defaults to NORMAL in this build, which loses acknowledged rows on power loss: 0 fsyncs in 200 commits,
  // against 201 under FULL.
  db.pragma('synchronous = FULL');
  if (db.pragma('synchronous', { simple: true }) !== 2) throw new Error('SQLite did not accept synchronous=FULL');
  // macOS answers fsync before the drive has the data; a no-op elsewhere.
  db.pragma('fullfsync = 1');
  db.pragma('busy_timeout = 5000');
  db.pragma('journal_size_limit = 67108864');
  db.pragma('foreign_keys = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('temp_store = MEMORY');
  db.pragma('cache_size = -65536');
  // The checkpoint of 1,000 pages (the default) comes every ~300 events of 1 KB; every 4,000 it costs a fifth of that.
  db.pragma('wal_autocheckpoint = 4000');
};

/** Opens or creates the store's database and brings it to the newest schema. */
export function openWritable(file: string): WritableDb {
  const isNew = !existsSync(file);
  const db = new Database(file);
  try {
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version > migrations.length) throw new NewerDatabaseError(file, version);
    if (isNew) db.pragma('page_size = 8192');
    if (db.pragma('journal_mode = WAL', { simple: true }) !== 'wal')
      throw new Error(`${file} does not support WAL mode`);
    reservedPragmas(db);
    migrate(db, version);
    if (isNew && process.platform !== 'win32') chmodSync(file, 0o600);
  } catch (error) {
    db.close();
    throw error;
  }
  const { ino } = statSync(file);
  return brand(createConnection(db, () => openAgain(file, ino)));
}

/**
 * For a disk without room for the memory that connections share: this one connection keeps that to itself, and no other
 * can open the store meanwhile. Writing fails until there is room. Throws when the schema is not the newest.
 */
export function openWithoutRoom(file: string): WritableDb {
  const db = new Database(file, { fileMustExist: true });
  try {
    // Before anything is read: from then on the log's index is in shared memory.
    db.pragma('locking_mode = EXCLUSIVE');
    reservedPragmas(db);
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version !== migrations.length)
      throw new Error(`its schema is ${version}, and the disk has no space to migrate it to ${migrations.length}`);
  } catch (error) {
    db.close();
    throw error;
  }
  return brand(createConnection(db, () => db));
}

/** The same file once more: another one in its place knows nothing of what this app has in memory. */
function openAgain(file: string, ino: number): Database.Database {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`${file} is gone`);
  if (found.ino !== ino) throw new Error(`${file} was replaced by another file`);
  const db = new Database(file, { fileMustExist: true });
  try {
    reservedPragmas(db);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

/** A second connection that cannot write, for a worker or for keyed reads. */
export function openReadable(file: string): ReadableDb {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  db.pragma('query_only = ON');
  db.pragma('busy_timeout = 5000');
  // Not mapped into memory: a page that the disk cannot read would then end the process by a signal.
  db.pragma('cache_size = -65536');
  return createConnection(db, () => db);
}

function migrate(db: Database.Database, from: number): void {
  if (from === migrations.length) return;
  for (const [name, compute] of Object.entries(migrationFunctions)) db.function(name, { varargs: true }, compute);
  for (let version = from; version < migrations.length; version++) {
    const sql = migrations[version];
    if (sql === undefined) continue;
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${version + 1}`);
    })();
  }
}

const isWritable = (db: Connection): db is WritableDb => !db.isReadonly;

function brand(db: Connection): WritableDb {
  if (!isWritable(db)) throw new Error('the store was opened read-only');
  return db;
}
