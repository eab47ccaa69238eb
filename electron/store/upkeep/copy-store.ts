import { closeSync, existsSync, fsyncSync, openSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { removeDatabase } from '../database/remove-database.ts';
import { migrations } from '../migrations/index.ts';
import { quickCheck } from './find-damage.ts';

export const countedTables = ['sources', 'listeners', 'jobs', 'deliveries', 'events', 'runs'] as const;
export const storeCountsSchema = z.record(z.enum(countedTables), z.number());
/** Rows by table: what tells a person whether a copy is the one they want. */
export type StoreCounts = z.infer<typeof storeCountsSchema>;

export const storeCopySchema = z.object({ sizeBytes: z.number(), schema: z.number(), counts: storeCountsSchema });
/** A copy that was checked page by page and has the rows of what it was made from. */
export type StoreCopy = z.infer<typeof storeCopySchema>;

/** Small, so that a stop waits for one step at most: 32 MiB of the store's pages. */
const pagesPerStep = 4096;

/**
 * Copies a store that may be in use, as it is at one moment, into one file without a log; then checks the copy. The
 * target appears whole or not at all, readable by its owner alone. Reads under one transaction: the log of a busy
 * store grows meanwhile. Throws when the source is damaged, is no store of ours, or there is no room.
 */
export async function copyStore(from: string, to: string): Promise<StoreCopy> {
  const part = `${to}.part`;
  removeDatabase(part);
  try {
    const { schema, counts } = await copyPages(from, part);
    checkCopy(part, counts);
    syncFile(part);
    renameSync(part, to);
    syncFile(dirname(to));
    return { sizeBytes: statSync(to).size, schema, counts };
  } catch (error) {
    removeDatabase(part);
    throw error;
  }
}

async function copyPages(from: string, to: string): Promise<{ schema: number; counts: StoreCounts }> {
  const source = new Database(from, { readonly: true, fileMustExist: true });
  try {
    source.pragma('busy_timeout = 5000');
    // One snapshot for the counts and all steps: without it, every commit of the app makes the copy begin again.
    source.exec('BEGIN');
    const schema = Number(source.pragma('user_version', { simple: true }));
    if (schema > migrations.length) throw new Error(`${from} was written by a newer Signalbox (schema ${schema})`);
    const counts = countRows(source, from);
    // Made first, because SQLite would make it readable for others.
    writeFileSync(to, '', { mode: 0o600 });
    await source.backup(to, { progress: () => pagesPerStep });
    return { schema, counts };
  } finally {
    source.close();
  }
}

function checkCopy(file: string, expected: StoreCounts): void {
  const copy = new Database(file, { fileMustExist: true });
  try {
    // A database in WAL mode cannot be opened where nothing may be written, such as on a mounted archive.
    copy.pragma('journal_mode = DELETE');
    const damages = quickCheck(copy);
    if (damages.length > 0) throw new Error(`the copy is damaged: ${damages[0]}`);
    const counts = countRows(copy, file);
    const different = countedTables.find((table) => counts[table] !== expected[table]);
    if (different !== undefined) {
      throw new Error(`the copy has ${counts[different]} ${different} and not ${expected[different]}`);
    }
  } finally {
    copy.close();
  }
}

const numberSchema = z.object({ n: z.number() });

/** Throws when it is no store of ours. */
export function countRows(db: Database.Database, file: string): StoreCounts {
  const count = (table: string): number => numberSchema.parse(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()).n;
  const known = numberSchema.parse(
    db
      .prepare(
        `SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table' AND name IN (${countedTables.map(() => '?')})`,
      )
      .get(...countedTables),
  ).n;
  if (known !== countedTables.length) throw new Error(`${file} is not a store of Signalbox`);
  return {
    sources: count('sources'),
    listeners: count('listeners'),
    jobs: count('jobs'),
    deliveries: count('deliveries'),
    events: count('events'),
    runs: count('runs'),
  };
}

/** Rename and contents are on disk after this. Windows has no handle of a directory to do it with. */
function syncFile(path: string): void {
  if (process.platform === 'win32' && existsSync(path) && statSync(path).isDirectory()) return;
  const handle = openSync(path, statSync(path).isDirectory() ? 'r' : 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
