import type { Query } from '../../../shared/query/query.ts';
import type { ReadableDb } from '../database/open.ts';
import { resolveTypes } from '../lists/event-query.ts';
import { scanEvents } from '../lists/list-events.ts';
import { parseQueryOrThrow } from '../paging/page.ts';
import { pageBudgetMs } from '../paging/scan.ts';
import { failedEvents } from '../runs/run-times.ts';
import { bucketStart, type Frame, type Histogram, type HistogramRequest, readCursor, toHistogram } from './buckets.ts';
import { type EventCounts, indexCounter } from './count-by-index.ts';
import { bounded, chooseFrame } from './frame.ts';

/** Rows, and buckets with any rows, counted between checks of the clock: a call counts at least this much on a busy machine. */
const pieceRows = 1000;
const pieceBuckets = 16;

/**
 * How many events a query finds, over time. Queries by types, sources and times alone are counted in indexes; for all
 * others, rows are scanned as for a list.
 */
export function eventHistogram(
  db: ReadableDb,
  request: HistogramRequest,
  budgetMs = pageBudgetMs,
): Histogram<EventCounts> {
  const query = parseQueryOrThrow(request.query);
  const resumed = readCursor(request.cursor);
  const tables = isOfSources(query) ? (['events', 'deliveries'] as const) : (['events'] as const);
  const frame = resumed?.frame ?? chooseFrame(db, tables, query, request);
  const endBy = performance.now() + budgetMs;
  return isIndexed(query)
    ? countBuckets(db, query, frame, resumed?.at ?? null, endBy)
    : countRows(db, query, frame, resumed?.at ?? null, request.nowMs, endBy);
}

const isTypeFlag = ({ flag }: Query['is'][number]): boolean => flag === 'internal';

/** Whether the query filters by types and times alone; sources and systems are part of a type. */
const isIndexed = (query: Query): boolean =>
  [query.ids, query.fields, query.text, query.listeners, query.jobs, query.states, query.failures].every(
    (terms) => terms.length === 0,
  ) && query.is.every(isTypeFlag);

/** Whether refused deliveries, which have a source but no event, can match the query. */
const isOfSources = (query: Query): boolean =>
  isIndexed(query) && query.types.length + query.systems.length === 0 && query.is.every(({ negated }) => negated);

function countBuckets(
  db: ReadableDb,
  query: Query,
  frame: Frame,
  at: number | null,
  endBy: number,
): Histogram<EventCounts> {
  const counter = indexCounter(db, frame, resolveTypes(db, query), isOfSources(query) ? query : null);
  const counts = new Map<number, EventCounts>();
  let start = at ?? bucketStart(frame, frame.toMs - 1);
  let counted = 0;
  while (start + frame.bucketMs > frame.fromMs) {
    const found = counter.count(start);
    start -= frame.bucketMs;
    if (found.total + found.refused === 0) continue;
    counts.set(start + frame.bucketMs, found);
    counted += 1;
    if (counted % pieceBuckets !== 0 || performance.now() <= endBy) continue;
    if (start + frame.bucketMs > frame.fromMs) return toHistogram(frame, counts, start);
  }
  return toHistogram(frame, counts, null);
}

function countRows(
  db: ReadableDb,
  query: Query,
  frame: Frame,
  at: number | null,
  nowMs: number,
  endBy: number,
): Histogram<EventCounts> {
  const counts = new Map<number, EventCounts>();
  const scan = scanEvents(db, bounded(query, frame), nowMs);
  if (scan === null) return toHistogram(frame, counts, null);
  let below = Math.min(at ?? scan.top, scan.top);
  while (below > scan.floor) {
    const piece = scan.next(below, pieceRows);
    const rows = piece.rows.filter(scan.accepts);
    const failed = failedEvents(
      db,
      rows.map((row) => row.seq),
    );
    for (const row of rows) {
      const start = bucketStart(frame, row.received_at);
      const found = counts.get(start) ?? { total: 0, ignored: 0, failed: 0, refused: 0 };
      found.total += 1;
      found.ignored += row.ignored;
      found.failed += failed.has(row.seq) ? 1 : 0;
      counts.set(start, found);
    }
    if (piece.scannedTo >= below) break;
    below = piece.scannedTo;
    if (performance.now() > endBy && below > scan.floor) return toHistogram(frame, counts, below);
  }
  return toHistogram(frame, counts, null);
}
