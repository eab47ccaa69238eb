import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEventRows, toMatchable } from '../../electron/store/events/events.ts';
import { listDeliveries } from '../../electron/store/lists/list-deliveries.ts';
import { listEvents } from '../../electron/store/lists/list-events.ts';
import { collectPage } from '../../electron/store/paging/scan.ts';
import { createReader } from '../../electron/store/read/reader.ts';
import { readEventRuns } from '../../electron/store/runs/event-runs.ts';
import { listRuns } from '../../electron/store/runs/list-runs.ts';
import { compileQuery } from '../../shared/query/compile-query.ts';
import { parseQuery } from '../../shared/query/parse-query.ts';
import { searchableText } from '../../shared/query/searchable-text.ts';
import { delivery, draft, listener, type TempStore, tempIntake, tempStore } from '../support/temp-store.ts';

const nowMs = Date.parse('2026-01-02T04:00:00Z');
const indexWorker = new URL('../../electron/store/search/index-worker.ts', import.meta.url);
const readWorker = new URL('../../electron/store/read/read-worker.ts', import.meta.url);

/** Lets the real index worker follow the store to its end, then stops it. */
async function indexAll(store: TempStore): Promise<void> {
  const worker = new Worker(indexWorker, {
    workerData: { databaseFile: store.databaseFile, searchFile: store.searchFile, storedTo: Number.MAX_SAFE_INTEGER },
  });
  await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  worker.postMessage({ do: 'stop' });
  await new Promise((resolve) => worker.once('exit', resolve));
}

const kinds = ['order.created', 'order.paid', 'file:created', 'user.deleted'];
const words = ['Zürich', 'harbour', 'night train', 'us_sp_1', 'us_sp_2'];

/** 240 events of two sources, some taken by a listener, over four minutes. */
async function fill(store: TempStore): Promise<void> {
  const { intake, listeners, jobs } = tempIntake(store);
  jobs.replaceAll([{ spec: { slug: 'import', kind: 'command', command: ['true'] }, baseDir: null, version: 1 }]);
  listeners.replaceAll([listener({ slug: 'orders', type: ['order.*'], job: 'import' })]);
  for (let i = 0; i < 240; i++) {
    await intake.accept(
      delivery(
        [
          draft({
            type: kinds[i % kinds.length] ?? '',
            externalId: `ext-${i}`,
            context: { spaceId: words[3 + (i % 2)] ?? '' },
            payload: { amount: i, note: words[i % 3] ?? '', tags: i % 5 === 0 ? ['vip', i] : [] },
          }),
        ],
        { source: i % 3 === 0 ? 'shop' : 'crm', atMs: nowMs - (240 - i) * 1000 },
      ),
    );
  }
  await store.writer.write(({ db }) => {
    db.exec("UPDATE runs SET state = 'failed', inbox = 1 WHERE seq % 7 = 0");
    db.exec("UPDATE runs SET state = 'completed' WHERE seq % 7 = 1");
  });
}

/** What the query language itself says, row by row: the oracle that the planner's ways must agree with. */
function expected(store: TempStore, text: string): string[] {
  const parsed = parseQuery(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const seqs = Array.from({ length: 240 }, (_, i) => i + 1);
  const runs = readEventRuns(store.reading, seqs);
  return readEventRows(store.reading, seqs)
    .filter((row) => {
      const own = runs.get(row.seq) ?? [];
      const event = { ...toMatchable(store.reading, row), externalId: row.external_id };
      const flags = new Set<string>(own.map((run) => run.state));
      if (own.some((run) => run.state === 'failed')) flags.add('unacknowledged');
      if (row.ignored === 1) flags.add('ignored');
      flags.add('accepted');
      return compileQuery(parsed.query)(
        {
          event,
          flags,
          runs: own.map((run) => ({ ...run, listener: run.listener ?? '' })),
          text: searchableText(event).text,
        },
        nowMs,
      );
    })
    .map((row) => row.id);
}

function allPages(store: TempStore, query: string, limit: number): string[] {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: ReturnType<typeof listEvents> = listEvents(store.reading, { query, limit, cursor, nowMs });
    ids.push(...page.items.map((item) => item.id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids;
}

const terms = [
  'type:order.*',
  'type:file:created,user.deleted',
  '-type:order.paid',
  'type:nothing.at.all',
  'source:crm',
  '-source:shop',
  'payload.amount:>100',
  'payload.amount:20..60',
  'payload.note:Zürich',
  'context.spaceId:us_sp_1',
  '-context.spaceId:us_sp_1',
  'payload.tags:vip',
  'headers.x-many:*',
  'is:ignored',
  '-is:ignored',
  'is:failed',
  'is:completed',
  '-is:queued',
  'is:unacknowledged',
  'listener:orders',
  'job:import',
  'state:failed',
  '-state:failed',
  'id:ext-17',
  'after:2m',
  'before:1m',
  'zurich',
  '"night train"',
  'harb*',
  '-harbour',
];

describe('lists of events', () => {
  it('find what the query language says, with and without the index, in pages of any size', async () => {
    const store = tempStore();
    await fill(store);
    const agree = (query: string, limit: number): void => {
      expect(allPages(store, query, limit), query).toEqual(expected(store, query));
    };
    for (const term of terms) agree(term, 17);
    const several = fc.uniqueArray(fc.constantFrom(...terms), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(several, fc.integer({ min: 1, max: 300 }), (some, limit) => agree(some.join(' '), limit)),
      { numRuns: 60 },
    );
    await indexAll(store);
    for (const term of terms) agree(term, 17);
    fc.assert(
      fc.property(several, fc.integer({ min: 1, max: 300 }), (some, limit) => agree(some.join(' '), limit)),
      { numRuns: 60 },
    );
  });

  it('take custom events for news, and only what Signalbox says of its runs for internal', async () => {
    const store = tempStore();
    const { intake } = tempIntake(store);
    const add = (source: string, ...types: string[]) =>
      intake.accept(
        delivery(
          types.map((type) => draft({ type })),
          { source },
        ),
      );
    await add('signalbox', 'job:completed', 'CUSTOM_SYNC', 'job:failed');
    await add('shop', 'job:completed');
    const found = (query: string): string[] =>
      listEvents(store.reading, { query, limit: 10, nowMs }).items.map(({ source, type }) => `${source} ${type}`);
    expect(found('-is:internal')).toEqual(['shop job:completed', 'signalbox CUSTOM_SYNC']);
    expect(found('is:internal')).toEqual(['signalbox job:failed', 'signalbox job:completed']);
    expect(found('is:internal type:job:completed')).toEqual(['signalbox job:completed']);
    expect(found('-is:internal source:signalbox')).toEqual(['signalbox CUSTOM_SYNC']);
  });

  it('search what the index has not reached yet', async () => {
    const store = tempStore();
    await fill(store);
    await indexAll(store);
    const { intake } = tempIntake(store);
    await intake.accept(delivery([draft({ type: 'late', payload: { note: 'harbour lights' } })], { atMs: nowMs }));
    const { items } = listEvents(store.reading, { query: 'harbour', limit: 2, nowMs });
    expect(items[0]?.type).toBe('late');
    expect(items).toHaveLength(2);
  });

  it('give items with their runs', async () => {
    const store = tempStore();
    await fill(store);
    const { items } = listEvents(store.reading, { query: 'type:order.created', limit: 1, nowMs });
    expect(items[0]?.runs).toMatchObject([{ listener: 'orders', job: 'import' }]);
  });

  it('name the place of a mistake in the query', () => {
    const store = tempStore();
    expect(() => listEvents(store.reading, { query: 'is:nonsense', limit: 1, nowMs })).toThrow(/character/);
  });

  it('start at the top for a cursor that is none', async () => {
    const store = tempStore();
    await fill(store);
    expect(listEvents(store.reading, { limit: 1, cursor: 'bogus', nowMs }).items).toHaveLength(1);
  });
});

describe('lists of runs and deliveries', () => {
  it('filter runs by event, state, job and inbox', async () => {
    const store = tempStore();
    await fill(store);
    const [event] = listEvents(store.reading, { query: 'is:failed', limit: 1, nowMs }).items;
    const ofEvent = listRuns(store.reading, { eventId: event?.id, limit: 10, nowMs }).items;
    expect(ofEvent.map((run) => run.id)).toEqual(event?.runs.map((run) => run.id));
    const failed = listRuns(store.reading, { state: 'failed', limit: 500, nowMs }).items;
    const inbox = listRuns(store.reading, { inbox: true, limit: 500, nowMs }).items;
    expect(failed.length).toBe(17);
    expect(inbox.map((run) => run.id)).toEqual(failed.map((run) => run.id));
    const both = listRuns(store.reading, { state: ['failed', 'completed'], job: 'import', limit: 500, nowMs }).items;
    expect(both.length).toBe(35);
    const byQuery = listRuns(store.reading, { query: 'state:failed type:order.paid zurich', limit: 500, nowMs }).items;
    expect(byQuery.length).toBeGreaterThan(0);
    expect(byQuery.every((run) => run.eventType === 'order.paid' && run.state === 'failed')).toBe(true);
  });

  it('filter deliveries by source, result and words', async () => {
    const store = tempStore();
    await fill(store);
    const { intake } = tempIntake(store);
    const { delivery: raw } = delivery([], { atMs: nowMs });
    intake.refuse({ delivery: raw, status: 401, code: 'signature_mismatch', message: 'the signature does not match' });
    await store.writer.drain();
    const refused = listDeliveries(store.reading, { result: 'refused', limit: 5, nowMs }).items;
    expect(refused).toMatchObject([{ source: 'crm', status: 401, reason: { code: 'signature_mismatch' } }]);
    expect(listDeliveries(store.reading, { query: 'signature', limit: 5, nowMs }).items).toHaveLength(1);
    expect(listDeliveries(store.reading, { source: 'shop', limit: 500, nowMs }).items).toHaveLength(80);
  });
});

describe('a bounded scan', () => {
  it('gives up its turn with a cursor and goes on from there', () => {
    const all = Array.from({ length: 1000 }, (_, i) => 1000 - i);
    const scan = {
      next: (below: number) => ({ rows: all.filter((n) => n < below && n >= below - 10), scannedTo: below - 10 }),
      seqOf: (n: number) => n,
      accepts: (n: number) => n % 100 === 0,
      floor: 0,
    };
    const first = collectPage(scan, 1001, 50, -1);
    expect(first).toEqual({ rows: [1000], cursor: 991 });
    const rest: number[] = [];
    let at: number | null = first.cursor;
    while (at !== null) {
      const page: { rows: number[]; cursor: number | null } = collectPage(scan, at, 50, -1);
      rest.push(...page.rows);
      at = page.cursor;
    }
    expect(rest).toEqual([900, 800, 700, 600, 500, 400, 300, 200, 100]);
  });
});

describe('the reader', () => {
  it('answers from its own thread and carries expected errors across', async () => {
    const store = tempStore();
    await fill(store);
    const reader = createReader({
      workerFile: readWorker,
      databaseFile: store.databaseFile,
      searchFile: store.searchFile,
      onCrash: (error) => {
        throw error;
      },
    });
    const page = await reader.read('listEvents', { query: 'source:shop', limit: 3, nowMs });
    expect(page.items).toHaveLength(3);
    await expect(reader.read('listEvents', { query: 'is:nonsense', limit: 3, nowMs })).rejects.toMatchObject({
      code: 'invalid_query',
    });
    await reader.close();
    await expect(reader.read('listEvents', { limit: 3, nowMs })).rejects.toMatchObject({ code: 'unavailable' });
  });
});
