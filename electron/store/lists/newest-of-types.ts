import { z } from 'zod';
import type { ReadableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { placeholders } from '../paging/sql-where.ts';

/** Beyond this many types, walking each type's own index is slower than walking all events. */
export const maxMergedTypes = 64;
/** Seqs walked at a time where types are not merged. */
const windowRows = 4000;

const seqSchema = z.object({ seq: z.number() });
const seqsOf = (rows: unknown[]): number[] => rows.map((row) => seqSchema.parse(row).seq);

/** Up to `limit` seqs of events of these types, at most `maxMergedTypes`, between `floor` and `below`, newest first. */
export function mergeTypes(
  db: ReadableDb,
  typeIds: readonly number[],
  below: number,
  floor: number,
  limit: number,
): number[] {
  const branch =
    'SELECT * FROM (SELECT seq FROM events WHERE type_id = ? AND seq < ? AND seq > ? ORDER BY seq DESC LIMIT ?)';
  const sql = `${typeIds.map(() => branch).join(' UNION ALL ')} ORDER BY seq DESC LIMIT ?`;
  return seqsOf(statement(db, sql).all(...typeIds.flatMap((id) => [id, below, floor, limit]), limit));
}

/** The same for any number of types, with how far down it has looked: `scannedTo` is `floor` at the end. */
export function newestOfTypes(
  db: ReadableDb,
  typeIds: readonly number[],
  below: number,
  floor: number,
  limit: number,
): { seqs: number[]; scannedTo: number } {
  if (typeIds.length === 0) return { seqs: [], scannedTo: floor };
  if (typeIds.length <= maxMergedTypes) {
    const seqs = mergeTypes(db, typeIds, below, floor, limit);
    return { seqs, scannedTo: seqs.length === limit ? (seqs.at(-1) ?? floor) : floor };
  }
  const from = Math.max(floor + 1, below - windowRows);
  const seqs = seqsOf(
    statement(
      db,
      // The plus keeps SQLite from collecting and sorting all events of these types.
      `SELECT seq FROM events WHERE seq < ? AND seq >= ? AND +type_id IN (${placeholders(typeIds.length)})
       ORDER BY seq DESC LIMIT ?`,
    ).all(below, from, ...typeIds, limit),
  );
  const lowest = seqs.length === limit ? seqs.at(-1) : undefined;
  return { seqs, scannedTo: lowest ?? (from === floor + 1 ? floor : from) };
}
