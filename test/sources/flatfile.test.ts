import { describe, expect, test } from 'vitest';
import { bigText, startSource } from './start-source.ts';

const preset = 'flatfile';
const start = (spec = {}) => startSource({ preset, ...spec }, { NOW: 'now-token', BEFORE: 'before-token' });

const raw = {
  id: 'us_evt_1',
  domain: 'job',
  topic: 'job:ready',
  createdAt: '2026-01-31T08:00:00.000Z',
  context: { accountId: 'us_acc_1', spaceId: 'us_sp_1', slugs: { sheet: 'contacts' }, precedingEventId: 'us_evt_0' },
  payload: { job: 'space:configure', status: 'ready', info: null },
  attributes: { progress: { current: 1, total: 2, percent: 50 } },
  callbackUrl: 'https://platform.example.com/callback',
  dataUrl: '',
  target: 'us_ag_1',
  origin: { id: 'us_sp_1', slug: 'space' },
  namespaces: ['space'],
  deletedAt: null,
};
const bearer = 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c18xIn0.c2lnbmF0dXJl';
const forwarded = {
  _accessToken: 'sk_live_0123456789',
  _apiUrl: 'https://platform.example.com/api/',
  src: raw,
  afterAllCallbacks: {},
  cache: { eventCache: {} },
  domain: raw.domain,
  topic: raw.topic,
  context: raw.context,
  payload: raw.payload,
  target: raw.target,
  origin: raw.origin,
  action: '',
  namespace: raw.namespaces,
  createdAt: raw.createdAt,
};

const stored = {
  type: 'job:ready',
  system: 'flatfile',
  externalId: 'us_evt_1',
  occurredAt: '2026-01-31T08:00:00.000Z',
  payload: raw.payload,
  context: {
    ...raw.context,
    flatfile: {
      id: 'us_evt_1',
      domain: 'job',
      createdAt: raw.createdAt,
      attributes: raw.attributes,
      callbackUrl: raw.callbackUrl,
      dataUrl: '',
      target: raw.target,
      origin: raw.origin,
      namespaces: ['space'],
      deletedAt: null,
    },
  },
};

describe('the two shapes', () => {
  test.each([
    ['the raw event of the API', raw],
    ['the object of the forwarder', forwarded],
  ])('%s is stored in the same way', async (_name, body) => {
    const { status, events, text } = await (await start()).post(body);
    expect([status, JSON.parse(text).accepted]).toEqual([200, true]);
    expect(events).toMatchObject([stored]);
    expect(events[0]?.context).toEqual(stored.context);
  });

  test('are duplicates of each other', async () => {
    const { post } = await start();
    await post(raw);
    const again = await post(forwarded);
    expect([again.status, again.delivery.result]).toEqual([200, 'duplicate']);
  });

  test('of the forwarder are read without what its src lacks', async () => {
    const { post } = await start();
    const { events } = await post({ ...forwarded, src: { id: 'us_evt_2' } });
    expect(events).toMatchObject([
      {
        type: 'job:ready',
        externalId: 'us_evt_2',
        payload: raw.payload,
        context: { spaceId: 'us_sp_1', flatfile: { domain: 'job', namespaces: ['space'] } },
      },
    ]);
  });

  test('as the documentation prints them, without id, time and payload, are events too', async () => {
    const { post } = await start();
    const context = { actorId: 'us_ag_1', accountId: 'us_acc_1', environmentId: 'us_env_1', agentId: 'us_ag_1' };
    expect((await post({ domain: 'space', topic: 'agent:deleted', context })).events).toMatchObject([
      {
        type: 'agent:deleted',
        externalId: null,
        payload: null,
        context: { ...context, flatfile: { domain: 'space' } },
      },
    ]);
    const clip = { domain: 'data-clip', topic: 'data-clip:created', context, payload: { stauts: 'OPEN' } };
    expect((await post(clip)).events).toMatchObject([{ type: 'data-clip:created', payload: { stauts: 'OPEN' } }]);
    expect((await post({ topic: 'never:heard-of' })).events).toMatchObject([{ type: 'never:heard-of' }]);
  });
});

describe('credentials', () => {
  test('are kept neither in the event nor in body, headers or address', async () => {
    const { post, store } = await start();
    const body = { ...forwarded, src: { ...raw, payload: { ...raw.payload, note: `use ${bearer}, please` } } };
    const { events, delivery } = await post(body, { authorization: bearer, 'x-forwarded-by': bearer }, `?x=${bearer}`);
    expect(delivery.body.data).toContain('"_accessToken":"***"');
    expect(events[0]?.payload).toMatchObject({ note: 'use Bearer ***, please' });
    expect(delivery.headers).toContainEqual(['x-forwarded-by', 'Bearer ***']);
    const everything = JSON.stringify([
      store.reading.prepare('SELECT url, headers, CAST(body AS TEXT) AS body FROM deliveries').all(),
      store.reading.prepare('SELECT context, payload FROM events').all(),
    ]);
    expect(everything).toContain('us_evt_1');
    expect(everything).not.toMatch(/sk_live|eyJ/);
  });

  test('leave all else of the body letter for letter', async () => {
    const { post } = await start();
    const text = '{ "topic":"a:b",  "n": 1.0, "_accessToken" : "x\\"y" , "m":"a\\u00e4" }';
    expect((await post(text)).delivery.body.data).toBe(text.replace('"x\\"y"', '"***"'));
  });

  test.each([
    ['in a body that breaks off', '{"topic":"a:b","_accessToken":"sk_live_0123'],
    ['in a list', '{"topic":"a:b","_accessToken":["sk_live_0123"]}'],
    ['under an escaped name', '{"topic":"a:b","_access\\u0054oken":"sk_live_0123"}'],
    ['in capitals', '{"topic":"a:b","_ACCESSTOKEN":"sk_live_0123"}'],
    ['as a bearer token with escapes', '{"topic":"a:b","t":"bearer sk_live_0123\\/456789abc"}'],
    ['of an event that is refused', '{"_accessToken":"sk_live_0123"}'],
  ])('%s are masked too', async (_name, body) => {
    const { delivery } = await (await start()).post(body);
    expect(delivery.body.data).toContain('***');
    expect(delivery.body.data).not.toContain('sk_live');
  });

  test('of names that the source gives are masked', async () => {
    const { post } = await start({ event: { redact: ['password'] } });
    const { events, delivery } = await post({ ...raw, payload: { Password: { value: 'hunter2' } } });
    expect(events[0]?.payload).toEqual({ Password: '***' });
    expect(delivery.body.data).not.toContain('hunter2');
  });
});

describe('a list', () => {
  test('is one delivery of many events', async () => {
    const { events } = await (await start()).post([raw, { ...raw, id: 'us_evt_2' }]);
    expect(events.map(({ externalId }) => externalId)).toEqual(['us_evt_1', 'us_evt_2']);
  });

  test('with one bad event leaves out that one, and notes its place', async () => {
    const { post } = await start();
    const outcome = await post([raw, { domain: 'job' }]);
    expect(outcome.events.map(({ externalId }) => externalId)).toEqual(['us_evt_1']);
    expect(outcome.delivery.notes).toEqual([
      {
        code: 'event_skipped',
        message: expect.stringContaining('event 2 of 2: it has no topic: the field "topic" is empty'),
      },
    ]);
    const bad = await post([{ domain: 'job' }, 7]);
    expect([bad.status, bad.reason?.code]).toEqual([422, 'not_an_event']);
  });
});

test.each<[string, string, Record<string, string>, number, string | undefined]>([
  ['broken JSON', '{"topic": "a:b",}', {}, 422, 'unreadable_body'],
  ['a missing topic', '{"topic": null}', {}, 422, 'type_not_found'],
  ['a topic that is no text', '{"topic": {"a": 1}}', {}, 422, 'type_not_found'],
  ['JSON that says it is text', JSON.stringify(raw), { 'content-type': 'text/plain' }, 200, undefined],
  ['text', 'job:ready', { 'content-type': 'text/plain' }, 422, 'not_json'],
  ['nothing', '', {}, 422, 'empty_body'],
  ['a mebibyte', JSON.stringify({ ...raw, payload: bigText }), {}, 200, undefined],
])('%s is never a 500', async (_name, body, headers, status, code) => {
  const outcome = await (await start()).post(body, headers);
  expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
});

describe('with a token in the address', () => {
  const verify = { scheme: 'token', query: 'k', secret: { env: 'NOW' }, previousSecret: { env: 'BEFORE' } };
  test.each([
    ['the token', '?k=now-token', 200, undefined],
    ['the one before', '?k=before-token', 200, undefined],
    ['a wrong one', '?k=now-tokem', 401, 'token_wrong'],
    ['a short one', '?k=now', 401, 'token_wrong'],
    ['none', '', 401, 'token_missing'],
  ])('%s is answered as it deserves', async (_name, path, status, code) => {
    const outcome = await (await start({ verify })).post(raw, {}, path);
    expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
    expect(outcome.delivery.url).not.toContain('now');
  });
});

test('a user name and password do as well', async () => {
  const verify = { scheme: 'basic', username: 'flatfile', secret: { env: 'NOW' } };
  const { post } = await start({ verify });
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  expect((await post(raw, basic('flatfile:now-token'))).status).toBe(200);
  expect((await post(raw, basic('flatfile:else'))).reason?.code).toBe('credentials_wrong');
});
