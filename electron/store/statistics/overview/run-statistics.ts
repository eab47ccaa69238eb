import type { RunStatistics } from '../../../../shared/contract/statistics.ts';
import type { ReadableDb } from '../../database/open.ts';
import { isoTime } from '../../database/times.ts';
import { firstSeqAt, seqEnds } from '../../paging/time-bounds.ts';
import { readRunTimes } from '../../runs/run-times.ts';
import { percentiles } from './percentiles.ts';

export interface RunStatisticsRequest {
  job: string;
  listener?: string | undefined;
  hours: number;
  nowMs: number;
}

/** Maximum number of runs read, latest first: 20,000 take about 30 ms. */
const mostRuns = 20_000;

/** Statistics of a job's runs, for all listeners or for one. */
export function runStatistics(db: ReadableDb, request: RunStatisticsRequest, most = mostRuns): RunStatistics {
  const { job, listener, hours, nowMs } = request;
  const fromMs = nowMs - hours * 3_600_000;
  const ends = seqEnds(db, 'runs');
  const from = ends === null ? 1 : firstSeqAt(db, 'runs', fromMs, ends.low, ends.high + 1);
  const rows = readRunTimes(db, { job, listener, fromSeq: from, limit: most });

  const counts = { completed: 0, failed: 0, canceled: 0 };
  const durations: number[] = [];
  const waits: number[] = [];
  for (const { state, attempt, queued_at, started_at, finished_at } of rows) {
    if (state === 'completed' || state === 'failed' || state === 'canceled') counts[state] += 1;
    if (started_at === null) continue;
    // Later attempts start after a configured delay.
    if (attempt === 1) waits.push(started_at - queued_at);
    if (finished_at !== null && state !== 'canceled') durations.push(finished_at - started_at);
  }
  const isCut = rows.length === most;
  return {
    from: isoTime(isCut ? (rows.at(-1)?.queued_at ?? fromMs) : fromMs),
    runs: rows.length,
    isCut,
    ...counts,
    durationMs: percentiles(durations),
    waitMs: percentiles(waits),
  };
}
