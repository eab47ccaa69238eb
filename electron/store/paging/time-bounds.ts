import { z } from 'zod';
import { type Query, resolveTimeBound } from '../../../shared/query/query.ts';
import type { ReadableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
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

/**
 * The seqs that can lie between a query's `after` and `before`. Rows come in the order of time but for changes of the
 * clock, so the boundary is found by halving, without an index that every insert would pay for.
 */
export function seqRange(
  db: ReadableDb,
  table: 'events' | 'deliveries' | 'runs',
  query: Query,
  nowMs: number,
): SeqRange {
  const column = table === 'runs' ? 'queued_at' : 'received_at';
  // Two subqueries: SQLite answers min and max from the ends of the table only when each stands alone.
  const { low, high } = boundsSchema.parse(
    statement(db, `SELECT (SELECT min(seq) FROM ${table}) AS low, (SELECT max(seq) FROM ${table}) AS high`).get(),
  );
  if (low === null || high === null) return { floor: 0, top: 0, afterMs: null, beforeMs: null };
  const afterMs = query.after === undefined ? null : resolveTimeBound(query.after, nowMs);
  const beforeMs = query.before === undefined ? null : resolveTimeBound(query.before, nowMs);
  const firstSeqAt = (ms: number): number => {
    let from = low;
    let to = high + 1;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      const found = statement(db, `SELECT seq, ${column} AS at FROM ${table} WHERE seq >= ? ORDER BY seq LIMIT 1`).get(
        middle,
      );
      const row = found === undefined ? null : rowSchema.parse(found);
      if (row === null || row.at >= ms) to = middle;
      else from = row.seq + 1;
    }
    return from;
  };
  return {
    floor: (afterMs === null ? low : firstSeqAt(afterMs - disorderMs)) - 1,
    top: beforeMs === null ? high + 1 : firstSeqAt(beforeMs + disorderMs),
    afterMs,
    beforeMs,
  };
}

/** The bounds in time, for the rows between floor and top. */
export function addTimeBounds(where: Where, column: string, range: SeqRange): void {
  if (range.afterMs !== null) addClause(where, `${column} >= ?`, range.afterMs);
  if (range.beforeMs !== null) addClause(where, `${column} < ?`, range.beforeMs);
}
