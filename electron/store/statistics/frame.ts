import { type Query, resolveTimeBound } from '../../../shared/query/query.ts';
import type { ReadableDb } from '../database/open.ts';
import { seqEnds, type TimedTable, timeAtSeq } from '../paging/time-bounds.ts';
import { defaultBuckets, type Frame, frameOf, type HistogramRequest } from './buckets.ts';

const hourMs = 3_600_000;

/** From the query's `after`, else the oldest row of the tables, to its `before`, else now (or the newest row, of a faster clock). */
export function chooseFrame(
  db: ReadableDb,
  tables: readonly TimedTable[],
  query: Query,
  request: HistogramRequest,
): Frame {
  const { nowMs } = request;
  const ends = tables.flatMap((table) => {
    const found = seqEnds(db, table);
    if (found === null) return [];
    const [oldest, newest] = [timeAtSeq(db, table, found.low), timeAtSeq(db, table, found.high)];
    return oldest === null || newest === null ? [] : [{ oldest, newest }];
  });
  const oldest = Math.min(nowMs, ...ends.map((end) => end.oldest));
  const newest = Math.max(nowMs, ...ends.map((end) => end.newest));
  const fromMs =
    query.after === undefined ? (ends.length === 0 ? nowMs - hourMs : oldest) : resolveTimeBound(query.after, nowMs);
  const toMs = query.before === undefined ? newest + 1 : resolveTimeBound(query.before, nowMs);
  return frameOf(fromMs, toMs, request.buckets ?? defaultBuckets);
}

/** The query with fixed times: ages would be relative to a different now in each piece. */
export function bounded(query: Query, frame: Frame): Query {
  const at = (ms: number) => ({ kind: 'at' as const, text: String(ms), atMs: ms });
  return { ...query, after: at(frame.fromMs), before: at(frame.toMs) };
}
