import { z } from 'zod';
import type { Reached } from '../../../shared/conditions/evaluate/reach.ts';
import type { ReadableDb } from '../database/open.ts';
import type { MatchableEvent } from '../events/events.ts';
import { readFailureDetail } from '../failures/failure-detail.ts';
import { countFailures, type FailureListRequest, listFailures } from '../failures/list-failures.ts';
import { type BacktestRequest, backtest } from '../lists/backtest.ts';
import { type CountRequest, countMatches } from '../lists/count-matches.ts';
import { type ExportRequest, exportEvents } from '../lists/export-events.ts';
import { listDeliveries } from '../lists/list-deliveries.ts';
import { listEventIds, listEvents } from '../lists/list-events.ts';
import { groupEvents, type RankRequest, rankEvents } from '../lists/order-events.ts';
import { recentEvents } from '../lists/recent-events.ts';
import { listRuns } from '../runs/list-runs.ts';
import { oldestQueued } from '../runs/run-counts.ts';
import type { HistogramRequest } from '../statistics/buckets.ts';
import { recentDeliveries } from '../statistics/delivery-counts.ts';
import { deliveryHistogram } from '../statistics/delivery-histogram.ts';
import { eventHistogram } from '../statistics/event-histogram.ts';
import { type ListenerHistogramRequest, listenerHistogram } from '../statistics/listener-histogram.ts';
import { type ClauseSampleRequest, clauseSample } from '../statistics/overview/clause-sample.ts';
import { type RunRankingRequest, runRanking } from '../statistics/overview/run-ranking.ts';
import { type RunStatisticsRequest, runStatistics } from '../statistics/overview/run-statistics.ts';
import { sourceRhythms, sourceSilence } from '../statistics/overview/source-rhythm.ts';
import { type SourceStatisticsRequest, sourceStatistics } from '../statistics/overview/source-statistics.ts';
import { insightReadings } from '../statistics/readings/insight-readings.ts';
import { runHistogram } from '../statistics/run-histogram.ts';
import { typeSchema } from '../statistics/type-schema.ts';
import { findExpiredEvents } from '../upkeep/retention.ts';

/** Reads that may take long, hence run on the read worker. Arguments and results cross a thread: plain data only. */
export const readCalls = {
  listEvents,
  listEventIds,
  listRuns,
  listDeliveries,
  exportEvents: (db: ReadableDb, request: ExportRequest) => exportEvents(db, request),
  rankEvents: (db: ReadableDb, request: RankRequest) => rankEvents(db, request),
  groupEvents: (db: ReadableDb, request: Omit<RankRequest, 'descending'>) => groupEvents(db, request),
  countMatches: (db: ReadableDb, request: CountRequest) => countMatches(db, request),
  findExpiredEvents,
  listFailures: (db: ReadableDb, request: FailureListRequest) => listFailures(db, request),
  countFailures: (db: ReadableDb, _request: Record<string, never>) => countFailures(db),
  readFailureDetail,
  eventHistogram: (db: ReadableDb, request: HistogramRequest) => eventHistogram(db, request),
  runStatistics: (db: ReadableDb, request: RunStatisticsRequest) => runStatistics(db, request),
  runHistogram: (db: ReadableDb, request: HistogramRequest) => runHistogram(db, request),
  deliveryHistogram: (db: ReadableDb, request: HistogramRequest & { source: string }) => deliveryHistogram(db, request),
  sourceStatistics: (db: ReadableDb, request: SourceStatisticsRequest) => sourceStatistics(db, request),
  listenerHistogram: (db: ReadableDb, request: ListenerHistogramRequest) => listenerHistogram(db, request),
  clauseSample: (db: ReadableDb, request: ClauseSampleRequest) => clauseSample(db, request),
  insightReadings,
  sourceRhythms,
  sourceSilence,
  recentDeliveries,
  oldestQueued,
  runRanking: (db: ReadableDb, request: RunRankingRequest) => runRanking(db, request),
  recentEvents: (db: ReadableDb, request: { limit: number; source: string | null; nowMs: number }): MatchableEvent[] =>
    recentEvents(db, request.limit, request.source, request.nowMs),
  backtest: (db: ReadableDb, request: BacktestRequest) => backtest(db, request),
  typeSchema: (db: ReadableDb, request: Reached) => typeSchema(db, request),
  countEvents: (db: ReadableDb, _request: Record<string, never>): { total: number; newestSeq: number } =>
    z
      .object({ total: z.number(), newestSeq: z.number() })
      .parse(
        db.prepare('SELECT count(*) AS total, ifnull((SELECT max(seq) FROM events), 0) AS newestSeq FROM events').get(),
      ),
};

export type ReadCalls = typeof readCalls;
export type ReadCallName = keyof ReadCalls;
export type ReadRequest<N extends ReadCallName> = Parameters<ReadCalls[N]>[1];
export type ReadResult<N extends ReadCallName> = ReturnType<ReadCalls[N]>;
