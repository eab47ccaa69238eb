import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { endedRun, endedRunsOf, makePlace, type Signalbox, startSignalbox, until } from './signalbox.ts';

// What scripts may rely on, as they see it: the JSON of the replies, not the types they were made from.

const place = makePlace();
let box: Signalbox;

const config = `version: 1
sources:
  - { slug: crm, preset: generic, event: { type: $.type, id: $.id, occurredAt: $.at, context: $.ctx }, rateLimit: off }
jobs:
  - { slug: import, kind: command, command: [node, import.mjs], concurrency: 4, acknowledge: required }
  - { slug: quiet, kind: command, command: [node, import.mjs], concurrency: 4, acknowledge: none }
  - { slug: broken, kind: command, command: [node, -e, "console.error('it broke'); process.exit(3)"] }
  - { slug: long, kind: command, command: [sleep, "600"] }
listeners:
  - { slug: orders, source: crm, type: "order.*", where: { payload.amount: [1, 2, 3] }, job: import }
  - { slug: files, source: crm, type: "file:*", job: quiet }
  - { slug: breaks, source: crm, type: breaks, job: broken }
  - { slug: lasts, source: crm, type: lasts, job: long }
`;

const importJob = `import { writeFileSync } from 'node:fs';
import { json } from 'node:stream/consumers';
const event = await json(process.stdin);
console.log('out');
console.error('err');
console.log('::progress percent=100::Done');
writeFileSync(process.env.SIGNALBOX_OUTCOME_PATH, JSON.stringify({ amount: event.payload.amount ?? null }));
`;

const time = z.iso.datetime({ offset: true });
const eventItem = z.looseObject({
  id: z.string(),
  source: z.string(),
  system: z.string(),
  type: z.string(),
  externalId: z.string().nullable(),
  occurredAt: time.nullable(),
  receivedAt: time,
  context: z.unknown(),
  payload: z.unknown(),
  deliveryId: z.string().nullable(),
  verification: z.looseObject({ state: z.string() }),
  replayOf: z.string().nullable(),
  causedBy: z.object({ runId: z.string(), depth: z.number() }).nullable(),
  runs: z.array(z.object({ id: z.string(), listener: z.string().nullable(), job: z.string(), state: z.string() })),
});
const runItem = z.looseObject({
  id: z.string(),
  eventId: z.string(),
  listener: z.string().nullable(),
  job: z.string(),
  state: z.enum(['scheduled', 'queued', 'running', 'completed', 'failed', 'canceled']),
  reason: z.string().nullable(),
  attempt: z.number(),
  exitCode: z.number().nullable(),
  progress: z.looseObject({ percent: z.number().nullable(), message: z.string() }).nullable(),
  outcome: z.unknown(),
  queuedAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
  acknowledgedAt: time.nullable(),
  acknowledgedBy: z.string().nullable(),
  note: z.string().nullable(),
});
const page = <T extends z.ZodType>(item: T) =>
  z.looseObject({ items: z.array(item), nextCursor: z.string().nullable() });

/** The value of a reply that is exactly `{"ok":true,"value":…}`. */
async function value<T extends z.ZodType>(name: string, input: unknown, schema: T): Promise<z.infer<T>> {
  const { text } = await box.raw(name, input);
  const reply = z.strictObject({ ok: z.literal(true), value: z.unknown() }).parse(JSON.parse(text));
  return schema.parse(reply.value);
}

let number = 0;
async function send(event: Record<string, unknown>): Promise<string> {
  number += 1;
  const [id = ''] = await box.accept('crm', { id: `contract-${number}`, ...event });
  return id;
}

const startsRunning = (eventId: string) =>
  until('the run is running', async () => {
    const { items } = await box.call('runs.list', { eventId, state: 'running' });
    return items[0];
  });

beforeAll(async () => {
  writeFileSync(join(place.dir, 'import.mjs'), importJob);
  box = await startSignalbox({ dataDir: place.dataDir, config });
});

afterAll(async () => {
  await box.end();
  place.remove();
});

describe('lists', () => {
  it('give pages in both directions of the same things', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift(await send({ type: 'order.paid', amount: i, ctx: { spaceId: `s${i}` } }));
    const first = await value('events.list', { query: 'type:order.*', limit: 2 }, page(eventItem));
    const second = await value(
      'events.list',
      { query: 'type:order.*', limit: 2, cursor: first.nextCursor },
      page(eventItem),
    );
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids.slice(0, 4));
    expect([...ids].sort()).toEqual([...ids].reverse());
    const rest = await value(
      'events.list',
      { query: 'type:order.*', limit: 50, cursor: second.nextCursor },
      page(eventItem),
    );
    expect(rest.items.map(({ id }) => id)).toEqual(ids.slice(4));
    expect(rest.nextCursor).toBeNull();
  });

  it('understand the query language', async () => {
    const id = await send({
      type: 'file:created',
      amount: 250,
      note: 'harbour lantern',
      ctx: { spaceId: 'us_sp_1' },
    });
    const query = 'type:file:* source:crm context.spaceId:us_sp_1 payload.amount:>100 after:2h';
    const found = await value('events.list', { query }, page(eventItem));
    expect(found.items.map((item) => item.id)).toEqual([id]);
    const searched = await until('the text is found', async () => {
      const { items } = await box.call('events.list', { query: '"harbour lantern"' });
      return items.length > 0 ? items : null;
    });
    expect(searched.map((item) => item.id)).toEqual([id]);
    const ignored = await send({ type: 'nobody' });
    const { items } = await value('events.list', { query: 'is:ignored type:nobody' }, page(eventItem));
    expect(items.map((item) => item.id)).toEqual([ignored]);
    const { reply } = await box.raw('events.list', { query: 'is:nonsense' });
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid_query', message: expect.any(String) } });
  });

  it('take eventId and state for runs', async () => {
    const id = await send({ type: 'order.paid', amount: 1 });
    await endedRunsOf(box, id);
    const { items } = await value('runs.list', { eventId: id }, page(runItem));
    expect(items).toMatchObject([{ eventId: id, listener: 'orders', job: 'import', state: 'completed' }]);
    expect((await value('runs.list', { eventId: id, state: 'completed' }, page(runItem))).items).toHaveLength(1);
    expect((await value('runs.list', { eventId: id, state: 'failed' }, page(runItem))).items).toEqual([]);
  });

  it('refuse what they do not know, naming the field', async () => {
    const { status, text } = await box.raw('events.list', { limit: 'many' });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ ok: false, error: { code: 'invalid_input', message: /limit/ } });
    expect((await box.raw('events.nothing', {})).status).toBe(404);
    expect((await box.raw('events.get', { id: 'evt_missing' })).reply).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });
});

describe('an event and its runs', () => {
  it('has delivery, verification and lineage in its detail', async () => {
    const id = await send({ type: 'order.paid', amount: 2, at: '2026-05-04T03:02:01Z', ctx: { spaceId: 'x' } });
    const detail = await value(
      'events.get',
      { id },
      eventItem.extend({
        delivery: z.looseObject({ id: z.string(), method: z.string(), status: z.number() }),
        lineage: z.looseObject({ replayOf: z.null(), replays: z.array(z.unknown()) }),
      }),
    );
    expect(detail).toMatchObject({
      system: 'generic',
      context: { spaceId: 'x' },
      verification: { state: 'none' },
      delivery: { method: 'POST', status: 202 },
    });
    expect(detail.deliveryId).toBe(detail.delivery.id);
    expect(detail.runs).toMatchObject([{ listener: 'orders', job: 'import' }]);
  });

  it('gives output by stream, in order, and the outcome', async () => {
    const id = await send({ type: 'order.paid', amount: 3 });
    const [run] = await endedRunsOf(box, id);
    const detail = await value('runs.get', { id: run?.id }, runItem);
    expect(detail).toMatchObject({ exitCode: 0, progress: { percent: 100, message: 'Done' }, outcome: { amount: 3 } });
    const output = await value(
      'runs.output',
      { id: run?.id },
      z.strictObject({
        items: z.array(z.strictObject({ stream: z.string(), text: z.string(), at: time })),
        truncated: z.boolean(),
        next: z.null(),
        last: z.number().int(),
      }),
    );
    expect(output.truncated).toBe(false);
    expect(output.items.map(({ stream, text }) => `${stream}:${text}`).sort()).toEqual(['stderr:err', 'stdout:out']);
  });

  it('explains every listener, matches first', async () => {
    const id = await send({ type: 'order.paid', amount: 4 });
    const { items } = await value(
      'listeners.explain',
      { eventId: id },
      z.looseObject({
        items: z.array(z.looseObject({ listener: z.string(), matched: z.boolean(), clauses: z.array(z.unknown()) })),
      }),
    );
    expect(items.map(({ listener }) => listener).sort()).toEqual(['breaks', 'files', 'lasts', 'orders']);
    expect(items[0]).toMatchObject({ listener: 'orders', matched: false });
    expect(JSON.stringify(items[0]?.clauses)).toContain('payload.amount');
  });

  it('fails visibly, with exit code and the last line of stderr', async () => {
    const [run] = await endedRunsOf(box, await send({ type: 'breaks' }));
    expect(run).toMatchObject({ state: 'failed', reason: 'exit', exitCode: 3, needsAcknowledgement: true });
    expect(run?.error).toContain('it broke');
    const inbox = await box.call('runs.list', { inbox: true });
    expect(inbox.items.map(({ id }) => id)).toContain(run?.id);
  });
});

describe('what operators do', () => {
  it('acknowledges runs with a note, once', async () => {
    const [run] = await endedRunsOf(box, await send({ type: 'order.paid', amount: 1 }));
    expect(run?.needsAcknowledgement).toBe(true);
    const { items } = await value(
      'runs.acknowledge',
      { ids: [run?.id], note: 'seen' },
      z.object({ items: z.array(runItem) }),
    );
    expect(items).toMatchObject([{ id: run?.id, note: 'seen', needsAcknowledgement: false }]);
    expect(items[0]?.acknowledgedAt).not.toBeNull();
    expect(items[0]?.acknowledgedBy).toEqual(expect.any(String));
    const again = await box.call('runs.acknowledge', { ids: [run?.id ?? ''], note: 'later' });
    expect(again.items).toMatchObject([{ note: 'seen' }]);
    expect((await box.call('runs.list', { inbox: true })).items.map(({ id }) => id)).not.toContain(run?.id);
  });

  it('needs no acknowledgement of background jobs', async () => {
    const [run] = await endedRunsOf(box, await send({ type: 'file:created' }));
    expect(run).toMatchObject({ job: 'quiet', state: 'completed', needsAcknowledgement: false });
  });

  it('replays with an edited payload, and keeps the lineage both ways', async () => {
    const id = await send({ type: 'order.paid', amount: 9, ctx: { spaceId: 'kept' } });
    expect((await box.call('events.get', { id })).runs).toEqual([]);
    const replayed = await value(
      'events.replay',
      { ids: [id], payload: { type: 'order.paid', amount: 1 } },
      z.strictObject({ items: z.array(z.strictObject({ id: z.string(), replayOf: z.string() })) }),
    );
    expect(replayed.items).toMatchObject([{ replayOf: id }]);
    const replayId = replayed.items[0]?.id ?? '';
    const replay = await box.call('events.get', { id: replayId });
    expect(replay).toMatchObject({
      replayOf: id,
      type: 'order.paid',
      payload: { amount: 1 },
      context: { spaceId: 'kept' },
      lineage: { replayOf: { id } },
      runs: [{ listener: 'orders' }],
    });
    const original = await box.call('events.get', { id });
    expect(original.payload).toMatchObject({ amount: 9 });
    expect(original.lineage.replays.map((one) => one.id)).toEqual([replayId]);
  });

  it('replays several, and through chosen listeners alone', async () => {
    const ids = [await send({ type: 'nobody' }), await send({ type: 'nobody' })];
    const { items } = await box.call('events.replay', { ids, listeners: ['files'] });
    expect(items.map(({ replayOf }) => replayOf)).toEqual(ids);
    for (const { id } of items) {
      expect((await box.call('events.get', { id })).runs).toMatchObject([{ listener: 'files', job: 'quiet' }]);
    }
  });

  it('retries a finished run as a new one that names the old', async () => {
    const id = await send({ type: 'breaks' });
    const [run] = await endedRunsOf(box, id);
    const retried = await value('runs.retry', { id: run?.id }, runItem);
    expect(retried).toMatchObject({ eventId: id, listener: 'breaks', retryOf: run?.id });
    expect(retried.id).not.toBe(run?.id);
    expect(await endedRun(box, retried.id)).toMatchObject({ state: 'failed', exitCode: 3 });
    expect((await box.call('runs.get', { id: run?.id ?? '' })).retriedBy).toEqual([retried.id]);
  });

  it('cancels a running and a waiting run', async () => {
    const running = await startsRunning(await send({ type: 'lasts' }));
    const waitingEvent = await send({ type: 'lasts' });
    const [waiting] = (await box.call('runs.list', { eventId: waitingEvent })).items;
    expect(waiting?.state).toBe('queued');
    expect(await value('runs.cancel', { id: waiting?.id }, runItem)).toMatchObject({ state: 'canceled' });
    await value('runs.cancel', { id: running.id }, runItem);
    expect(await endedRun(box, running.id)).toMatchObject({ state: 'canceled', reason: 'canceled' });
    const { reply } = await box.raw('runs.cancel', { id: running.id });
    expect(reply).toMatchObject({ ok: false, error: { code: 'wrong_state' } });
  });
});

describe('senders that repeat themselves', () => {
  it('get the same answer again, and nothing is planned twice', async () => {
    const body = { id: 'twice', type: 'order.paid', amount: 1 };
    const first = await box.post('crm', body);
    const second = await box.post('crm', body);
    expect(JSON.parse(first.text)).toEqual({ accepted: true, events: [expect.any(String)], duplicate: false });
    expect(JSON.parse(second.text)).toEqual({ ...JSON.parse(first.text), duplicate: true });
    expect(second.status).toBe(first.status);
    const { items } = await box.call('events.list', { query: 'payload.id:twice' });
    expect(items).toHaveLength(1);
    expect(items[0]?.runs).toHaveLength(1);
  });

  it('get one event when they say it sixteen times at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => box.post('crm', { id: 'at-once', type: 'order.paid', amount: 1 })),
    );
    const ids = new Set(answers.flatMap(({ text }) => JSON.parse(text).events));
    expect(ids.size).toBe(1);
    expect(answers.filter(({ text }) => !JSON.parse(text).duplicate)).toHaveLength(1);
  });

  it('are told what is wrong, and the delivery is kept with the reason', async () => {
    const cases = [
      { path: 'nowhere', body: '{}', status: 404 },
      { path: 'crm', body: '{"type":', status: 422 },
    ];
    for (const { path, body, status } of cases) {
      const answer = await box.post(path, body);
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.text)).toEqual({ error: { code: expect.any(String), message: expect.any(String) } });
      const id = String(answer.headers['signalbox-delivery']);
      const kept = await until('the refused delivery is stored', async () => {
        const { reply } = await box.raw('deliveries.get', { id });
        return reply.ok ? reply.value : null;
      });
      expect(kept).toMatchObject({ result: 'refused', status, reason: { message: expect.any(String) } });
    }
  });
});

describe('pushes', () => {
  it('tell of the event, its run, its output and its end, in one unbroken sequence', async () => {
    const pushes = await box.pushes();
    const id = await send({ type: 'order.paid', amount: 1 });
    const rows = z.object({
      items: z.array(z.looseObject({ id: z.string().optional(), eventId: z.string().optional() })),
    });
    const itemsOf = (raw: unknown) => rows.safeParse(raw).data?.items ?? [];
    await pushes.until('the event', ({ name, value: raw }) => {
      return name === 'events.added' && itemsOf(raw).some((item) => item.id === id);
    });
    await pushes.until('the output', ({ name, value: raw }) => {
      return name === 'runs.wrote' && JSON.stringify(raw).includes('"out"');
    });
    const ended = await pushes.until('its end', ({ name, value: raw }) => {
      if (name !== 'runs.changed') return null;
      return itemsOf(raw).find((item) => item.eventId === id && item.state === 'completed');
    });
    expect(runItem.parse(ended)).toMatchObject({ outcome: { amount: 1 } });
    pushes.close();
    const sequence = pushes.seen.map(({ seq }) => seq);
    expect(sequence).toEqual(sequence.map((_, index) => (sequence[0] ?? 0) + index));
  });

  it('are for those who have signed in', async () => {
    expect((await box.get('/api/push', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  });
});
