import { addAnswers, answerPercentiles, noAnswers } from '../../../../shared/answer-times.ts';
import type { Readings } from '../../../../shared/contract/insights.ts';
import type { ReadableDb } from '../../database/open.ts';
import { isoTime } from '../../database/times.ts';
import { seqEnds, timeAtSeq } from '../../paging/time-bounds.ts';
import { forecastGrowth } from './growth.ts';
import { type Reading, readReadings } from './readings.ts';

export interface ReadingsRequest {
  hours: number;
  /** What is not stored yet: since the last reading. */
  now: Reading;
  retentionDays: number;
  /** Free bytes at which deliveries are refused. */
  stopBytes: number;
}

/** Points of a chart: readings beyond that are put together. */
const mostPoints = 120;
/** Growth is read from so long. */
const growthMs = 7 * 86_400_000;

/** The app itself over the last hours: how fast it answered, how long its queue was, how large it is. */
export function insightReadings(db: ReadableDb, request: ReadingsRequest): Readings {
  const { hours, now, retentionDays, stopBytes } = request;
  const fromMs = now.atMs - hours * 3_600_000;
  const all = [...readReadings(db, Math.min(fromMs, now.atMs - growthMs)), now];
  const readings = all.filter(({ atMs }) => atMs >= fromMs);
  const sum = sumOf(readings);
  const ends = seqEnds(db, 'events');
  return {
    from: isoTime(readings[0]?.atMs ?? fromMs),
    answered: sum.reduce((total, count) => total + count, 0),
    answerMs: answerPercentiles(sum),
    waiting: now.waiting,
    running: now.running,
    databaseBytes: now.databaseBytes,
    freeBytes: now.freeBytes,
    points: pointsOf(readings, fromMs, now.atMs),
    growth: forecastGrowth({
      readings: all.filter(({ atMs }) => atMs >= now.atMs - growthMs),
      databaseBytes: now.databaseBytes,
      freeBytes: now.freeBytes === null ? null : now.freeBytes - stopBytes,
      oldestEventMs: ends === null ? null : timeAtSeq(db, 'events', ends.low),
      retentionDays,
      nowMs: now.atMs,
    }),
  };
}

function sumOf(readings: readonly Reading[]): number[] {
  const sum = noAnswers();
  for (const { answers } of readings) addAnswers(sum, answers);
  return sum;
}

/** Of each stretch of time the longest queue, the last size and all answers. */
function pointsOf(readings: readonly Reading[], fromMs: number, toMs: number): Readings['points'] {
  const widthMs = Math.max(1, (toMs - fromMs) / mostPoints);
  const groups = new Map<number, Reading[]>();
  for (const reading of readings) {
    const index = Math.floor((reading.atMs - fromMs) / widthMs);
    const group = groups.get(index);
    if (group === undefined) groups.set(index, [reading]);
    else group.push(reading);
  }
  return [...groups.values()].flatMap((group) => {
    const last = group.at(-1);
    if (last === undefined) return [];
    const answers = sumOf(group);
    return [
      {
        at: isoTime(last.atMs),
        answered: answers.reduce((total, count) => total + count, 0),
        answerMs: answerPercentiles(answers),
        waiting: Math.max(...group.map(({ waiting }) => waiting)),
        running: Math.max(...group.map(({ running }) => running)),
        databaseBytes: last.databaseBytes,
        freeBytes: last.freeBytes,
      },
    ];
  });
}
