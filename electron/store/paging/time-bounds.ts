import { z } from 'zod';
import { type Query, resolveTimeBound } from '../../../shared/query/query.ts';
import type { ReadableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { isoTimeOrNull } from '../database/times.ts';
import { addClause, type Where } from './sql-where.ts';

const boundsSchema = z.object({ low: z.number().nullable(), high: z.number().nullable() });
const rowSchema = z.object({ seq: z.number(), at: z.number() });

/** Clocks are set back now and then; rows this much out of order are still found. */
const disorderMs = 2 * 3_600_000;

export interface SeqRange {
  /** Rows have seq > floor … */
  floor: number;
  /** … and seq < top. */
  top: number;
  /** Exact bounds in time, for the rows in between. */
  afterMs: number | null;
  beforeMs: number | null;
}

export type TimedTable = 'events' | 'deliveries' | 'runs';

const timeColumn = (table: TimedTable): string => (table === 'runs' ? 'queued_at' : 'received_at');

/** The first and the last seq of a table; null when it is empty. */
export function seqEnds(db: ReadableDb, table: TimedTable): { low: number; high: number } | null {
  // Two subqueries: SQLite answers min and max from the ends of the table only when each stands alone.
  const { low, high } = boundsSchema.parse(
    statement(db, `SELECT (SELECT min(seq) FROM ${table}) AS low, (SELECT max(seq) FROM ${table}) AS high`).get(),
  );
  return low === null || high === null ? null : { low, high };
}

/** The time of the first row with at least this seq; null when there is none. */
export function timeAtSeq(db: ReadableDb, table: TimedTable, seq: number): number | null {
  return rowAtSeq(db, table, seq)?.at ?? null;
}

/** Up to where a page has looked, from its cursor; null at the end of the list. */
export const scannedTime = (db: ReadableDb, table: TimedTable, cursor: number | null): string | null =>
  isoTimeOrNull(cursor === null ? null : timeAtSeq(db, table, cursor));

function rowAtSeq(db: ReadableDb, table: TimedTable, seq: number): { seq: number; at: number } | null {
  const sql = `SELECT seq, ${timeColumn(table)} AS at FROM ${table} WHERE seq >= ? ORDER BY seq LIMIT 1`;
  const found = statement(db, sql).get(seq);
  return found === undefined ? null : rowSchema.parse(found);
}

/**
 * The first seq at or after this time, between `from` and `to`; `to` when there is none. Rows come in the order of time
 * but for changes of the clock, so it is found by halving, without an index that every insert would pay for.
 */
export function firstSeqAt(db: ReadableDb, table: TimedTable, ms: number, from: number, to: number): number {
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const row = rowAtSeq(db, table, middle);
    if (row === null || row.at >= ms) to = middle;
    else from = row.seq + 1;
  }
  return from;
}

/** The seqs that can lie between a query's `after` and `before`. */
export function seqRange(db: ReadableDb, table: TimedTable, query: Query, nowMs: number): SeqRange {
  const ends = seqEnds(db, table);
  if (ends === null) return { floor: 0, top: 0, afterMs: null, beforeMs: null };
  const { low, high } = ends;
  const afterMs = query.after === undefined ? null : resolveTimeBound(query.after, nowMs);
  const beforeMs = query.before === undefined ? null : resolveTimeBound(query.before, nowMs);
  return {
    floor: (afterMs === null ? low : firstSeqAt(db, table, afterMs - disorderMs, low, high + 1)) - 1,
    top: beforeMs === null ? high + 1 : firstSeqAt(db, table, beforeMs + disorderMs, low, high + 1),
    afterMs,
    beforeMs,
  };
}

/** The bounds in time, for the rows between floor and top. */
export function addTimeBounds(where: Where, column: string, range: SeqRange): void {
  if (range.afterMs !== null) addClause(where, `${column} >= ?`, range.afterMs);
  if (range.beforeMs !== null) addClause(where, `${column} < ?`, range.beforeMs);
}
