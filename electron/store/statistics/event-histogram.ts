import type { Query } from '../../../shared/query/query.ts';
import type { ReadableDb } from '../database/open.ts';
import { resolveTypes } from '../lists/event-query.ts';
import { scanEvents } from '../lists/list-events.ts';
import { parseQueryOrThrow } from '../paging/page.ts';
import { pageBudgetMs } from '../paging/scan.ts';
import { failedEvents } from '../runs/run-times.ts';
import { bucketStart, type Frame, type Histogram, type HistogramRequest, readCursor, toHistogram } from './buckets.ts';
import { collectBuckets } from './collect-buckets.ts';
import { type EventCounts, indexCounter } from './count-by-index.ts';
import { bounded, chooseFrame } from './frame.ts';

/** Rows scanned between checks of the clock. */
const pieceRows = 1000;

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
  const at = resumed?.at ?? null;
  if (!isIndexed(query)) return countRows(db, query, frame, at, request.nowMs, performance.now() + budgetMs);
  const counter = indexCounter(db, frame, resolveTypes(db, query), isOfSources(query) ? query : null);
  return collectBuckets(frame, at, budgetMs, counter.count, ({ total, refused }) => total + refused === 0);
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
