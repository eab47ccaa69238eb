import { createServer, type IncomingMessage } from 'node:http';
import pino from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { z } from 'zod';
import { dispatch } from '../../../electron/console/calls/dispatch.ts';
import { createJobHandlers } from '../../../electron/console/handlers/jobs.ts';
import { createListenerHandlers } from '../../../electron/console/handlers/listeners.ts';
import { createSettingHandlers } from '../../../electron/console/handlers/settings.ts';
import { createSourceHandlers } from '../../../electron/console/handlers/sources.ts';
import type { TestRunInput } from '../../../electron/jobs/operator/runner-types.ts';
import { createJobEnvironment } from '../../../electron/jobs/programs/job-environment.ts';
import { presets } from '../../../electron/sources/presets.ts';
import type { MatchableEvent } from '../../../electron/store/events/events.ts';
import { appCaller } from '../../../shared/contract/access/caller.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { type CallInput, type CallName, contract, type Output } from '../../../shared/contract/index.ts';
import { eventOf, openDefinitions } from '../../definitions/open-definitions.ts';
import { fakeHandlers } from '../fake-handlers.ts';

const outputs: { [N in CallName]: { output: z.ZodType<Output<N>> } } = contract;

const stored = (id: string, event: ReturnType<typeof eventOf>): MatchableEvent => ({
  ...event,
  id,
  receivedAt: '2026-01-01T00:00:00.000Z',
});

interface Request {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Stands where the receiver would and keeps what it is sent. */
async function openReceiver(status: number, body: string): Promise<{ url: string; requests: Request[] }> {
  const requests: Request[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    requests.push({ method: request.method, url: request.url, headers: request.headers, body: text });
    response.writeHead(status, { 'content-type': 'application/json', 'signalbox-delivery': 'dlv_1' }).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => new Promise<void>((done) => void server.close(() => done())));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, requests };
}

async function openHandlers(
  options: { receiverUrl?: string; deliveryEvents?: string[]; events?: MatchableEvent[] } = {},
) {
  const parts = await openDefinitions();
  const { definitions, sourceRegistry } = parts;
  const testRuns: TestRunInput[] = [];
  const asked: { limit: number; narrow: object }[] = [];
  const events = options.events ?? [];
  const handlers = {
    ...createSourceHandlers({
      definitions,
      presets,
      ports: {
        receiverUrl: () => options.receiverUrl ?? 'http://127.0.0.1:8787',
        sourceActivity: () => ({
          lastDeliveryAtMs: Date.UTC(2026, 0, 2),
          lastRefusal: { atMs: Date.UTC(2026, 0, 3), code: 'signature_wrong', message: 'no' },
          accepted: 3,
          duplicate: 2,
          refused: 1,
        }),
        eventsOfDelivery: () => options.deliveryEvents ?? [],
        registered: sourceRegistry.get,
      },
    }),
    ...createListenerHandlers({
      saverOf: () => ({ id: 'local', name: 'ada' }),
      definitions,
      ports: {
        lastMatchedAtMs: () => null,
        readEventForMatching: async (id) => events.find((event) => event.id === id) ?? null,
        recentEvents: async (limit, narrow) => {
          asked.push({ limit, narrow });
          return events.slice(0, limit);
        },
        shadowMatches: () => ({ count: null, rows: [] }),
        backtest: async () => {
          throw new Error('tested over a real store in test/store/backtest.test.ts');
        },
      },
    }),
    ...createJobHandlers({
      saverOf: () => ({ id: 'local', name: 'ada' }),
      definitions,
      environment: createJobEnvironment({ inheritedNames: () => [], log: pino({ level: 'silent' }) }),
      ports: {
        jobActivity: () => ({ waiting: 1, running: 2, failed: 3, lastRunAtMs: null }),
        testRun: async (input) => {
          testRuns.push(input);
          return { runId: 'run_1', eventId: 'evt_1' };
        },
      },
    }),
    ...createSettingHandlers(definitions, () => false),
  };

  const all = fakeHandlers(handlers);
  const log = pino({ level: 'silent' });

  async function call<N extends CallName>(name: N, input: CallInput<N>): Promise<Output<N>> {
    const reply = await dispatch(all, name, input, appCaller, log, { checkOutput: true });
    if (!reply.ok) throw new AppError(reply.error.code, reply.error.message, reply.error.details);
    return outputs[name].output.parse(reply.value);
  }

  return { ...parts, call, testRuns, asked };
}

describe('calls on sources', () => {
  it('show the address to give to the sender, through the proxy when there is one', async () => {
    const { call } = await openHandlers();
    await call('sources.create', { slug: 'crm', preset: 'generic' });
    expect(await call('sources.get', { slug: 'crm' })).toMatchObject({
      name: 'crm',
      enabled: true,
      owner: 'user',
      url: 'http://127.0.0.1:8787/in/crm',
      problem: null,
      lastDeliveryAt: '2026-01-02T00:00:00.000Z',
      lastRefusal: { at: '2026-01-03T00:00:00.000Z', code: 'signature_wrong' },
      counts: { accepted: 3, duplicate: 2, refused: 1 },
    });
    await call('settings.update', { publicUrl: 'https://hooks.example.com/' });
    const { items } = await call('sources.list', {});
    expect(items.map(({ slug, url }) => [slug, url])).toEqual([
      ['crm', 'https://hooks.example.com/in/crm'],
      ['signalbox', null],
    ]);
    expect((await call('sources.setEnabled', { slug: 'crm', enabled: false })).version).toBe(2);
    await expect(call('sources.update', { slug: 'crm', preset: 'generic', version: 1 })).rejects.toMatchObject({
      code: 'stale_version',
    });
    await call('sources.remove', { slug: 'crm' });
    await expect(call('sources.get', { slug: 'crm' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('post a signed test delivery to the receiver', async () => {
    // Some senders want an answer that says nothing of events.
    const receiver = await openReceiver(202, '');
    const { call, definitions, sourceRegistry } = await openHandlers({
      receiverUrl: receiver.url,
      deliveryEvents: ['evt_9'],
    });
    await definitions.secrets.set('crm', 'a-long-enough-secret');
    const verify = {
      scheme: 'hmac',
      header: 'x-signature',
      algorithm: 'sha256',
      encoding: 'hex',
      prefix: 'sha256=',
      secret: { secret: 'crm' },
    };
    await call('sources.create', { slug: 'crm', preset: 'generic', verify });
    const answer = await call('sources.sendTest', { slug: 'crm', body: '{"type":"x"}', headers: { 'X-Extra': '1' } });
    expect(answer).toMatchObject({ status: 202, eventIds: ['evt_9'], deliveryId: 'dlv_1' });
    const [request] = receiver.requests;
    expect(request).toMatchObject({ method: 'POST', url: '/in/crm', body: '{"type":"x"}' });
    expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'x-extra': '1' });
    // What was sent is what the source itself accepts.
    const verified = await sourceRegistry.get('crm')?.prepared?.verify({
      method: 'POST',
      subpath: '',
      query: new URLSearchParams(),
      headers: { 'x-signature': String(request?.headers['x-signature']) },
      body: Buffer.from('{"type":"x"}'),
      remoteAddress: '127.0.0.1',
      receivedAtMs: Date.now(),
    });
    expect(verified).toMatchObject({ ok: true });
    await call('sources.sendTest', { slug: 'crm', body: '{}', sign: false });
    expect(receiver.requests[1]?.headers['x-signature']).toBeUndefined();
  });

  it('hand on a refusal as it came, and say when nothing answers', async () => {
    const receiver = await openReceiver(401, 'not json');
    const { call } = await openHandlers({ receiverUrl: receiver.url });
    await call('sources.create', { slug: 'crm', preset: 'generic' });
    const refused = await call('sources.sendTest', { slug: 'crm', body: '{}' });
    expect(refused).toMatchObject({ status: 401, body: 'not json', eventIds: [] });
    const { call: callNobody } = await openHandlers({ receiverUrl: 'http://127.0.0.1:1' });
    await callNobody('sources.create', { slug: 'crm', preset: 'generic' });
    await expect(callNobody('sources.sendTest', { slug: 'crm', body: '{}' })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});

describe('calls on listeners', () => {
  const events = [
    stored('evt_3', eventOf('order.paid', { amount: 30 })),
    stored('evt_2', eventOf('order.paid', { amount: 20 })),
    stored('evt_1', eventOf('user.created', {})),
  ];

  async function openWithListener() {
    const parts = await openHandlers({ events });
    const { call } = parts;
    await call('sources.create', { slug: 'crm', preset: 'generic' });
    await call('jobs.create', { slug: 'hello', kind: 'command', command: ['node'] });
    const where = { all: [{ field: 'payload.amount', op: 'gt', value: 25 }] };
    await call('listeners.create', { slug: 'paid', source: 'crm', type: 'order.*', where, job: 'hello' });
    return parts;
  }

  it('list, change and restore', async () => {
    const { call } = await openWithListener();
    expect((await call('listeners.get', { slug: 'paid' })).type).toEqual(['order.*']);
    await call('listeners.setState', { slug: 'paid', state: 'deleted', version: 1 });
    expect((await call('listeners.list', {})).items).toEqual([]);
    expect((await call('listeners.list', { includeDeleted: true })).items).toHaveLength(1);
    const restored = await call('listeners.setState', { slug: 'paid', state: 'disabled' });
    expect(restored).toMatchObject({ state: 'disabled', version: 3 });
    const { items } = await call('listeners.versions', { slug: 'paid' });
    expect(items.map(({ version, listener }) => [version, listener.version, listener.state])).toEqual([
      [3, 3, 'disabled'],
      [2, 2, 'deleted'],
      [1, 1, 'active'],
    ]);
  });

  it('explain a stored event', async () => {
    const { call } = await openWithListener();
    expect((await call('listeners.explain', { eventId: 'evt_3' })).items).toMatchObject([{ matched: true }]);
    expect((await call('listeners.explain', { eventId: 'evt_2' })).items).toMatchObject([
      { listener: 'paid', matched: false, distance: 1 },
    ]);
    await expect(call('listeners.explain', { eventId: 'evt_0' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('try a definition on stored events before it is saved', async () => {
    const { call, asked } = await openWithListener();
    const listener = { slug: 'paid', source: 'crm', type: 'order.paid', where: { 'payload.amount': 20 } };
    const result = await call('listeners.preview', { listener, limit: 10 });
    expect(result).toMatchObject({
      tried: 3,
      matched: 1,
      items: [
        { id: 'evt_3', nowMatches: false, didMatch: true },
        { id: 'evt_2', nowMatches: true, didMatch: false },
      ],
      verdict: null,
    });
    expect(asked).toEqual([{ limit: 10, narrow: { source: 'crm', types: ['order.paid', 'order.*'] } }]);
    const one = await call('listeners.preview', { listener: { type: 'order.*' }, eventId: 'evt_1' });
    expect(one).toMatchObject({ tried: 1, matched: 0, verdict: { matched: false, distance: 1 } });
    await expect(
      call('listeners.preview', { listener: { where: { all: [{ field: 'nowhere', op: 'eq', value: 1 }] } } }),
    ).rejects.toMatchObject({ code: 'invalid_conditions', details: [{ path: ['where', 'all', 0, 'field'] }] });
  });
});

describe('calls on jobs, settings and secrets', () => {
  it('show a job with its counts and hand test runs on', async () => {
    const { call, testRuns } = await openHandlers();
    await call('jobs.create', { slug: 'hello', kind: 'command', command: ['node'], timeout: 90_000 });
    const job = await call('jobs.get', { slug: 'hello' });
    expect(job).toMatchObject({ timeout: '90s', counts: { waiting: 1, running: 2, failed: 3 }, problem: null });
    const event = { type: 'x', payload: [1] };
    expect(await call('jobs.testRun', { slug: 'hello', event })).toEqual({ runId: 'run_1', eventId: 'evt_1' });
    expect(testRuns).toEqual([{ slug: 'hello', event: { ...event, context: {} } }]);
    await expect(call('jobs.testRun', { slug: 'hello' })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(call('jobs.testRun', { slug: 'lost', eventId: 'evt_1' })).rejects.toMatchObject({ code: 'not_found' });
    const updated = await call('jobs.update', { slug: 'hello', kind: 'command', command: ['node', '-v'], version: 1 });
    expect(updated).toMatchObject({ version: 2, command: ['node', '-v'] });
    await call('jobs.remove', { slug: 'hello' });
    expect((await call('jobs.list', {})).items).toEqual([]);
  });

  it('set secrets without ever showing them', async () => {
    const { call } = await openHandlers();
    await call('secrets.set', { name: 'crm', value: 'not-to-be-seen' });
    await call('jobs.create', {
      slug: 'hello',
      kind: 'command',
      command: ['node'],
      secrets: { TOKEN: { secret: 'crm' } },
    });
    const { items } = await call('secrets.list', {});
    expect(items).toMatchObject([{ name: 'crm', usedBy: ['job hello'] }]);
    const { yaml } = await call('settings.exportConfig', {});
    expect(yaml).toContain('secret: crm');
    expect(JSON.stringify([items, yaml, await call('jobs.list', {})])).not.toContain('not-to-be-seen');
    await expect(call('secrets.remove', { name: 'crm' })).rejects.toMatchObject({ code: 'in_use' });
    await call('jobs.remove', { slug: 'hello' });
    await call('secrets.remove', { name: 'crm' });
    await expect(call('secrets.remove', { name: 'crm' })).rejects.toMatchObject({ code: 'not_found' });
  });
});
