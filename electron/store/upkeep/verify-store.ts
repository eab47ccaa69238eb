import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { migrations } from '../migrations/index.ts';
import { countRows, type StoreCopy } from './copy-store.ts';
import { findDamage, findTruncation } from './find-damage.ts';

/** Reads a whole store, such as a backup, and counts its rows. Throws what is wrong with it. */
export function verifyStore(file: string): StoreCopy {
  const [damage] = [findTruncation(file), ...findDamage(file)].filter((one) => one !== null);
  if (damage !== undefined) throw new Error(`it is damaged: ${damage}`);
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const schema = Number(db.pragma('user_version', { simple: true }));
    if (schema > migrations.length) throw new Error(`it was written by a newer Signalbox (schema ${schema})`);
    return { sizeBytes: statSync(file).size, schema, counts: countRows(db, file) };
  } finally {
    db.close();
  }
}
