import { describe, expect, it } from 'vitest';
import { statement } from '../../electron/store/database/statements.ts';
import type { HttpJobSpec } from '../../shared/contract/jobs.ts';
import { receivingServer } from '../destinations/receiving-server.ts';
import { openApp } from '../runtime/open-app.ts';
import { eventually } from '../support/eventually.ts';
import { delivery, draft } from '../support/temp-store.ts';
import { defined, type OpenRunner, openRunner, shellJob } from './open-runner.ts';

const httpJob = (slug: string, url: string, more: Partial<HttpJobSpec> = {}) =>
  defined({ slug, kind: 'http', url, allowPrivate: true, ...more });

const payloads = (text: string): unknown => JSON.parse(text).map(({ payload }: { payload: unknown }) => payload);

const runIds = (app: OpenRunner): string[] =>
  statement(app.store.db, 'SELECT id FROM runs ORDER BY seq')
    .all()
    .map((row) => (row as { id: string }).id);

async function post(app: OpenRunner, type: string, ...values: unknown[]): Promise<void> {
  for (const n of values) await app.intake.accept(delivery([draft({ type, payload: { n } as never })]));
}

describe('a run of gathered events', () => {
  it('gives a command and a script all of them as event.batch', async () => {
    const app = openRunner([shellJob('lines', 'cat'), defined({ slug: 'twice', kind: 'script', file: 'twice.mjs' })], {
      batch: { count: 3, period: '1h' },
    });
    app.script(
      'twice.mjs',
      'export default (event) => ({ newest: event.payload.n, all: event.batch.map((e) => e.payload.n) });',
    );
    await app.runner.start();
    await post(app, 'lines', 1, 2, 3);
    await post(app, 'twice', 4, 5, 6);
    const [first = '', second = ''] = runIds(app);
    await app.ended(first);
    const [line = ''] = app.text(first);
    expect(JSON.parse(line.replace('stdout: ', ''))).toMatchObject({
      payload: { n: 3 },
      batch: [{ payload: { n: 1 } }, { payload: { n: 2 } }, { payload: { n: 3 } }],
    });
    expect(JSON.parse((await app.ended(second)).outcome ?? '')).toEqual({ newest: 6, all: [4, 5, 6] });
  });

  it('is one request with a list, the same again with each attempt', async () => {
    const server = await receivingServer((_request, response, count) => {
      response.statusCode = count === 1 ? 500 : 200;
      response.end();
    });
    const app = openRunner([httpJob('erp', server.url, { retries: ['0ms'] })], { batch: { count: 2, period: '1h' } });
    await app.runner.start();
    await post(app, 'erp', 1, 2);
    const [id = ''] = runIds(app);
    await app.ended(id);
    expect(server.received.map(({ text }) => payloads(text))).toEqual([
      [{ n: 1 }, { n: 2 }],
      [{ n: 1 }, { n: 2 }],
    ]);
    expect(new Set(server.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('waits for its approval as one', async () => {
    const app = openRunner([shellJob('lines', 'cat')], { batch: { count: 2, period: '1h' }, approvalFor: ['lines'] });
    await app.runner.start();
    await post(app, 'lines', 1, 2);
    const [id = '', ...others] = runIds(app);
    expect(others).toEqual([]);
    expect(app.row(id).state).toBe('pending');
    await app.runner.approve({ ids: [id], by: 'ada', note: null });
    await app.ended(id);
    expect(JSON.parse((app.text(id)[0] ?? '').replace('stdout: ', '')).batch).toHaveLength(2);
  });
});

describe('a job that sends its events in batches', () => {
  it('sends payloads, CloudEvents and a template as lists', async () => {
    const server = await receivingServer();
    const batch = { count: 2, period: '1h' };
    const app = openRunner([
      httpJob('payload', server.url, { body: 'payload', batch }),
      httpJob('cloud', server.url, { body: 'cloudevents', batch }),
      httpJob('filled', server.url, { body: { template: { ids: '$.batch' } }, batch }),
    ]);
    await app.runner.start();
    for (const type of ['payload', 'cloud', 'filled']) {
      await post(app, type, 1, 2);
      await app.ended(runIds(app).at(-1) ?? '');
    }
    const [first, second, third] = server.received;
    expect(first?.text).toBe('[{"n":1},{"n":2}]');
    expect(second?.headers['content-type']).toBe('application/cloudevents-batch+json; charset=utf-8');
    expect(JSON.parse(second?.text ?? '')).toMatchObject([
      { specversion: '1.0', data: { n: 1 } },
      { specversion: '1.0', data: { n: 2 } },
    ]);
    expect(JSON.parse(third?.text ?? '')).toMatchObject({ ids: [{ payload: { n: 1 } }, { payload: { n: 2 } }] });
  });

  it('sends no request that is larger than its bytes, and what is left when the period ends', async () => {
    const server = await receivingServer();
    const app = openRunner([httpJob('erp', server.url, { body: 'payload', batch: { bytes: 20, period: '50ms' } })]);
    await app.runner.start();
    app.batches.start();
    await post(app, 'erp', 1, 2, 3);
    const texts = await eventually(() => {
      const seen = server.received.map(({ text }) => text);
      expect(seen.flatMap((text) => JSON.parse(text))).toHaveLength(3);
      return seen;
    });
    expect(texts.flatMap((text) => JSON.parse(text))).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    for (const text of texts) expect(text.length).toBeLessThanOrEqual(20 + '[,]'.length);
  });

  it('keeps the order of each key, over batches with several keys and events alone', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const server = await receivingServer((_request, response, count) => {
      if (count > 1) return response.end();
      void held.then(() => {
        response.statusCode = 500;
        response.end();
      });
    });
    const app = openRunner([
      httpJob('erp', server.url, {
        body: 'payload',
        batch: { count: 2, period: '1h' },
        order: { by: 'payload.n' },
        retries: ['0ms'],
      }),
    ]);
    await app.runner.start();
    await post(app, 'erp', 'a', 'b', 'b', 'c', 'a', 'a');
    await eventually(() => expect(server.received).toHaveLength(1));
    release();
    for (const id of runIds(app)) await app.ended(id);
    // The first is sent again before any other.
    expect(
      server.received.map(({ text }) =>
        JSON.parse(text)
          .map(({ n }: { n: string }) => n)
          .join(''),
      ),
    ).toEqual(['ab', 'ab', 'bc', 'aa']);
  });
});

it('ends a batch with a failed run when its job is removed', async () => {
  const app = await openApp();
  await app.call('sources.create', { slug: 'crm', preset: 'generic' });
  await app.call('jobs.create', { slug: 'erp', kind: 'command', command: ['true'] });
  const spec = { slug: 'digest', source: 'crm', type: ['**'], job: 'erp', batch: { period: '1h' } };
  const { version } = await app.call('listeners.create', spec);
  expect((await app.post('crm', { n: 1 })).status).toBe(202);
  const [event] = (await app.call('events.list', {})).items;
  expect((await app.call('events.get', { id: event?.id ?? '' })).gathering).toHaveLength(1);
  await app.call('listeners.setState', { slug: 'digest', state: 'deleted', version });
  await app.call('jobs.remove', { slug: 'erp' });
  expect((await app.call('runs.list', { inbox: true })).items).toMatchObject([
    { eventId: event?.id, job: 'erp', state: 'failed', reason: 'spawn', error: expect.stringContaining('was deleted') },
  ]);
  expect((await app.call('events.get', { id: event?.id ?? '' })).gathering).toEqual([]);
});
