import { describe, expect, it } from 'vitest';
import { listDeliveries } from '../../electron/store/lists/list-deliveries.ts';
import { listEvents } from '../../electron/store/lists/list-events.ts';
import { listRuns } from '../../electron/store/runs/list-runs.ts';
import { eventHistogram } from '../../electron/store/statistics/event-histogram.ts';
import { runStatistics } from '../../electron/store/statistics/overview/run-statistics.ts';
import { runHistogram } from '../../electron/store/statistics/run-histogram.ts';
import { delivery, draft, listener, type TempStore, tempIntake, tempStore } from '../support/temp-store.ts';

const nowMs = Date.parse('2026-01-02T04:00:00Z');
const events = 240;

/** Events of two sources over 20 minutes, a third of them ignored, with failed and canceled runs and refused deliveries. */
async function filledStore(): Promise<TempStore> {
  const store = tempStore();
  const { intake, listeners, jobs } = tempIntake(store);
  jobs.replaceAll([{ spec: { slug: 'import', kind: 'command', command: ['true'] }, baseDir: null, version: 1 }]);
  listeners.replaceAll([listener({ slug: 'orders', type: ['order.*'], job: 'import' })]);
  for (let i = 0; i < events; i++) {
    const atMs = nowMs - (events - i) * 5000 + (i % 7) * 300;
    await intake.accept(
      delivery(
        [draft({ type: ['order.created', 'order.paid', 'user.deleted'][i % 3] ?? '', payload: { amount: i } })],
        {
          source: i % 4 === 0 ? 'shop' : 'crm',
          atMs,
        },
      ),
    );
  }
  await store.writer.write(({ db }) => {
    db.exec('UPDATE runs SET queued_at = (SELECT received_at FROM events e WHERE e.seq = event_seq)');
    db.exec("UPDATE runs SET state = 'failed' WHERE seq % 7 = 0");
    db.exec("UPDATE runs SET state = 'completed' WHERE seq % 7 = 1");
    db.exec("UPDATE runs SET state = 'canceled' WHERE seq % 7 = 2");
    db.exec("UPDATE deliveries SET result = 'refused' WHERE seq % 11 = 0");
    db.exec('UPDATE deliveries SET source = NULL WHERE seq % 22 = 0');
    db.exec("UPDATE deliveries SET source = 'gone' WHERE seq % 33 = 0");
  });
  return store;
}

type Histogram<B extends { at: string }> = {
  from: string;
  to: string;
  bucketMs: number;
  buckets: B[];
  cursor: string | null;
};

function allOf<T>(list: (cursor: string | null) => { items: T[]; nextCursor: string | null }): T[] {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page = list(cursor);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

/** All pieces of a histogram, each as short as can be, put together. */
function whole<B extends { at: string; total: number }>(next: (cursor: string | null) => Histogram<B>) {
  const sums = new Map<string, Record<string, number>>();
  let piece = next(null);
  const frame = { from: piece.from, to: piece.to, bucketMs: piece.bucketMs };
  let pieces = 0;
  for (;;) {
    pieces += 1;
    expect({ from: piece.from, to: piece.to, bucketMs: piece.bucketMs }).toEqual(frame);
    for (const { at, ...counts } of piece.buckets) {
      const sum = sums.get(at) ?? {};
      for (const [name, n] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + Number(n);
      sums.set(at, sum);
    }
    if (piece.cursor === null) break;
    piece = next(piece.cursor);
  }
  return { ...frame, pieces, buckets: Object.fromEntries(sums) };
}

function expected<T>(
  frame: { bucketMs: number },
  rows: T[],
  at: (row: T) => string,
  counts: (row: T) => Record<string, boolean>,
) {
  const sums: Record<string, Record<string, number>> = {};
  for (const row of rows) {
    const start = new Date(Math.floor(Date.parse(at(row)) / frame.bucketMs) * frame.bucketMs).toISOString();
    const all = { total: true, ...counts(row) };
    const sum = sums[start] ?? Object.fromEntries(Object.keys(all).map((name) => [name, 0]));
    sums[start] = sum;
    for (const [name, is] of Object.entries(all)) sum[name] = (sum[name] ?? 0) + (is ? 1 : 0);
  }
  return sums;
}

const withoutRefused = (buckets: Record<string, Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(buckets)
      .map(([at, { refused: _refused, ...counts }]): [string, Record<string, number>] => [at, counts])
      .filter(([, counts]) => (counts.total ?? 0) > 0),
  );

const inIndexes = [
  '',
  'source:crm',
  '-source:crm',
  'type:order.*',
  '-is:internal',
  'type:nothing',
  'after:10m',
  'before:10m after:25m source:shop',
];
const byRows = [
  'payload.amount:>100',
  'is:failed',
  '-is:failed',
  'is:ignored',
  'listener:orders',
  'amount',
  'payload.amount:0..300 after:20m',
];

describe('the histogram of events', () => {
  it('gets on by several buckets a call when there is no time', async () => {
    const store = await filledStore();
    const pieces = (buckets: number): number =>
      whole((cursor) => eventHistogram(store.reading, { query: '', buckets, cursor, nowMs }, 0)).pieces;
    expect(pieces(16)).toBe(1);
    expect(pieces(400)).toBeLessThanOrEqual(25);
  });

  it('counts what the list finds', async () => {
    const store = await filledStore();
    const asked = [...inIndexes, ...byRows].flatMap((query) => [5, 60, 400].map((buckets) => ({ query, buckets })));
    for (const { query, buckets } of asked) {
      const found = whole((cursor) => eventHistogram(store.reading, { query, buckets, cursor, nowMs }, 0));
      const listed = allOf((cursor) => listEvents(store.reading, { query, limit: 500, cursor, nowMs }));
      const counts = expected(
        found,
        listed,
        (event) => event.receivedAt,
        (event) => ({
          ignored: event.ignored,
          failed: event.runs.some((run) => run.state === 'failed'),
        }),
      );
      expect(withoutRefused(found.buckets)).toEqual(counts);
      const cut = (ms: number) => Math.floor(ms / found.bucketMs);
      expect(cut(Date.parse(found.to) - 1) - cut(Date.parse(found.from)) + 1).toBeLessThanOrEqual(buckets);
    }
  });

  it('counts refused deliveries', async () => {
    const store = await filledStore();
    for (const query of ['', 'source:crm', '-source:crm', 'source:gone', '-is:internal', 'after:20m']) {
      const found = whole((cursor) => eventHistogram(store.reading, { query, buckets: 50, cursor, nowMs }, 0));
      const asked = query.replace('-is:internal', '');
      const listed = allOf((cursor) =>
        listDeliveries(store.reading, { query: asked, result: 'refused', limit: 500, cursor, nowMs }),
      );
      const counts = expected(
        found,
        listed,
        (one) => one.receivedAt,
        () => ({}),
      );
      const refused = Object.entries(found.buckets).filter(([, bucket]) => (bucket.refused ?? 0) > 0);
      expect(listed.length).toBeGreaterThan(0);
      expect(Object.fromEntries(refused.map(([at, bucket]) => [at, { total: bucket.refused }]))).toEqual(counts);
    }
  });

  it('leaves refused deliveries out where the query asks for what they have not', async () => {
    const store = await filledStore();
    for (const query of ['type:**', 'is:ignored', 'payload.amount:>1', 'is:internal', 'system:generic']) {
      const found = whole((cursor) => eventHistogram(store.reading, { query, cursor, nowMs }));
      expect(Object.values(found.buckets).every((bucket) => bucket.refused === 0)).toBe(true);
    }
  });

  it('goes on in the same buckets while time passes, and ends', async () => {
    const store = await filledStore();
    let clock = nowMs;
    const found = whole((cursor) => {
      clock += 60_000;
      return eventHistogram(store.reading, { query: 'after:15m', buckets: 100, cursor, nowMs: clock }, 0);
    });
    expect(found.pieces).toBeGreaterThan(1);
  });

  it('is empty for an empty store, and takes a broken cursor for none', () => {
    const store = tempStore();
    expect(eventHistogram(store.reading, { nowMs }).buckets).toEqual([]);
    for (const cursor of ['x', '[1]', '[0,10,0,5]', '{}'])
      expect(eventHistogram(store.reading, { cursor, nowMs }).cursor).toBeNull();
    expect(runHistogram(store.reading, { nowMs }).buckets).toEqual([]);
  });
});

describe('the histogram of runs', () => {
  it('counts what the list finds', async () => {
    const store = await filledStore();
    const queries = [
      '',
      'job:import',
      'is:failed',
      'state:completed,canceled',
      'source:shop',
      'type:order.paid after:20m',
    ];
    for (const query of [...queries, 'payload.amount:>200']) {
      for (const buckets of [5, 60]) {
        const found = whole((cursor) => runHistogram(store.reading, { query, buckets, cursor, nowMs }, 0));
        const listed = allOf((cursor) => listRuns(store.reading, { query, limit: 500, cursor, nowMs }));
        expect(listed.length).toBeGreaterThan(0);
        const counts = expected(
          found,
          listed,
          (run) => run.queuedAt,
          (run) => ({
            completed: run.state === 'completed',
            failed: run.state === 'failed',
            canceled: run.state === 'canceled',
          }),
        );
        expect(found.buckets).toEqual(counts);
      }
    }
  });
});

describe('the statistics of a job', () => {
  it('count its runs of the last hours, and take percentiles by rank', async () => {
    const store = await filledStore();
    await store.writer.write(({ db }) => {
      db.exec('UPDATE runs SET attempt = 1, started_at = queued_at + 50, finished_at = queued_at + 50 + seq');
      db.exec('UPDATE runs SET attempt = 2, started_at = queued_at + 90000 WHERE seq % 10 = 0');
      db.exec("UPDATE runs SET finished_at = NULL WHERE state = 'queued'");
    });
    const request = { job: 'import', hours: 24, nowMs };
    const found = runStatistics(store.reading, request);
    const listed = allOf((cursor) => listRuns(store.reading, { query: '', limit: 500, cursor, nowMs }));
    const inState = (state: string) => listed.filter((run) => run.state === state).length;
    expect(found).toMatchObject({
      runs: listed.length,
      isCut: false,
      completed: inState('completed'),
      failed: inState('failed'),
      canceled: inState('canceled'),
      waitMs: { p50: 50, p95: 50, p99: 50 },
    });
    const durations = listed
      .filter((run) => run.state === 'completed' || run.state === 'failed')
      .map((run) => Math.max(0, Date.parse(run.finishedAt ?? '') - Date.parse(run.startedAt ?? '')))
      .sort((one, other) => one - other);
    expect(found.durationMs?.p50).toBe(durations[Math.ceil(durations.length / 2) - 1]);
    expect(found.durationMs?.p99).toBe(durations[Math.ceil(durations.length * 0.99) - 1]);

    expect(runStatistics(store.reading, request, 5)).toMatchObject({ runs: 5, isCut: true });
    expect(runStatistics(store.reading, { ...request, listener: 'orders' }).runs).toBe(listed.length);
    const none = { runs: 0, durationMs: null, waitMs: null };
    expect(runStatistics(store.reading, { ...request, listener: 'others' })).toMatchObject(none);
    expect(runStatistics(store.reading, { ...request, nowMs: nowMs + 48 * 3_600_000 })).toMatchObject(none);
  });
});
