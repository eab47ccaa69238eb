import { z } from 'zod';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';

export interface EventTypeRow {
  id: number;
  source: string;
  system: string;
  type: string;
}

const rowSchema = z.object({ id: z.number(), source: z.string(), system: z.string(), type: z.string() });

/** A sender may invent types without end; beyond this many the memory of their ids starts afresh. */
const maxRemembered = 20_000;
const remembered = new WeakMap<WritableDb, Map<string, number>>();

/** The small number for a source, system and type; made when first seen. */
export function internEventType(db: WritableDb, source: string, system: string, type: string): number {
  let ids = remembered.get(db);
  if (ids === undefined || ids.size > maxRemembered) {
    ids = new Map();
    remembered.set(db, ids);
  }
  const key = `${source}\n${system}\n${type}`;
  const known = ids.get(key);
  if (known !== undefined) return known;
  const row = statement(
    db,
    // The update that changes nothing makes RETURNING answer for a row that is there already.
    `INSERT INTO event_types (source, system, type) VALUES (?, ?, ?)
     ON CONFLICT (source, system, type) DO UPDATE SET type = excluded.type RETURNING id`,
  ).get(source, system, type);
  const { id } = z.object({ id: z.number() }).parse(row);
  ids.set(key, id);
  return id;
}

/** After a rollback: ids handed out in that transaction may not exist. */
export function forgetEventTypes(db: WritableDb): void {
  remembered.delete(db);
}

/** Newest first. */
export function listEventTypes(db: ReadableDb, limit: number): EventTypeRow[] {
  return z
    .array(rowSchema)
    .parse(statement(db, 'SELECT id, source, system, type FROM event_types ORDER BY id DESC LIMIT ?').all(limit));
}
