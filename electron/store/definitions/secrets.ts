import { z } from 'zod';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';

const nameRowSchema = z.object({ name: z.string(), updated_at: z.number() });
const sealedRowSchema = z.object({ sealed: z.instanceof(Uint8Array) });

/** Names and when they were last set; values only ever leave through `readSealed`. */
export const readSecretNames = (db: ReadableDb): { name: string; updatedAtMs: number }[] =>
  statement(db, 'SELECT name, updated_at FROM secrets ORDER BY name')
    .all()
    .map((raw) => nameRowSchema.parse(raw))
    .map(({ name, updated_at }) => ({ name, updatedAtMs: updated_at }));

export function readSealed(db: ReadableDb, name: string): Buffer | null {
  const raw = statement(db, 'SELECT sealed FROM secrets WHERE name = ?').get(name);
  return raw === undefined ? null : Buffer.from(sealedRowSchema.parse(raw).sealed);
}

export function putSealed(db: WritableDb, name: string, sealed: Buffer, updatedAtMs: number): void {
  statement(
    db,
    `INSERT INTO secrets (name, sealed, updated_at) VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at`,
  ).run(name, sealed, updatedAtMs);
}

/** Whether there was one. */
export const deleteSealed = (db: WritableDb, name: string): boolean =>
  statement(db, 'DELETE FROM secrets WHERE name = ?').run(name).changes > 0;
