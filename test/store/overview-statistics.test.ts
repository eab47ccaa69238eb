import { describe, expect, it } from 'vitest';
import { listEventTypes } from '../../electron/store/events/event-types.ts';
import { listDeliveries } from '../../electron/store/lists/list-deliveries.ts';
import { listEvents } from '../../electron/store/lists/list-events.ts';
import { newestOfTypes } from '../../electron/store/lists/newest-of-types.ts';
import { deliveryHistogram } from '../../electron/store/statistics/delivery-histogram.ts';
import { listenerHistogram } from '../../electron/store/statistics/listener-histogram.ts';
import { clauseSample } from '../../electron/store/statistics/overview/clause-sample.ts';
import { rhythmOf } from '../../electron/store/statistics/overview/source-rhythm.ts';
import { sourceStatistics } from '../../electron/store/statistics/overview/source-statistics.ts';
import { delivery, draft, listener, type TempStore, tempIntake, tempStore } from '../support/temp-store.ts';

const nowMs = Date.parse('2026-01-02T04:00:00Z');
const minuteMs = 60_000;
const count = 300;
const types = ['order.created', 'order.paid', 'user.deleted'] as const;

/** A delivery every ten seconds, of two sources and three types, some repeated, refused or only tried. */
async function filledStore(): Promise<TempStore> {
  const store = tempStore();
  const { intake, listeners, jobs } = tempIntake(store);
  jobs.replaceAll([{ spec: { slug: 'import', kind: 'command', command: ['true'] }, baseDir: null, version: 1 }]);
  const where = { all: [{ field: 'payload.amount', op: 'gte', value: 100 }] };
  listeners.replaceAll([listener({ slug: 'orders', source: 'crm', type: ['order.*'], job: 'import', where })]);
  await Promise.all(
    Array.from({ length: count }, (_, i) =>
      intake.accept(
        delivery([draft({ type: types[i % 3] ?? '', payload: { amount: i, lane: i % 5 } })], {
          source: i % 4 === 0 ? 'shop' : 'crm',
          atMs: nowMs - (count - i) * 10_000,
        }),
      ),
    ),
  );
  await store.writer.write(({ db }) => {
    db.exec("UPDATE deliveries SET result = 'duplicate' WHERE seq % 5 = 0");
    db.exec(
      "UPDATE deliveries SET result = 'refused', reason_code = 'bad_signature', reason_message = 'n ' || seq WHERE seq % 7 = 0",
    );
    db.exec("UPDATE deliveries SET result = 'refused', reason_code = 'too_large' WHERE seq % 49 = 0");
    db.exec("UPDATE deliveries SET result = 'refused', reason_code = 'address_tried' WHERE seq % 23 = 0");
    db.exec(`UPDATE events SET verification = '{"state":"verified","scheme":"hmac","detail":null}' WHERE seq % 2 = 0`);
  });
  return store;
}

const allDeliveries = (store: TempStore, source: string) => {
  const items = [];
  let cursor: string | null = null;
  do {
    const page = listDeliveries(store.reading, { source, limit: 500, cursor, nowMs });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
};

/** All pieces of a histogram, each as short as can be. */
function whole<B extends { at: string }>(
  next: (cursor: string | null) => { buckets: B[]; cursor: string | null; bucketMs: number },
) {
  let piece = next(null);
  const buckets = [...piece.buckets];
  let pieces = 1;
  while (piece.cursor !== null) {
    piece = next(piece.cursor);
    buckets.push(...piece.buckets);
    pieces += 1;
  }
  return { bucketMs: piece.bucketMs, buckets, pieces };
}

const startOf = (at: string, bucketMs: number): string =>
  new Date(Math.floor(Date.parse(at) / bucketMs) * bucketMs).toISOString();

describe('the deliveries of a source', () => {
  it('are counted over time as the list has them', async () => {
    const store = await filledStore();
    for (const buckets of [5, 200]) {
      const found = whole((cursor) => deliveryHistogram(store.reading, { source: 'crm', buckets, cursor, nowMs }, 0));
      const expected = new Map<string, Record<string, number>>();
      for (const { receivedAt, result } of allDeliveries(store, 'crm')) {
        const at = startOf(receivedAt, found.bucketMs);
        const sums = expected.get(at) ?? { total: 0, accepted: 0, duplicate: 0, refused: 0, tried: 0 };
        expected.set(at, { ...sums, total: (sums.total ?? 0) + 1, [result]: (sums[result] ?? 0) + 1 });
      }
      expect(Object.fromEntries(found.buckets.map(({ at, ...counts }) => [at, counts]))).toEqual(
        Object.fromEntries(expected),
      );
      if (buckets === 200) expect(found.pieces).toBeGreaterThan(1);
    }
  });

  it('are summed up with the reasons of refusals and how many events were verified', async () => {
    const store = await filledStore();
    for (const hours of [1, 24]) {
      const { reasons, verification, rhythm, from, ...counts } = sourceStatistics(store.reading, {
        source: 'crm',
        hours,
        nowMs,
      });
      const listed = allDeliveries(store, 'crm').filter(({ receivedAt }) => Date.parse(receivedAt) >= Date.parse(from));
      const having = (result: string) => listed.filter((one) => one.result === result);
      expect(counts).toEqual({
        total: listed.length,
        accepted: having('accepted').length,
        duplicate: having('duplicate').length,
        refused: having('refused').length,
        tried: having('tried').length,
      });
      const refused = having('refused').map(({ reason }) => reason);
      for (const { code, message, count: n } of reasons) {
        expect(refused.filter((reason) => reason?.code === code)).toHaveLength(n);
        expect(refused.find((reason) => reason?.code === code)?.message).toBe(message);
      }
      expect(reasons.map(({ code }) => code)).toEqual(['bad_signature', 'too_large']);
      const events = listEvents(store.reading, { query: 'source:crm', limit: 500, nowMs }).items;
      const kept = events.filter(({ receivedAt }) => Date.parse(receivedAt) >= Date.parse(from));
      expect(verification).toEqual({
        events: kept.length,
        verified: kept.filter((event) => event.verification.state === 'verified').length,
      });
      expect(rhythm).toMatchObject({ lastAt: listed[0]?.receivedAt, usualIntervalMs: 10_000, isSilent: false });
    }
  });

  it('of nothing are nothing', () => {
    const { reading } = tempStore();
    expect(deliveryHistogram(reading, { source: 'crm', nowMs }).buckets).toEqual([]);
    expect(sourceStatistics(reading, { source: 'crm', hours: 24, nowMs })).toMatchObject({
      total: 0,
      reasons: [],
      verification: { events: 0, verified: 0 },
      rhythm: { lastAt: null, usualIntervalMs: null, isSilent: false },
    });
  });
});

describe('the rhythm of a source', () => {
  const every = (ms: number, n: number, lastMs: number): number[] =>
    Array.from({ length: n }, (_, i) => lastMs - i * ms);

  it('is silent after three of its long intervals, and five minutes at least', () => {
    const steady = (agoMs: number) => rhythmOf(every(4 * minuteMs, 50, nowMs - agoMs), nowMs);
    expect(steady(11 * minuteMs)).toMatchObject({ usualIntervalMs: 4 * minuteMs, isSilent: false });
    expect(steady(13 * minuteMs).isSilent).toBe(true);
    const fast = (agoMs: number) => rhythmOf(every(1000, 50, nowMs - agoMs), nowMs);
    expect([fast(4 * minuteMs).isSilent, fast(6 * minuteMs).isSilent]).toEqual([false, true]);
  });

  it('knows that one which sends in bursts rests between them', () => {
    const bursts = Array.from({ length: 20 }, (_, n) =>
      every(1000, 8, nowMs - 40 * minuteMs - n * 60 * minuteMs),
    ).flat();
    expect(rhythmOf(bursts, nowMs)).toMatchObject({ usualIntervalMs: 1000, isSilent: false });
    expect(rhythmOf(bursts, nowMs + 180 * minuteMs).isSilent).toBe(true);
  });

  it('is not judged by a handful of deliveries', () => {
    expect(rhythmOf(every(1000, 5, nowMs - 24 * 60 * minuteMs), nowMs)).toMatchObject({
      usualIntervalMs: null,
      isSilent: false,
    });
  });
});

describe('the events of a listener', () => {
  const typeIdsOf = (store: TempStore): number[] =>
    listEventTypes(store.reading, 100)
      .filter(({ source, type }) => source === 'crm' && type.startsWith('order.'))
      .map(({ id }) => id);

  it('are counted over time, matched and not', async () => {
    const store = await filledStore();
    await store.writer.write(({ db }) => {
      // A retry is no second match.
      db.exec(`INSERT INTO runs (id, event_seq, listener, job, retry_no, state, attempts, queued_at, acknowledge)
        SELECT 'again' || seq, event_seq, listener, job, 1, 'queued', 1, queued_at, 'none' FROM runs`);
      // Of a batch, one event has the run.
      db.exec(`INSERT INTO batch_events (event_seq, listener, batch_seq)
        SELECT event_seq, listener, 1 FROM runs WHERE retry_no = 0 AND event_seq % 4 < 2`);
      db.exec('DELETE FROM runs WHERE event_seq % 4 = 1');
    });
    const typeIds = typeIdsOf(store);
    for (const buckets of [5, 200]) {
      const found = whole((cursor) =>
        listenerHistogram(store.reading, { listener: 'orders', typeIds, buckets, cursor, nowMs }, 0),
      );
      const expected = new Map<string, { total: number; matched: number }>();
      for (const event of listEvents(store.reading, { query: 'source:crm type:order.*', limit: 500, nowMs }).items) {
        const at = startOf(event.receivedAt, found.bucketMs);
        const sums = expected.get(at) ?? { total: 0, matched: 0 };
        expected.set(at, { total: sums.total + 1, matched: sums.matched + (event.ignored ? 0 : 1) });
      }
      expect(Object.fromEntries(found.buckets.map(({ at, ...counts }) => [at, counts]))).toEqual(
        Object.fromEntries(expected),
      );
    }
  });

  it('are sampled for the clause that they fail on', async () => {
    const store = await filledStore();
    const where = JSON.stringify({
      all: [
        { field: 'payload.amount', op: 'gte', value: 200 },
        {
          any: [
            { field: 'payload.lane', op: 'eq', value: 1 },
            { field: 'payload.lane', op: 'eq', value: 2 },
          ],
        },
      ],
    });
    const found = clauseSample(store.reading, { where, typeIds: typeIdsOf(store), hours: 24, nowMs }, 60_000);
    const listed = listEvents(store.reading, { query: 'source:crm type:order.*', limit: 500, nowMs }).items;
    const judged = listed.map((event) => {
      const payload = event.payload;
      const number = (name: string): number =>
        typeof payload === 'object' && payload !== null && !Array.isArray(payload) && name in payload
          ? Number(Object.entries(payload).find(([key]) => key === name)?.[1])
          : Number.NaN;
      return { id: event.id, first: number('amount') >= 200, second: [1, 2].includes(number('lane')) };
    });
    expect(found).toEqual({
      from: new Date(nowMs - 24 * 60 * minuteMs).toISOString(),
      events: judged.length,
      matched: judged.filter(({ first, second }) => first && second).length,
      isCut: false,
      clauses: [
        {
          failed: judged.filter(({ first }) => !first).length,
          alone: judged.filter(({ first, second }) => !first && second).length,
          eventId: judged.find(({ first }) => !first)?.id,
        },
        {
          failed: judged.filter(({ second }) => !second).length,
          alone: judged.filter(({ first, second }) => first && !second).length,
          eventId: judged.find(({ second }) => !second)?.id,
        },
      ],
    });
    const short = clauseSample(store.reading, { where, typeIds: typeIdsOf(store), hours: 24, nowMs }, 0, 100);
    expect(short).toMatchObject({ events: 100, isCut: true, from: listed[99]?.receivedAt });
  });

  it('are found whether their types are walked one by one or all events are', async () => {
    const store = await filledStore();
    const few = typeIdsOf(store);
    const many = [...few, ...Array.from({ length: 100 }, (_, n) => 10_000 + n)];
    const walk = (ids: number[]): number[] => {
      const found: number[] = [];
      for (let below = 1_000_000; below > 10; ) {
        const { seqs, scannedTo } = newestOfTypes(store.reading, ids, below, 10, 7);
        found.push(...seqs);
        below = scannedTo;
      }
      return found;
    };
    const seqs = store.reading
      .prepare<{ seq: number }>('SELECT seq FROM events WHERE seq > 10 AND type_id IN (?, ?) ORDER BY seq DESC')
      .all(...few)
      .map(({ seq }) => seq);
    expect(walk(few)).toEqual(seqs);
    expect(walk(many)).toEqual(seqs);
  });
});
