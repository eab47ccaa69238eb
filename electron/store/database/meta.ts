import { z } from 'zod';
import type { ReadableDb, WritableDb } from './open.ts';
import { statement } from './statements.ts';

const rowSchema = z.object({ value: z.string() });

/** Small facts about this database that belong in no table of their own. */
export function readMeta(db: ReadableDb, key: string): string | null {
  const row = statement(db, 'SELECT value FROM meta WHERE key = ?').get(key);
  return row === undefined ? null : rowSchema.parse(row).value;
}

export function writeMeta(db: WritableDb, key: string, value: string): void {
  statement(
    db,
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  ).run(key, value);
}
