import type { RunRanking } from '../../../../shared/contract/insights.ts';
import type { ReadableDb } from '../../database/open.ts';
import { isoTime } from '../../database/times.ts';
import { pageBudgetMs } from '../../paging/scan.ts';
import { firstSeqAt, seqEnds } from '../../paging/time-bounds.ts';
import { rankFailures, readJobTimes } from '../../runs/run-ranks.ts';
import { percentiles } from './percentiles.ts';

export interface RunRankingRequest {
  hours: number;
  nowMs: number;
}

const mostRuns = 20_000;
/** Rows read before the clock is looked at. */
const pieceRows = 2000;
const mostRanks = 10;

/** Which listeners fail most, and which jobs are slowest, of the latest runs. */
export function runRanking(db: ReadableDb, { hours, nowMs }: RunRankingRequest, budgetMs = pageBudgetMs): RunRanking {
  const fromMs = nowMs - hours * 3_600_000;
  const ends = seqEnds(db, 'runs');
  if (ends === null) return { from: isoTime(fromMs), runs: 0, isCut: false, failing: [], slow: [] };
  const endBy = performance.now() + budgetMs;
  const from = firstSeqAt(db, 'runs', fromMs, ends.low, ends.high + 1);
  const byJob = new Map<string, { runs: number; durations: number[]; waits: number[] }>();
  let [below, runs, oldestMs, isCut] = [ends.high + 1, 0, fromMs, false];
  while (below > from) {
    const rows = readJobTimes(db, { below, from, limit: pieceRows });
    for (const { job, attempt, queued_at, started_at, finished_at } of rows) {
      const times = byJob.get(job) ?? { runs: 0, durations: [], waits: [] };
      byJob.set(job, times);
      times.runs += 1;
      if (started_at !== null && finished_at !== null) times.durations.push(finished_at - started_at);
      if (started_at !== null && attempt === 1) times.waits.push(started_at - queued_at);
    }
    runs += rows.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pieceRows) break;
    below = last.seq;
    if (below > from && (runs >= mostRuns || performance.now() > endBy)) {
      isCut = true;
      oldestMs = last.queued_at;
      break;
    }
  }
  const slow = [...byJob]
    .map(([job, times]) => ({
      job,
      runs: times.runs,
      durationMs: percentiles(times.durations),
      waitMs: percentiles(times.waits),
    }))
    .sort((one, other) => (other.durationMs?.p95 ?? -1) - (one.durationMs?.p95 ?? -1))
    .slice(0, mostRanks);
  return { from: isoTime(oldestMs), runs, isCut, failing: rankFailures(db, from, mostRanks), slow };
}
