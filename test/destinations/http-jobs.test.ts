import { describe, expect, it } from 'vitest';
import type { HttpJobSpec } from '../../shared/contract/jobs.ts';
import { defined, openRunner, shellJob } from '../jobs/open-runner.ts';
import { eventually } from '../support/eventually.ts';
import { delivery, draft } from '../support/temp-store.ts';
import { receivingServer } from './receiving-server.ts';

const httpJob = (slug: string, url: string, more: Partial<HttpJobSpec> = {}) =>
  defined({ slug, kind: 'http', url, allowPrivate: true, ...more });

const parsed = (text: string | null): unknown => JSON.parse(text ?? 'null');

describe('a job of the kind http', () => {
  it('sends the event document, and keeps the answer as its outcome', async () => {
    const server = await receivingServer((_request, response) => {
      response.writeHead(201, { 'content-type': 'application/json', 'set-cookie': 'session=1' });
      response.end('{"ok":true}');
    });
    const app = openRunner([httpJob('erp', server.url)]);
    await app.runner.start();
    const id = await app.post('erp', { n: 1 });
    const row = await app.ended(id);
    expect(row).toMatchObject({ state: 'completed', reason: 'exit', attempt: 1 });
    const [request] = server.received;
    expect(request).toMatchObject({ method: 'POST', url: '/hook' });
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': `${row.event_id}_on-erp`,
    });
    expect(parsed(request?.text ?? null)).toMatchObject({
      id: row.event_id,
      type: 'erp',
      source: 'crm',
      payload: { n: 1 },
    });
    expect(parsed(row.outcome)).toMatchObject({
      status: 201,
      headers: { 'content-type': 'application/json', 'set-cookie': '***' },
      body: '{"ok":true}',
      address: '127.0.0.1',
      timing: { tlsMs: null, firstByteMs: expect.any(Number), connectMs: expect.any(Number) },
    });
  });

  it('sends the payload, with the digits it came with', async () => {
    const server = await receivingServer();
    const app = openRunner([httpJob('erp', server.url, { body: 'payload', method: 'PUT' })]);
    await app.runner.start();
    await app.ended(await app.post('erp', { amount: 10 }));
    expect(server.received[0]).toMatchObject({ method: 'PUT', text: '{"amount":10}' });
  });

  it('sends bytes and headers as they were received, without those of the connection', async () => {
    const server = await receivingServer();
    const app = openRunner([httpJob('dev', server.url, { body: 'received' })]);
    await app.runner.start();
    const body = Buffer.from('{ "n":1.50 , "x":"\u00e4" }\n');
    const input = delivery([draft({ type: 'dev', payload: { n: 1.5 } })]);
    await app.intake.accept({
      ...input,
      delivery: {
        ...input.delivery,
        body,
        headers: [
          ['host', 'hooks.example.com'],
          ['content-type', 'application/json'],
          ['content-encoding', 'gzip'],
          ['content-length', '9'],
          ['connection', 'keep-alive, x-hop'],
          ['x-hop', 'gone'],
          ['x-signature', 'sha256=abc'],
          ['x-many', 'one'],
          ['x-many', 'two'],
          ['webhook-id', 'msg_1'],
        ],
      },
    });
    const request = await eventually(() => {
      const [first] = server.received;
      if (first === undefined) throw new Error('nothing came');
      return first;
    });
    expect(request.body.equals(body)).toBe(true);
    expect(request.headers).toMatchObject({
      host: `127.0.0.1:${server.port}`,
      'x-signature': 'sha256=abc',
      'x-many': 'one, two',
      'content-length': String(body.length),
      // The sender's own, for its signature covers it.
      'webhook-id': 'msg_1',
    });
    expect(request.headers).not.toHaveProperty('content-encoding');
    expect(request.headers).not.toHaveProperty('x-hop');
  });

  it('sends CloudEvents, structured and binary', async () => {
    const server = await receivingServer();
    const app = openRunner([
      httpJob('structured', server.url, { body: 'cloudevents' }),
      httpJob('binary', server.url, { body: 'cloudevents-binary' }),
    ]);
    await app.runner.start();
    const structured = await app.ended(await app.post('structured', { n: 1 }));
    const binary = await app.ended(await app.post('binary', { n: 2 }));
    const [first, second] = server.received;
    expect(first?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(parsed(first?.text ?? null)).toMatchObject({
      specversion: '1.0',
      id: structured.event_id,
      source: '/sources/crm',
      type: 'structured',
      datacontenttype: 'application/json',
      data: { n: 1 },
    });
    expect(second?.headers).toMatchObject({ 'ce-id': binary.event_id, 'ce-type': 'binary', 'ce-specversion': '1.0' });
    expect(parsed(second?.text ?? null)).toEqual({ n: 2 });
  });

  it('fills a template with values of the event', async () => {
    const server = await receivingServer();
    const template = {
      text: 'Order {$.payload.id} of {$.source}',
      total: '$.payload.total',
      none: '$.payload.none',
      dollar: '$$.x',
    };
    const app = openRunner([httpJob('chat', server.url, { body: { template } })]);
    await app.runner.start();
    await app.ended(await app.post('chat', { id: 7, total: { eur: 12.5 } }));
    expect(parsed(server.received[0]?.text ?? null)).toEqual({
      text: 'Order 7 of crm',
      total: { eur: 12.5 },
      none: null,
      dollar: '$.x',
    });
  });

  it('fills secrets into headers and masks them in what the destination answers', async () => {
    const server = await receivingServer((request, response) =>
      response.end(`key was ${String(request.headers['x-key'])}`),
    );
    const app = openRunner(
      [httpJob('erp', server.url, { headers: { 'X-Key': '{secret:KEY}' }, secrets: { KEY: { secret: 'erp-key' } } })],
      { secrets: { 'erp-key': 'hunter22' } },
    );
    await app.runner.start();
    const row = await app.ended(await app.post('erp'));
    expect(server.received[0]?.headers['x-key']).toBe('hunter22');
    expect(parsed(row.outcome)).toMatchObject({ body: 'key was ***' });
  });

  it('tries again what was not answered with 2xx, with the same id, and says what was answered', async () => {
    const server = await receivingServer((_request, response, count) => {
      response.statusCode = count === 1 ? 503 : 200;
      response.end(count === 1 ? 'closed for lunch' : 'ok');
    });
    const app = openRunner([httpJob('erp', server.url, { retries: ['0s'] })]);
    await app.runner.start();
    const id = await app.post('erp');
    const row = await app.ended(id);
    expect(row).toMatchObject({ state: 'completed', attempt: 2, attempts: 2 });
    expect(new Set(server.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(
      app
        .output(id, 1)
        .items.map((line) => line.text)
        .join('\n'),
    ).toContain('closed for lunch');
  });

  it('waits as long as Retry-After asks, and tries no more after 410', async () => {
    const answering = (status: number) =>
      receivingServer((_request, response) => {
        response.writeHead(status, { 'retry-after': '3600' });
        response.end();
      });
    const app = openRunner([
      httpJob('busy', (await answering(429)).url, { retries: ['1s', '1s'] }),
      httpJob('gone', (await answering(410)).url, { retries: ['0s', '0s'] }),
    ]);
    await app.runner.start();
    const busy = await app.until(await app.post('busy'), 'scheduled');
    expect((busy.due_at ?? 0) - (busy.finished_at ?? 0)).toBe(3_600_000);
    const gone = await app.ended(await app.post('gone'));
    expect(gone).toMatchObject({
      state: 'failed',
      reason: 'answer',
      attempt: 1,
      error: expect.stringContaining('410 Gone'),
    });
  });

  it('follows the default waits, ten attempts in three days', async () => {
    const app = openRunner([httpJob('erp', 'http://127.0.0.1:9/')]);
    expect(app.catalog.get('erp')).toMatchObject({
      attempts: 10,
      retryWaitsMs: [5000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000, 72_000_000, 86_400_000],
    });
    await app.runner.start();
    const row = await app.until(await app.post('erp'), 'scheduled');
    expect(row).toMatchObject({ reason: 'connection' });
    const waitMs = (row.due_at ?? 0) - (row.finished_at ?? 0);
    expect(waitMs).toBeGreaterThanOrEqual(4000);
    expect(waitMs).toBeLessThanOrEqual(6000);
  });

  it('ends a request that takes too long, and one that an operator cancels', async () => {
    const server = await receivingServer(() => undefined);
    const app = openRunner([
      httpJob('slow', server.url, { timeout: '50ms', retries: 'none' }),
      httpJob('stuck', server.url, { retries: 'none' }),
    ]);
    await app.runner.start();
    expect(await app.ended(await app.post('slow'))).toMatchObject({ state: 'failed', reason: 'timeout' });
    const stuck = await app.post('stuck');
    await eventually(() => expect(server.received).toHaveLength(2));
    await app.runner.cancel(stuck);
    expect(await app.ended(stuck)).toMatchObject({ state: 'canceled', reason: 'canceled' });
  });

  it('is sent again after a stop of the app cut it short', async () => {
    const server = await receivingServer((_request, response, count) => {
      if (count > 1) response.end();
    });
    const first = openRunner([httpJob('erp', server.url)]);
    await first.runner.start();
    const id = await first.post('erp');
    await eventually(() => expect(server.received).toHaveLength(1));
    await first.stop(20);
    expect(first.row(id)).toMatchObject({ state: 'queued' });
    const second = openRunner([httpJob('erp', server.url)], { store: first.store });
    await second.runner.start();
    expect(await second.ended(id)).toMatchObject({ state: 'completed', attempt: 2 });
    const ids = server.received.map(({ headers }) => headers['webhook-id']);
    expect(ids[0]).toBe(ids[1]);
  });

  it('is sent again however often the app was stopped meanwhile', async () => {
    const times = 8;
    const server = await receivingServer((_request, response, count) => {
      if (count > times) response.end();
    });
    const jobs = [httpJob('erp', server.url, { retries: 'none' })];
    let app = openRunner(jobs);
    await app.runner.start();
    const id = await app.post('erp');
    for (let time = 1; time <= times; time++) {
      await eventually(() => expect(server.received).toHaveLength(time));
      await app.stop(20);
      app = openRunner(jobs, { store: app.store });
      await app.runner.start();
    }
    expect(await app.ended(id)).toMatchObject({ state: 'completed', attempt: times + 1 });
  });

  it('keeps the first 64 KiB of an answer, and shows bytes as base64', async () => {
    const server = await receivingServer((request, response) => {
      if (request.url === '/bytes') response.end(Buffer.from([0, 1, 255]));
      else response.end('x'.repeat(200_000));
    });
    const app = openRunner([httpJob('long', server.url), httpJob('bytes', server.url.replace('/hook', '/bytes'))]);
    await app.runner.start();
    const long = parsed((await app.ended(await app.post('long'))).outcome);
    expect(long).toMatchObject({ status: 200, truncated: true, body: 'x'.repeat(64 * 1024) });
    expect(parsed((await app.ended(await app.post('bytes'))).outcome)).toMatchObject({
      encoding: 'base64',
      body: 'AAH/',
    });
  });

  it('neither waits for processes nor makes them wait, and no destination for another', async () => {
    const dead = await receivingServer(() => undefined);
    const server = await receivingServer();
    const app = openRunner(
      [httpJob('dead', dead.url), httpJob('erp', server.url), shellJob('long', 'sleep 60'), shellJob('short', 'true')],
      { concurrency: 2 },
    );
    await app.runner.start();
    const stuck = await app.postMany(
      'dead',
      Array.from({ length: 100 }, () => ({})),
    );
    const long = await app.post('long');
    await app.until(long, 'running');
    await eventually(() => expect(dead.received).toHaveLength(16));
    const ids = await app.postMany(
      'erp',
      Array.from({ length: 50 }, (_one, n) => ({ n })),
    );
    for (const id of ids) expect(await app.ended(id)).toMatchObject({ state: 'completed' });
    expect(await app.ended(await app.post('short'))).toMatchObject({ state: 'completed' });
    expect(app.row(stuck[99] ?? '')).toMatchObject({ state: 'queued' });
    await app.runner.cancel(long);
    await app.ended(long);
  });

  it('keeps its connections open between requests', async () => {
    const server = await receivingServer();
    const app = openRunner([httpJob('erp', server.url, { concurrency: 1 })]);
    await app.runner.start();
    for (const id of await app.postMany('erp', [{}, {}, {}])) await app.ended(id);
    expect(new Set(server.received.map(({ port }) => port)).size).toBe(1);
  });
});
