import { describe, expect, it } from 'vitest';
import { jobDeletedEvent } from '../../electron/runs/run-event.ts';
import { statement } from '../../electron/store/database/statements.ts';
import { getDelivery } from '../../electron/store/events/deliveries.ts';
import type { Json } from '../../shared/contract/common.ts';
import { delivery, draft, listener, tempIntake, tempStore } from '../support/temp-store.ts';

const job = (slug: string, change: { queue?: number; acknowledge?: 'required' | 'none' } = {}) => ({
  spec: { slug, kind: 'command' as const, command: ['true'], ...change },
  baseDir: null,
  version: 1,
});

const count = (store: ReturnType<typeof tempStore>, table: string): unknown =>
  statement(store.reading, `SELECT count(*) AS n FROM ${table}`).get();

describe('intake', () => {
  it('stores delivery, event and planned run together before it resolves', async () => {
    const store = tempStore();
    const { intake, listeners, jobs, heard } = tempIntake(store);
    jobs.replaceAll([job('import')]);
    listeners.replaceAll([listener({ slug: 'files', type: ['file:*'], job: 'import' })]);
    const accepted = await intake.accept(delivery([draft({ type: 'file:created', payload: { size: 3 } })]));
    expect(accepted.duplicate).toBe(false);
    expect(
      statement(
        store.reading,
        `SELECT e.id, r.listener, r.job, r.state, d.id AS delivery FROM events e
         JOIN runs r ON r.event_seq = e.seq JOIN deliveries d ON d.seq = e.delivery_seq`,
      ).all(),
    ).toEqual([
      { id: accepted.eventIds[0], listener: 'files', job: 'import', state: 'queued', delivery: accepted.deliveryId },
    ]);
    expect(heard).toMatchObject({ eventSeqs: [1], deliverySeqs: [1], jobs: ['import'], listeners: ['files'] });
  });

  it('answers a repeat with the first event and plans nothing', async () => {
    const store = tempStore();
    const { intake, listeners, jobs } = tempIntake(store);
    jobs.replaceAll([job('import')]);
    listeners.replaceAll([listener({ slug: 'all', job: 'import' })]);
    const event = draft({ type: 'a', externalId: 'x-1' });
    const [first, second] = await Promise.all([intake.accept(delivery([event])), intake.accept(delivery([event]))]);
    const third = await intake.accept(delivery([event]));
    expect([first.duplicate, second.duplicate, third.duplicate]).toEqual([false, true, true]);
    expect(third.eventIds).toEqual(first.eventIds);
    expect(count(store, 'events')).toEqual({ n: 1 });
    expect(count(store, 'runs')).toEqual({ n: 1 });
    expect(count(store, 'deliveries')).toEqual({ n: 3 });
  });

  it.each([
    [
      'one line as it was sent, numbers to the last digit',
      '{"n": 12345678901234567890}',
      '{"n": 12345678901234567890}',
    ],
    ['a document over several lines in one, as jobs read it', '{\n  "n": 1\n}', '{"n":1}'],
  ])('stores %s', async (_name, text, stored) => {
    const store = tempStore();
    const { intake } = tempIntake(store);
    const value: Json = JSON.parse(text);
    const input = delivery([draft({ type: 'a', payload: value })]);
    input.delivery.body = Buffer.from(text);
    const { deliveryId } = await intake.accept({ ...input, document: { value, text } });
    expect(statement(store.reading, 'SELECT payload FROM events').all()).toEqual([{ payload: stored }]);
    expect(getDelivery(store.reading, deliveryId)?.body).toEqual({ encoding: 'text', data: text, truncated: false });
  });

  it('keeps the ids of different sources apart', async () => {
    const store = tempStore();
    const { intake } = tempIntake(store);
    const event = draft({ type: 'a', externalId: 'same' });
    await intake.accept(delivery([event], { source: 'crm' }));
    const other = await intake.accept(delivery([event], { source: 'shop' }));
    expect(other.duplicate).toBe(false);
  });

  it('takes the new events of a batch that repeats others', async () => {
    const store = tempStore();
    const { intake } = tempIntake(store);
    const first = await intake.accept(delivery([draft({ type: 'a', externalId: '1' })]));
    const batch = await intake.accept(
      delivery([draft({ type: 'a', externalId: '1' }), draft({ type: 'a', externalId: '2' })]),
    );
    expect(batch.duplicate).toBe(false);
    expect(batch.eventIds[0]).toBe(first.eventIds[0]);
    expect(count(store, 'events')).toEqual({ n: 2 });
  });

  it('tells a very long id from another with the same beginning', async () => {
    const store = tempStore();
    const { intake } = tempIntake(store);
    const long = 'i'.repeat(5000);
    await intake.accept(delivery([draft({ type: 'a', externalId: `${long}1` })]));
    const other = await intake.accept(delivery([draft({ type: 'a', externalId: `${long}2` })]));
    const same = await intake.accept(delivery([draft({ type: 'a', externalId: `${long}2` })]));
    expect([other.duplicate, same.duplicate]).toEqual([false, true]);
  });

  it('marks an event that no listener took as ignored', async () => {
    const store = tempStore();
    const { intake, listeners, jobs } = tempIntake(store);
    jobs.replaceAll([job('import')]);
    listeners.replaceAll([listener({ slug: 'files', type: ['file:*'], job: 'import' })]);
    await intake.accept(delivery([draft({ type: 'user:created' })]));
    await intake.accept(delivery([draft({ type: 'file:created' })]));
    expect(statement(store.reading, 'SELECT ignored FROM events ORDER BY seq').all()).toEqual([
      { ignored: 1 },
      { ignored: 0 },
    ]);
  });

  it('matches on headers, repeats joined', async () => {
    const store = tempStore();
    const { intake, listeners, jobs, heard } = tempIntake(store);
    jobs.replaceAll([job('import')]);
    listeners.replaceAll([
      listener({ slug: 'h', where: { field: 'headers.x-many', op: 'eq', value: 'one, two' }, job: 'import' }),
    ]);
    await intake.accept(delivery([draft({ type: 'a' })]));
    expect(heard.jobs).toEqual(['import']);
  });

  it('stores a run for which the queue has no room as failed, and says so on the built-in source', async () => {
    const store = tempStore();
    const { intake, listeners, jobs } = tempIntake(store);
    jobs.replaceAll([job('import', { queue: 1 })]);
    jobs.setWaiting('import', 1);
    listeners.replaceAll([listener({ slug: 'all', job: 'import' })]);
    await intake.accept(delivery([draft({ type: 'a' })]));
    expect(statement(store.reading, 'SELECT state, reason, inbox FROM runs').all()).toEqual([
      { state: 'failed', reason: 'queue', inbox: 1 },
    ]);
    expect(
      statement(
        store.reading,
        'SELECT t.source, t.type FROM events e JOIN event_types t ON t.id = e.type_id ORDER BY e.seq',
      ).all(),
    ).toEqual([
      { source: 'crm', type: 'a' },
      { source: 'signalbox', type: 'job:failed' },
    ]);
  });

  it('lets a chain of jobs go eight deep and stops it visibly', async () => {
    const store = tempStore();
    const { ownEvents, listeners, jobs } = tempIntake(store);
    jobs.replaceAll([job('again')]);
    listeners.replaceAll([listener({ slug: 'chain', source: 'signalbox', type: ['job:completed'], job: 'again' })]);
    for (let depth = 0; depth < 10; depth++) {
      await store.writer.write((tx) =>
        ownEvents.record(tx, { ...jobDeletedEvent('again'), type: 'job:completed', runId: `run_${depth}`, depth }),
      );
    }
    expect(statement(store.reading, 'SELECT depth, chain_stopped FROM events ORDER BY seq').all()).toEqual(
      Array.from({ length: 10 }, (_, i) => ({ depth: i + 1, chain_stopped: i + 1 > 8 ? 1 : 0 })),
    );
    expect(count(store, 'runs')).toEqual({ n: 8 });
  });

  it('keeps refused deliveries with their reason, at most 200 of a source', async () => {
    const store = tempStore();
    const { intake, clock } = tempIntake(store);
    const { delivery: raw } = delivery([]);
    for (let i = 0; i < 230; i++) {
      clock.nowMs += 100;
      intake.refuse({ delivery: raw, status: 401, code: 'signature_mismatch', message: `no ${i}` });
    }
    await store.writer.drain();
    const rows = statement(
      store.reading,
      "SELECT reason_message AS message FROM deliveries WHERE result = 'refused' ORDER BY seq",
    ).all();
    expect(rows).toHaveLength(200);
    expect(rows.at(-1)).toEqual({ message: 'no 229' });
  });

  it('does not let a flood of refused deliveries become a flood of writes', async () => {
    const store = tempStore();
    const { intake } = tempIntake(store);
    const { delivery: raw } = delivery([]);
    for (let i = 0; i < 500; i++) intake.refuse({ delivery: raw, status: 401, code: 'x', message: '' });
    await store.writer.drain();
    expect(count(store, 'deliveries')).toEqual({ n: 20 });
  });

  it.each([
    ['the very text of its payload', { a: 1, text: 'größer' }, { a: 1, text: 'größer' }, true],
    ['more than its payload', { event: 'x', data: { a: 1 } }, { a: 1 }, false],
    ['empty', '', null, false],
  ])('gives back a body that is %s, byte for byte', async (_, body, payload, isStoredOnce) => {
    const store = tempStore();
    const { intake } = tempIntake(store);
    const input = delivery([draft({ type: 'a', payload, externalId: '1' })], { body });
    if (body === '') input.delivery.body = Buffer.alloc(0);
    const { deliveryId } = await intake.accept(input);
    const repeat = await intake.accept(input);
    for (const id of [deliveryId, repeat.deliveryId]) {
      expect(getDelivery(store.reading, id)).toMatchObject({
        bodyBytes: input.delivery.body.length,
        body: { encoding: 'text', data: input.delivery.body.toString(), truncated: false },
      });
    }
    const [first] = statement(store.reading, 'SELECT length(body) AS n FROM deliveries ORDER BY seq').all();
    expect(first).toEqual({ n: isStoredOnce ? 0 : input.delivery.body.length });
  });

  it('reports the deliveries that wait for the disk', async () => {
    const store = tempStore();
    const { intake } = tempIntake(store);
    const waiting = intake.accept(delivery([draft({ type: 'a' })], { body: 'x'.repeat(100) }));
    expect(intake.pressure()).toEqual({ waiting: 1, bytes: 102 });
    await waiting;
    expect(intake.pressure()).toEqual({ waiting: 0, bytes: 0 });
  });

  it('rejects and forgets the pressure when the disk refuses', async () => {
    const store = tempStore();
    const { intake } = tempIntake(store);
    store.db.exec('DROP TABLE deliveries');
    await expect(intake.accept(delivery([draft({ type: 'a' })]))).rejects.toThrow(/deliveries/);
    expect(intake.pressure()).toEqual({ waiting: 0, bytes: 0 });
    expect(count(store, 'events')).toEqual({ n: 0 });
  });
});
