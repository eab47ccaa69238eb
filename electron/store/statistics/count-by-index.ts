import { z } from 'zod';
import { compileConditions } from '../../../shared/conditions/evaluate/compile.ts';
import { toConditions } from '../../../shared/query/compile-query.ts';
import { emptyQuery, type Query } from '../../../shared/query/query.ts';
import type { ReadableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { placeholders } from '../paging/sql-where.ts';
import { firstSeqAt, seqEnds, type TimedTable } from '../paging/time-bounds.ts';
import { countFailedEvents } from '../runs/run-times.ts';
import type { Frame } from './buckets.ts';

export interface EventCounts {
  total: number;
  ignored: number;
  failed: number;
  refused: number;
}

const countSchema = z.object({ n: z.number() });

/**
 * Counts whole buckets from indexes, without reading a row. Buckets are cut where the first row of their time lies, so a
 * row stored after the clock was set back counts with its neighbors. Count buckets from new to old.
 *
 * `typeIds`: null for all. `ofSources`: the query whose sources' refused deliveries are counted too; null for none.
 */
export function indexCounter(db: ReadableDb, frame: Frame, typeIds: number[] | null, ofSources: Query | null) {
  const events = seqCuts(db, 'events', frame);
  const deliveries = ofSources === null ? null : seqCuts(db, 'deliveries', frame);
  const sources = ofSources === null ? [] : refusingSources(db, ofSources);
  const types = typeIds ?? [];
  const ofTypes = typeIds === null ? '' : `AND type_id IN (${placeholders(typeIds.length)})`;
  const totalSql =
    typeIds === null
      ? 'SELECT count(*) AS n FROM events WHERE seq >= ? AND seq < ?'
      : `SELECT count(*) AS n FROM events INDEXED BY events_by_type WHERE seq >= ? AND seq < ? ${ofTypes}`;
  const ignoredSql = `SELECT count(*) AS n FROM events INDEXED BY events_ignored
    WHERE ignored = 1 AND seq >= ? AND seq < ? ${ofTypes}`;
  const refusedSql = `SELECT count(*) AS n FROM deliveries INDEXED BY deliveries_refused
    WHERE result = 'refused' AND source IS ? AND seq >= ? AND seq < ?`;
  const number = (sql: string, ...values: (number | string | null)[]): number =>
    countSchema.parse(statement(db, sql).get(...values)).n;

  const countTotal = (from: number, to: number): number =>
    from >= to || (typeIds !== null && typeIds.length === 0) ? 0 : number(totalSql, from, to, ...types);

  return {
    /** The number of events alone. */
    total: (startMs: number): number => countTotal(...events(startMs)),
    count(startMs: number): EventCounts {
      const [from, to] = events(startMs);
      const total = countTotal(from, to);
      const [first, last] = deliveries?.(startMs) ?? [0, 0];
      return {
        total,
        ignored: total === 0 ? 0 : number(ignoredSql, from, to, ...types),
        failed: total === 0 ? 0 : countFailedEvents(db, from, to, typeIds),
        refused: first >= last ? 0 : sources.reduce((sum, source) => sum + number(refusedSql, source, first, last), 0),
      };
    },
  };
}

/** Where a bucket begins and ends in a table: its first seq, and the first seq after it. */
export function seqCuts(db: ReadableDb, table: TimedTable, frame: Frame): (startMs: number) => [number, number] {
  const ends = seqEnds(db, table);
  if (ends === null) return () => [0, 0];
  const { low, high } = ends;
  const cut = (ms: number): number => firstSeqAt(db, table, ms, low, high + 1);
  /** The next bucket ends where this one begins. */
  let known: { ms: number; seq: number } | null = null;
  return (startMs) => {
    const [fromMs, toMs] = [Math.max(frame.fromMs, startMs), Math.min(frame.toMs, startMs + frame.bucketMs)];
    const to = known?.ms === toMs ? known.seq : cut(toMs);
    const from = cut(fromMs);
    known = { ms: fromMs, seq: from };
    return [from, to];
  };
}

const sourceSchema = z.object({ source: z.string().nullable() });

/** Sources with refused deliveries, including deleted ones; null for addresses without a source. */
function refusingSources(db: ReadableDb, query: Query): (string | null)[] {
  const allows = compileConditions(toConditions({ ...emptyQuery(), sources: query.sources }));
  const first = "SELECT min(source) FROM deliveries INDEXED BY deliveries_refused WHERE result = 'refused'";
  const rows = statement(
    db,
    `WITH RECURSIVE found (source) AS (
       SELECT (${first})
       UNION ALL SELECT (${first} AND source > found.source) FROM found WHERE found.source IS NOT NULL
     ) SELECT source FROM found`,
  ).all();
  // The walk ends with a null, which also represents deliveries without a source.
  return rows
    .map((row) => sourceSchema.parse(row).source)
    .filter((source) =>
      allows({ source: source ?? '', type: '', system: '', context: null, payload: null, headers: {} }),
    );
}
