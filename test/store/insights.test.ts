import pino from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMetrics } from '../../electron/runtime/status/metrics.ts';
import { runRanking } from '../../electron/store/statistics/overview/run-ranking.ts';
import { forecastGrowth, type GrowthInput } from '../../electron/store/statistics/readings/growth.ts';
import { insightReadings } from '../../electron/store/statistics/readings/insight-readings.ts';
import { type Reading, readReadings, writeReading } from '../../electron/store/statistics/readings/readings.ts';
import { startReadings } from '../../electron/upkeep/readings.ts';
import { answerPercentiles, noAnswers } from '../../shared/answer-times.ts';
import { type TempStore, tempStore } from '../support/temp-store.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const mib = 1024 * 1024;

describe('percentiles of answers', () => {
  it('lie within the class that holds them', () => {
    const counts = noAnswers();
    counts[2] = 90;
    counts[6] = 9;
    counts[10] = 1;
    const found = answerPercentiles(counts);
    expect(found?.p50).toBeGreaterThan(2);
    expect(found?.p50).toBeLessThanOrEqual(5);
    expect(found?.p95).toBeGreaterThan(50);
    expect(found?.p95).toBeLessThanOrEqual(100);
    expect(answerPercentiles(counts.map((n) => n * 2))?.p99).toBe(found?.p99);
    counts[10] = 100;
    expect(answerPercentiles(counts)?.p99).toBe(5000);
    expect(answerPercentiles(noAnswers())).toBeNull();
  });

  it('are counted by the metrics without anything beside them', async () => {
    const metrics = createMetrics({
      runs: () => ({ waiting: 0, running: 0 }),
      indexBehind: () => 0,
      databaseBytes: () => 0,
    });
    for (const ms of [0.5, 1.5, 1.7, 30, 9000]) metrics.answered('crm', 202, ms);
    expect(await metrics.answerCounts()).toEqual([1, 2, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  });
});

/** The real way of readings into a store, with the numbers of the app in the test's hand. */
function openReadings(store: TempStore) {
  const app = { nowMs, answers: noAnswers(), waiting: 0, running: 0, databaseBytes: 10 * mib, freeBytes: 1000 * mib };
  const readings = startReadings({
    writer: store.writer,
    log: pino({ level: 'silent' }),
    nowMs: () => app.nowMs,
    answers: async () => [...app.answers],
    queue: () => ({ waiting: app.waiting, running: app.running }),
    databaseBytes: () => app.databaseBytes,
    freeBytes: () => app.freeBytes,
  });
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (!isStopped) await readings.stop();
    isStopped = true;
  };
  onTestFinished(stop);
  return { app, readings, stop };
}

const request = (now: Reading, hours: number) => ({ hours, now, retentionDays: 30, stopBytes: 256 * mib });

describe('readings', () => {
  it('keep what was counted between them, and leave idle times out', async () => {
    const store = tempStore();
    const { app, readings } = openReadings(store);
    const answer = (index: number, n: number): void => {
      app.answers[index] = (app.answers[index] ?? 0) + n;
    };
    answer(0, 5);
    expect(await readings.take()).toBe(true);
    app.nowMs += 5 * minuteMs;
    expect(await readings.take()).toBe(false);
    answer(1, 7);
    app.nowMs += 5 * minuteMs;
    expect(await readings.take()).toBe(true);
    app.nowMs += 60 * minuteMs;
    expect(await readings.take()).toBe(true);
    app.nowMs += minuteMs;
    answer(3, 2);
    const stored = readReadings(store.reading, 0).map(({ atMs, answers }) => [(atMs - nowMs) / minuteMs, answers]);
    expect(stored).toEqual([
      [0, [5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
      [10, [0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
      [70, noAnswers()],
    ]);
    expect((await readings.now()).answers).toEqual([0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
    expect(insightReadings(store.reading, request(await readings.now(), 24)).answered).toBe(14);
  });

  it('are stored at the end, so that a restart loses no count', async () => {
    const store = tempStore();
    const { app, readings, stop } = openReadings(store);
    await readings.take();
    app.nowMs += minuteMs;
    app.answers[4] = 3;
    await stop();
    expect(readReadings(store.reading, 0).at(-1)?.answers[4]).toBe(3);
  });

  it('give the longest queue and the last size of each stretch, in at most 120 points', async () => {
    const store = tempStore();
    const readingAt = (minutes: number): Reading => ({
      atMs: nowMs - minutes * minuteMs,
      answers: [1, ...noAnswers().slice(1)],
      waiting: minutes % 7,
      running: 1,
      databaseBytes: 100 * mib - minutes * 1000,
      freeBytes: 5000 * mib,
    });
    const minutes = Array.from({ length: 2000 }, (_, n) => 5 * (2000 - n));
    await store.writer.write(({ db }) => {
      for (const each of minutes) writeReading(db, readingAt(each));
      writeReading(db, { ...readingAt(0), atMs: nowMs - 39 * dayMs });
    });
    for (const hours of [24, 168]) {
      const found = insightReadings(store.reading, request(readingAt(0), hours));
      const within = [...minutes, 0].filter((each) => each <= hours * 60);
      expect(found.answered).toBe(within.length);
      expect(found.points.length).toBeLessThanOrEqual(121);
      expect(found.points.reduce((sum, { answered }) => sum + answered, 0)).toBe(within.length);
      expect(Math.max(...found.points.map(({ waiting }) => waiting))).toBe(6);
      expect(found.points.at(-1)).toMatchObject({ at: new Date(nowMs).toISOString(), databaseBytes: 100 * mib });
      // 1000 bytes a minute.
      expect(found.growth.bytesPerDay).toBe(1_440_000);
    }
    // Forty days are kept.
    await store.writer.write(({ db }) => writeReading(db, { ...readingAt(0), atMs: nowMs + 2 * dayMs }));
    expect(readReadings(store.reading, 0)[0]?.atMs).toBe(nowMs - 10_000 * minuteMs);
  });
});

describe('the forecast of growth', () => {
  const growing = (perDay: number, days: number): GrowthInput['readings'] =>
    Array.from({ length: days * 24 }, (_, hour) => ({
      atMs: nowMs - days * dayMs + hour * 60 * minuteMs,
      // Up and down by a tenth, as a real one does.
      databaseBytes: 1000 * mib + (perDay * hour) / 24 + (hour % 2) * 0.1 * perDay,
    }));
  const input = (change: Partial<GrowthInput>): GrowthInput => ({
    readings: growing(100 * mib, 5),
    databaseBytes: 1500 * mib,
    freeBytes: 10_000 * mib,
    oldestEventMs: nowMs - 10 * dayMs,
    retentionDays: 30,
    nowMs,
    ...change,
  });
  const days = (at: string | null): number | null =>
    at === null ? null : Math.round((Date.parse(at) - nowMs) / dayMs);

  it('says when retention removes as much as comes in, and the size then', () => {
    const found = forecastGrowth(input({}));
    expect((found.bytesPerDay ?? 0) / mib).toBeCloseTo(100, 0);
    expect(days(found.levelsOffAt)).toBe(20);
    expect((found.levelsOffBytes ?? 0) / mib).toBeCloseTo(3500, -1);
    expect(found.fullAt).toBeNull();
  });

  it('says when the disk is full before that, or where retention does not help', () => {
    expect(days(forecastGrowth(input({ freeBytes: 500 * mib })).fullAt)).toBe(5);
    expect(days(forecastGrowth(input({ oldestEventMs: nowMs - 31 * dayMs })).fullAt)).toBe(100);
    expect(forecastGrowth(input({ freeBytes: 500 * mib }))).toMatchObject({ levelsOffAt: null, levelsOffBytes: null });
  });

  it('is none for what shrinks, for too few readings, and without room that is known', () => {
    expect(forecastGrowth(input({ readings: growing(-100 * mib, 5) }))).toMatchObject({
      fullAt: null,
      levelsOffBytes: 1500 * mib,
    });
    expect(forecastGrowth(input({ readings: growing(100 * mib, 5).slice(0, 5) })).bytesPerDay).toBeNull();
    expect(forecastGrowth(input({ readings: [] })).bytesPerDay).toBeNull();
    expect(forecastGrowth(input({ freeBytes: null, oldestEventMs: null }))).toMatchObject({
      fullAt: null,
      levelsOffAt: null,
    });
  });
});

describe('the ranking of runs', () => {
  async function filled(): Promise<TempStore> {
    const store = tempStore();
    await store.writer.write(({ db }) => {
      const insert = db.prepare(`INSERT INTO runs (id, event_seq, listener, job, state, attempts, attempt, queued_at,
        started_at, finished_at, acknowledge) VALUES (?, ?, ?, ?, ?, 1, 1, ?, ?, ?, 'none')`);
      for (let i = 0; i < 6000; i++) {
        const job = ['quick', 'slow', 'never'][i % 3] ?? '';
        const state = job === 'never' ? 'queued' : i % 4 === 0 ? 'failed' : 'completed';
        const queuedAt = nowMs - (6000 - i) * 1000;
        const startedAt = job === 'never' ? null : queuedAt + 10;
        const took = job === 'slow' ? 5000 + (i % 100) : 5;
        const listener = i % 24 === 0 ? null : `on-${i % 2 === 0 ? 'even' : 'odd'}`;
        insert.run(
          `r${i}`,
          i + 1,
          listener,
          job,
          state,
          queuedAt,
          startedAt,
          startedAt === null ? null : startedAt + took,
        );
      }
    });
    return store;
  }

  it('puts the listeners with most failed runs and the slowest jobs first', async () => {
    const { reading } = await filled();
    for (const hours of [1, 24]) {
      const found = runRanking(reading, { hours, nowMs }, 60_000);
      const most = Math.min(6000, hours * 3600);
      const indexes = Array.from({ length: most }, (_, n) => 6000 - most + n);
      const failed = (job: string, listener: string | null): number =>
        indexes.filter((i) => {
          const of = i % 24 === 0 ? null : `on-${i % 2 === 0 ? 'even' : 'odd'}`;
          return i % 4 === 0 && (['quick', 'slow', 'never'][i % 3] ?? '') === job && of === listener;
        }).length;
      expect(found).toMatchObject({ runs: most, isCut: false });
      expect(found.failing).toEqual(
        found.failing.map(({ job, listener }) => ({ job, listener, failed: failed(job, listener) })),
      );
      expect(found.failing.map(({ failed: n }) => n)).toEqual(
        [...found.failing.map(({ failed: n }) => n)].sort((one, other) => other - one),
      );
      expect(found.failing.map(({ job, listener }) => `${job} ${listener}`).sort()).toEqual([
        'quick null',
        'quick on-even',
        'slow on-even',
      ]);
      expect(found.slow.map(({ job }) => job)).toEqual(['slow', 'quick', 'never']);
      expect(found.slow[0]?.durationMs?.p50).toBeGreaterThanOrEqual(5000);
      expect(found.slow[2]).toMatchObject({ durationMs: null, waitMs: null });
    }
  });

  it('says of how many runs it is when the time is up', async () => {
    const { reading } = await filled();
    const found = runRanking(reading, { hours: 24, nowMs }, 0);
    expect(found).toMatchObject({ runs: 2000, isCut: true, from: new Date(nowMs - 2000 * 1000).toISOString() });
  });
});
