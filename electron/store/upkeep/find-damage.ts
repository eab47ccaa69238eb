import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { isDamage } from '../database/storage-errors.ts';

const maxFindings = 5;

/**
 * The first damages that SQLite's quick check names, empty when there are none. Of 40 pages overwritten at random,
 * opening and inserting noticed one; this noticed all 40. It reads the whole file. Throws what is not damage, such as
 * a file that may not be read.
 */
export function findDamage(file: string): string[] {
  // SQLite takes an empty file for a new database, and would begin afresh without a word.
  if (statSync(file).size === 0 && !hasLog(file)) return ['the file is empty'];
  let db: Database.Database;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true });
  } catch (error) {
    if (isDamage(error)) return [error.message];
    throw error;
  }
  try {
    db.pragma('busy_timeout = 5000');
    return quickCheck(db);
  } catch (error) {
    if (isDamage(error)) return [error.message];
    throw error;
  } finally {
    db.close();
  }
}

/**
 * What is missing at the end of a database without a log, by the number of pages in its own header; null when nothing is.
 * With a log the header may be ahead of the file: the rest of the pages is in there.
 */
export function findTruncation(file: string): string | null {
  if (hasLog(file)) return null;
  const header = Buffer.alloc(100);
  const handle = openSync(file, 'r');
  try {
    if (readSync(handle, header, 0, header.length, 0) < header.length) return null;
    const { size } = fstatSync(handle);
    // File format, 1.3: the page size (1 stands for 65536), the size in pages, and for which change that was written.
    const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
    const pages = header.readUInt32BE(28);
    const isCurrent = header.readUInt32BE(24) === header.readUInt32BE(92);
    if (header.toString('latin1', 0, 15) !== 'SQLite format 3' || !isCurrent || size >= pages * pageBytes) return null;
    return `the file is truncated: it has ${size} bytes of ${pages * pageBytes}`;
  } finally {
    closeSync(handle);
  }
}

const hasLog = (file: string): boolean => (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;

/** What SQLite's quick check finds; empty: nothing. */
export const quickCheck = (db: Database.Database): string[] =>
  z
    .array(z.object({ quick_check: z.string() }))
    .parse(db.pragma(`quick_check(${maxFindings})`))
    .map((row) => row.quick_check)
    .filter((line) => line !== 'ok');
