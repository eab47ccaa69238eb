import type { ReadableDb } from '../database/open.ts';
import { parseQueryOrThrow } from '../paging/page.ts';
import { pageBudgetMs } from '../paging/scan.ts';
import { type Histogram, type HistogramRequest, readCursor } from './buckets.ts';
import { collectBuckets } from './collect-buckets.ts';
import { seqCuts } from './count-by-index.ts';
import { countDeliveries, type DeliveryCounts } from './delivery-counts.ts';
import { chooseFrame } from './frame.ts';

/** The deliveries of a source over time. Of the query only its times count. */
export function deliveryHistogram(
  db: ReadableDb,
  request: HistogramRequest & { source: string },
  budgetMs = pageBudgetMs,
): Histogram<DeliveryCounts> {
  const resumed = readCursor(request.cursor);
  const frame = resumed?.frame ?? chooseFrame(db, ['deliveries'], parseQueryOrThrow(request.query), request);
  const cuts = seqCuts(db, 'deliveries', frame);
  return collectBuckets(frame, resumed?.at ?? null, budgetMs, (startMs) =>
    countDeliveries(db, request.source, ...cuts(startMs)),
  );
}
