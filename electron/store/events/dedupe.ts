import { createHash } from 'node:crypto';
import { z } from 'zod';
import { currentEntry } from '../database/log-entry.ts';
import type { WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';

const rowSchema = z.object({ event_id: z.string() });

/** A sender may repeat itself for days; this is independent of how long events are kept. */
export const dedupeMs = 7 * 86_400_000;

/** A sender's id may be of any length; beyond this it is kept as its digest. */
const maxKeyLength = 200;

const keyOf = (externalId: string): string =>
  externalId.length <= maxKeyLength ? externalId : `sha256:${createHash('sha256').update(externalId).digest('hex')}`;

/** Claims a sender's id for `eventId`. Null: it was free. Otherwise the id of the event that has it. */
export function claimExternalId(
  db: WritableDb,
  source: string,
  externalId: string,
  eventId: string,
  nowMs: number,
): string | null {
  const key = keyOf(externalId);
  if (currentEntry() !== null) {
    // Nodes prune at times of their own, and must agree.
    statement(db, 'DELETE FROM dedupe WHERE source = ? AND external_id = ? AND at < ?').run(
      source,
      key,
      nowMs - dedupeMs,
    );
  }
  const { changes } = statement(
    db,
    'INSERT OR IGNORE INTO dedupe (source, external_id, event_id, at) VALUES (?, ?, ?, ?)',
  ).run(source, key, eventId, nowMs);
  if (changes === 1) return null;
  const row = statement(db, 'SELECT event_id FROM dedupe WHERE source = ? AND external_id = ?').get(source, key);
  return rowSchema.parse(row).event_id;
}

/** Forgets ids older than the window; at most `limit`, so that a transaction stays short. Returns how many. */
export function pruneDedupe(db: WritableDb, beforeMs: number, limit: number): number {
  return statement(
    db,
    `DELETE FROM dedupe WHERE (source, external_id) IN (
       SELECT source, external_id FROM dedupe WHERE at < ? ORDER BY at LIMIT ?)`,
  ).run(beforeMs, limit).changes;
}
