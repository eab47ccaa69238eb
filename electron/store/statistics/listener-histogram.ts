import type { ReadableDb } from '../database/open.ts';
import { parseQueryOrThrow } from '../paging/page.ts';
import { pageBudgetMs } from '../paging/scan.ts';
import { countMatched } from '../runs/run-times.ts';
import { type Histogram, type HistogramRequest, readCursor } from './buckets.ts';
import { collectBuckets } from './collect-buckets.ts';
import { indexCounter, seqCuts } from './count-by-index.ts';
import { chooseFrame } from './frame.ts';

export interface MatchCounts {
  /** Events that the listener can match by their source and type, and those it matched. */
  total: number;
  matched: number;
}

/** `typeIds`: of the events that the listener can match. */
export interface ListenerHistogramRequest extends HistogramRequest {
  listener: string;
  typeIds: number[];
}

/** Which events a listener matched, over the time when they were received. Of the query only its times count. */
export function listenerHistogram(
  db: ReadableDb,
  request: ListenerHistogramRequest,
  budgetMs = pageBudgetMs,
): Histogram<MatchCounts> {
  const resumed = readCursor(request.cursor);
  const frame = resumed?.frame ?? chooseFrame(db, ['events'], parseQueryOrThrow(request.query), request);
  const counter = indexCounter(db, frame, request.typeIds, null);
  const cuts = seqCuts(db, 'events', frame);
  return collectBuckets(frame, resumed?.at ?? null, budgetMs, (startMs) => {
    const matched = countMatched(db, request.listener, ...cuts(startMs));
    // What it took by an earlier definition counts too.
    return { total: Math.max(matched, counter.total(startMs)), matched };
  });
}
