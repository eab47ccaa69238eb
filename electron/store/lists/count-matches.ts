import type { Query } from '../../../shared/query/query.ts';
import type { ReadableDb } from '../database/open.ts';
import { parseQueryOrThrow } from '../paging/page.ts';
import { pageBudgetMs, type Scan } from '../paging/scan.ts';
import { scanRuns } from '../runs/list-runs.ts';
import { scanEvents } from './list-events.ts';

export interface CountRequest {
  of: 'events' | 'runs';
  query: string;
  /** Counted so far and no further. */
  most: number;
  nowMs: number;
}

/** `isMore`: at least so many, as the bound or the time was reached. */
export interface MatchCount {
  count: number;
  isMore: boolean;
}

/** How many a query finds, as a list would, with a bound on both number and time. */
export function countMatches(db: ReadableDb, request: CountRequest, budgetMs = pageBudgetMs): MatchCount {
  const query: Query = parseQueryOrThrow(request.query);
  return request.of === 'events'
    ? count(scanEvents(db, query, request.nowMs), request.most, budgetMs)
    : count(scanRuns(db, query, {}, request.nowMs), request.most, budgetMs);
}

function count<Row>(scan: (Scan<Row> & { top: number }) | null, most: number, budgetMs: number): MatchCount {
  if (scan === null) return { count: 0, isMore: false };
  const endBy = performance.now() + budgetMs;
  let found = 0;
  let below = scan.top;
  while (below > scan.floor) {
    // One more than the bound tells whether there are more.
    const piece = scan.next(below, Math.min(500, most + 1 - found));
    found += piece.rows.filter((row) => scan.accepts(row)).length;
    if (found > most) return { count: most, isMore: true };
    if (piece.scannedTo >= below) break;
    below = piece.scannedTo;
    if (performance.now() > endBy && below > scan.floor) return { count: found, isMore: true };
  }
  return { count: found, isMore: false };
}
