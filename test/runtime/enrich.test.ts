import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import type { CallInput } from '../../shared/contract/index.ts';
import { eventually } from '../support/eventually.ts';
import { type OpenApp, openApp } from './open-app.ts';

type Terms = Partial<CallInput<'listeners.create'>>;

/** Longer than a busy machine takes to start a script; what happens at a deadline has one of its own. */
const deadline = '60s';

/** A source `shop`, a script job `decide` and a listener of that name that answers with what it decides. */
async function openDeciding(script: string, terms: Terms = {}, job: object = {}): Promise<OpenApp> {
  const app = await openApp();
  await app.call('settings.update', { concurrency: 2 });
  await app.call('sources.create', { slug: 'shop', preset: 'generic', event: { type: '$.type', id: '$.id' } });
  const file = app.script('decide.mjs', script);
  await app.call('jobs.create', { slug: 'decide', kind: 'script', file, ...job });
  await app.call('listeners.create', {
    slug: 'decide',
    source: 'shop',
    job: 'decide',
    mode: 'enrich',
    deadline,
    ...terms,
  });
  return app;
}

const answerOf = async (app: OpenApp, response: Response) => {
  const delivery = await app.call('deliveries.get', { id: response.headers.get('signalbox-delivery') ?? '' });
  const event = await app.call('events.get', { id: delivery.eventIds[0] ?? '' });
  return { delivery, event, answer: event.answer };
};

const fromAmount = `export default (event) => ({ action: event.payload.amount > 10 ? 'block' : 'allow', seen: event.payload });`;
const never = 'export default () => new Promise(() => setInterval(() => {}, 1000));';

it('answers with what the job decides, and shows request, decision and answer afterwards', async () => {
  const app = await openDeciding(fromAmount);
  const response = await app.post('shop', { type: 'paid', id: 'a', amount: 12 });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const text = await response.text();
  expect(JSON.parse(text)).toEqual({ action: 'block', seen: { type: 'paid', id: 'a', amount: 12 } });
  const { delivery, event, answer } = await answerOf(app, response);
  expect(delivery).toMatchObject({ status: 200, result: 'accepted' });
  expect(answer).toEqual({
    listener: 'decide',
    runId: event.runs[0]?.id,
    decided: 'job',
    reason: null,
    message: null,
    decision: JSON.parse(text),
    status: 200,
    contentType: 'application/json; charset=utf-8',
    body: text,
    passedOver: [],
    at: expect.any(String),
  });
  const run = await app.call('runs.get', { id: event.runs[0]?.id ?? '' });
  expect(run.state).toBe('completed');
});

it('gives a repeat the stored answer again, without asking the job again, after a restart too', async () => {
  const app = await openDeciding('export default () => ({ action: "allow", at: process.hrtime.bigint().toString() });');
  const first = await (await app.post('shop', { type: 'paid', id: 'a' })).text();
  const repeat = await app.post('shop', { type: 'paid', id: 'a' });
  expect(await repeat.text()).toBe(first);
  expect(repeat.status).toBe(200);
  expect((await answerOf(app, repeat)).delivery).toMatchObject({ result: 'duplicate', status: 200 });
  await app.call('listeners.setState', { slug: 'decide', state: 'disabled' });
  await app.stop();
  const again = await openApp(app.dataDir);
  expect(await (await again.post('shop', { type: 'paid', id: 'a' })).text()).toBe(first);
  expect((await again.call('runs.list', {})).items).toHaveLength(1);
  const other = await again.post('shop', { type: 'paid', id: 'b' });
  expect(await other.json()).toMatchObject({ accepted: true });
});

it('gives a repeat that comes while the job decides the same answer', async () => {
  const app = await openDeciding(
    'let n = 0; export default () => new Promise((done) => setTimeout(() => done({ n: ++n }), 300));',
  );
  const [one, two] = await Promise.all([
    app.post('shop', { type: 'paid', id: 'a' }),
    app.post('shop', { type: 'paid', id: 'a' }),
  ]);
  expect([await one.json(), await two.json()]).toEqual([{ n: 1 }, { n: 1 }]);
});

it('answers with the fallback when the job fails, gives nothing or was canceled, and says why', async () => {
  const app = await openDeciding(
    `export default (event) => { if (event.payload.type === 'bad') throw new Error('no idea'); return null; };`,
    { fallback: { action: 'challenge' } },
    { attempts: 3, backoff: '1h' },
  );
  const failed = await app.post('shop', { type: 'bad' });
  expect(await failed.json()).toEqual({ action: 'challenge' });
  expect((await answerOf(app, failed)).answer).toMatchObject({
    decided: 'fallback',
    reason: 'failed',
    message: expect.stringContaining('no idea'),
    decision: { action: 'challenge' },
  });
  const nothing = await app.post('shop', { type: 'none' });
  expect(await nothing.json()).toEqual({ action: 'challenge' });
  expect((await answerOf(app, nothing)).answer).toMatchObject({ reason: 'invalid' });
});

it('answers with the fallback at the deadline, while the run goes on', async () => {
  const app = await openDeciding(never, { deadline: '400ms' });
  const startedMs = performance.now();
  const response = await app.post('shop', { type: 'paid' });
  const tookMs = performance.now() - startedMs;
  expect(await response.json()).toEqual({ action: 'allow' });
  expect(tookMs).toBeGreaterThan(300);
  const { answer, event } = await answerOf(app, response);
  expect(answer).toMatchObject({ decided: 'fallback', reason: 'timeout', message: 'no decision within 400ms' });
  expect(event.runs[0]?.state).toBe('running');
  await app.call('runs.cancel', { id: event.runs[0]?.id ?? '' });
});

it('answers with the fallback at once when the queue of the job is full', async () => {
  const app = await openDeciding(never, { deadline: '60s' }, { queue: 1 });
  const first = app.post('shop', { type: 'paid', id: '1' });
  await eventually(async () => expect((await app.call('runs.list', { state: 'running' })).items).toHaveLength(1));
  const second = app.post('shop', { type: 'paid', id: '2' });
  await eventually(async () => expect((await app.call('runs.list', { state: 'queued' })).items).toHaveLength(1));
  const third = await app.post('shop', { type: 'paid', id: '3' });
  expect(await third.json()).toEqual({ action: 'allow' });
  expect((await answerOf(app, third)).answer).toMatchObject({ reason: 'queue' });
  const { items } = await app.call('runs.list', {});
  for (const run of items.filter(({ finishedAt }) => finishedAt === null))
    await app.call('runs.cancel', { id: run.id });
  for (const response of await Promise.all([first, second])) {
    expect((await answerOf(app, response)).answer).toMatchObject({ reason: 'canceled' });
  }
});

it('answers with the fallback at once when the run needs an approval, which definitions of before may ask for', async () => {
  const before = await openDeciding(fromAmount, { deadline: '60s' });
  await before.stop();
  const db = new DatabaseSync(join(before.dataDir, 'signalbox.db'));
  db.exec(`UPDATE jobs SET spec = json_set(spec, '$.approval', 'required')`);
  db.close();
  const app = await openApp(before.dataDir);
  const response = await app.post('shop', { type: 'paid', amount: 12 });
  expect(await response.json()).toEqual({ action: 'allow' });
  const { answer, event } = await answerOf(app, response);
  expect(answer).toMatchObject({
    decided: 'fallback',
    reason: 'approval',
    message: 'needs approval, which is not possible while the sender waits',
  });
  expect(event.runs[0]?.state).toBe('pending');
  const [listener] = (await app.call('listeners.list', {})).items;
  expect(listener?.problem).toContain('names the job "decide", whose runs need an approval');
});

it('decides and stores the answer although the sender hung up', async () => {
  const app = await openDeciding(
    'export default () => new Promise((done) => setTimeout(() => done({ action: "block" }), 300));',
  );
  const body = JSON.stringify({ type: 'paid', id: 'gone' });
  const { port } = new URL(app.runtime.receiverUrl);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    `POST /in/shop HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await eventually(async () => expect((await app.call('runs.list', {})).items).toHaveLength(1));
  socket.destroy();
  await eventually(async () => {
    const [event] = (await app.call('events.list', { query: 'source:shop' })).items;
    const { answer } = await app.call('events.get', { id: event?.id ?? '' });
    expect(answer).toMatchObject({ decided: 'job', decision: { action: 'block' } });
  });
  expect(await (await app.post('shop', body)).json()).toEqual({ action: 'block' });
});

it('lets one listener of several answer, by priority, and keeps the names of the others', async () => {
  const app = await openDeciding('export default () => ({ by: "low" });', { priority: 1 });
  const file = app.script('high.mjs', 'export default () => ({ by: "high" });');
  await app.call('jobs.create', { slug: 'high', kind: 'script', file });
  await app.call('listeners.create', {
    slug: 'high',
    source: 'shop',
    job: 'high',
    mode: 'enrich',
    deadline,
    priority: 9,
  });
  await app.call('listeners.create', { slug: 'told', source: 'shop', job: 'high' });
  const response = await app.post('shop', { type: 'paid' });
  expect(await response.json()).toEqual({ by: 'high' });
  const { answer, event } = await answerOf(app, response);
  expect(answer).toMatchObject({ listener: 'high', passedOver: ['decide'] });
  expect(event.runs.map(({ listener }) => listener)).toEqual(['high', 'told']);
  const { items } = await app.call('listeners.explain', { eventId: event.id });
  const loser = items.find(({ listener }) => listener === 'decide');
  expect(loser?.matched).toBe(false);
  expect(loser?.clauses.at(-1)?.text).toBe('high answers the request: it has priority 9, this one 1');
});

it('starts ahead of a queue of the same job', async () => {
  const app = await openDeciding(
    'export default (event) => new Promise((done) => setTimeout(() => done({ id: event.payload.id }), 20));',
    { type: ['login'] },
  );
  await app.call('listeners.create', { slug: 'other', source: 'shop', type: ['bulk'], job: 'decide' });
  await Promise.all(Array.from({ length: 100 }, (_, i) => app.post('shop', { type: 'bulk', id: `b${i}` })));
  expect(await (await app.post('shop', { type: 'login', id: 'now' })).json()).toEqual({ id: 'now' });
  expect((await app.call('app.status', {})).runs.waiting).toBeGreaterThan(10);
});
