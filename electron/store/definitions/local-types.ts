import { z } from 'zod';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';

const rowSchema = z.object({ system: z.string(), type: z.string(), description: z.string(), added_at: z.number() });

/** An event type that an operator has described. */
export interface StoredLocalType {
  system: string;
  type: string;
  description: string;
  addedAtMs: number;
}

function toLocalType(raw: unknown): StoredLocalType {
  const { added_at, ...row } = rowSchema.parse(raw);
  return { ...row, addedAtMs: added_at };
}

/** In order of system and type. */
export const readLocalTypes = (db: ReadableDb): StoredLocalType[] =>
  statement(db, 'SELECT system, type, description, added_at FROM local_types ORDER BY system, type')
    .all()
    .map(toLocalType);

/** Where the type is there already only its description changes. Gives what is stored then. */
export const putLocalType = (
  db: WritableDb,
  { system, type, description, addedAtMs }: StoredLocalType,
): StoredLocalType =>
  toLocalType(
    statement(
      db,
      `INSERT INTO local_types (system, type, description, added_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (system, type) DO UPDATE SET description = excluded.description
       RETURNING system, type, description, added_at`,
    ).get(system, type, description, addedAtMs),
  );

/** Whether there was one. */
export const deleteLocalType = (db: WritableDb, system: string, type: string): boolean =>
  statement(db, 'DELETE FROM local_types WHERE system = ? AND type = ?').run(system, type).changes > 0;
