import { CloudEvent, HTTP, type Message } from 'cloudevents';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkAttributes } from '../../electron/sources/presets/cloudevents/cloudevent-attributes.ts';
import { bigText, startSource } from './start-source.ts';

const preset = 'cloudevents';
const secrets = { NOW: 'the-token-of-these-days', BEFORE: 'the-token-of-yesterday' };
const start = (spec = {}) =>
  startSource({ preset, verify: { secret: { env: 'NOW' }, previousSecret: { env: 'BEFORE' } }, ...spec }, secrets);
const strict = { event: { strict: true } };
const auth = { authorization: `Bearer ${secrets.NOW}` };

const structured = { 'content-type': 'application/cloudevents+json', ...auth };
const batch = { 'content-type': 'application/cloudevents-batch+json', ...auth };
const binary = {
  ...auth,
  'ce-specversion': '1.0',
  'ce-id': 'a-1',
  'ce-source': '/depot/scales',
  'ce-type': 'weighing.finished',
};

const event = {
  specversion: '1.0',
  id: 'a-1',
  source: '/depot/scales',
  type: 'weighing.finished',
  subject: 'truck/1',
  time: '2026-01-31T08:00:00Z',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  data: { netKg: 10_830 },
};
const body = JSON.stringify(event);

const messageBody = z.union([z.string(), z.instanceof(Uint8Array).transform((bytes) => new Uint8Array(bytes))]);
const messageHeaders = z.record(z.string(), z.string());
/** A message of the library, as it would send it. */
const sent = ({ body, headers }: Message) =>
  [messageBody.parse(body), { ...messageHeaders.parse(headers), ...auth }] as const;

const expected = {
  type: 'weighing.finished',
  system: 'cloudevents',
  externalId: '/depot/scales a-1',
  occurredAt: '2026-01-31T08:00:00.000Z',
  context: {
    id: 'a-1',
    source: '/depot/scales',
    subject: 'truck/1',
    traceparent: event.traceparent,
    specversion: '1.0',
  },
  payload: { netKg: 10_830 },
  verification: { state: 'verified', scheme: 'token' },
};

describe('what the CloudEvents library sends', () => {
  const made = new CloudEvent(event);

  test.each([
    ['binary', HTTP.binary(made)],
    ['structured', HTTP.structured(made)],
  ])('in %s mode is one event with all its attributes', async (_mode, message) => {
    const { status, events } = await (await start()).post(...sent(message));
    expect(status).toBe(202);
    expect(events).toMatchObject([expected]);
  });

  test('as bytes is kept as base64 in both modes', async () => {
    const { post } = await start();
    const bytes = Buffer.from([1, 2, 255, 4, 200]);
    const of = (id: string) =>
      new CloudEvent({ ...event, id, datacontenttype: 'application/octet-stream', data: bytes });
    for (const message of [HTTP.binary(of('b-1')), HTTP.structured(of('b-2'))]) {
      expect((await post(...sent(message))).events).toMatchObject([
        { payload: { data_base64: 'AQL/BMg=' }, context: { datacontenttype: 'application/octet-stream' } },
      ]);
    }
  });
});

test('the header of a binary event may be quoted, percent-encoded, or hold a URI as it is', async () => {
  const { post } = await start();
  const { events } = await post('<a/>', {
    ...binary,
    'content-type': 'text/xml',
    'ce-source': '/a%20b',
    'ce-subject': '"Euro %E2%82%AC %F0%9F%98%80 \\"x\\""',
  });
  expect(events).toMatchObject([
    {
      externalId: '/a%20b a-1',
      context: { source: '/a%20b', subject: 'Euro € 😀 "x"', datacontenttype: 'text/xml' },
      payload: '<a/>',
    },
  ]);
});

test('a binary event may have no data', async () => {
  const res = await (await start()).request('', { method: 'POST', headers: binary });
  expect(res.events).toMatchObject([{ type: 'weighing.finished', payload: null }]);
});

describe('a batch', () => {
  const item = (id: string, change = {}) => ({ ...event, id, ...change });

  test('is one delivery with many events', async () => {
    const { post } = await start();
    const { status, events, delivery } = await post(
      [item('1'), item('2', { data_base64: 'AQI=', data: undefined })],
      batch,
    );
    expect(status).toBe(202);
    expect(events.map(({ externalId, payload }) => [externalId, payload])).toEqual([
      ['/depot/scales 1', { netKg: 10_830 }],
      ['/depot/scales 2', { data_base64: 'AQI=' }],
    ]);
    expect(delivery.eventIds).toHaveLength(2);
  });

  test('with one bad item is refused whole where the source is strict, and says which', async () => {
    const { post, store } = await start(strict);
    const outcome = await post([item('1'), item('2', { source: undefined }), item('3')], batch);
    expect([outcome.status, outcome.reason]).toEqual([
      422,
      {
        code: 'invalid_cloudevent',
        message: 'event 2 of 3: the attribute "source" is missing; none of them was taken',
      },
    ]);
    expect(store.reading.prepare('SELECT count(*) AS n FROM events').get()).toEqual({ n: 0 });
  });

  test('may be empty, but must be a list of objects where the source is strict', async () => {
    const { post } = await start(strict);
    const empty = await post([], batch);
    expect([empty.status, empty.events]).toEqual([202, []]);
    expect((await post(event, batch)).reason?.message).toBe('the batch is not a list of events');
    expect((await post([7], batch)).reason?.message).toContain('event 1 of 1: it is not an object');
  });

  test('keeps what is new of a repeat', async () => {
    const { post } = await start();
    await post([item('1')], batch);
    expect((await post([item('1')], batch)).delivery.result).toBe('duplicate');
    expect((await post([item('1'), item('2')], batch)).delivery.result).toBe('accepted');
  });
});

test('a repeat is told by source and id together', async () => {
  const { post } = await start();
  await post(body, structured);
  expect((await post(body, structured)).delivery.result).toBe('duplicate');
  expect((await post({ ...event, source: '/depot/gate' }, structured)).delivery.result).toBe('accepted');
  expect((await post({ ...event, id: 'a-2' }, structured)).delivery.result).toBe('accepted');
});

test.each<[object, string]>([
  [{ specversion: '0.3' }, 'specversion'],
  [{ specversion: undefined }, 'specversion'],
  [{ id: '' }, 'id'],
  [{ id: 5 }, 'id'],
  [{ id: null }, 'id'],
  [{ source: 'a b' }, 'source'],
  [{ source: '%zz' }, 'source'],
  [{ type: undefined }, 'type'],
  [{ type: 'a\u0007' }, 'type'],
  [{ type: 'x'.repeat(201) }, 'type'],
  [{ time: 'yesterday' }, 'time'],
  [{ time: '2026-02-30T00:00:00Z' }, 'time'],
  [{ time: '2026-01-31T08:00:00' }, 'time'],
  [{ datacontenttype: 'json' }, 'datacontenttype'],
  [{ dataschema: '/relative' }, 'dataschema'],
  [{ subject: '' }, 'subject'],
  [{ Extension: 'x' }, 'Extension'],
  [{ my_ext: 'x' }, 'my_ext'],
  [{ ext: { a: 1 } }, 'ext'],
  [{ ext: 1.5 }, 'ext'],
  [{ data_base64: 'AQI=' }, 'data_base64'],
  [{ data_base64: 'no!', data: undefined }, 'data_base64'],
])('%j breaks the specification, and is refused by name where the source is strict', async (change, name) => {
  const outcome = await (await start(strict)).post({ ...event, ...change }, structured);
  expect([outcome.status, outcome.reason?.code]).toEqual([422, 'invalid_cloudevent']);
  expect(outcome.reason?.message).toContain(`"${name}"`);
});

test.each<[Record<string, string>, string]>([
  [{ 'ce-specversion': '' }, 'specversion'],
  [{ 'ce-time': 'yesterday' }, 'time'],
  [{ 'ce-datacontenttype': 'text/plain' }, 'datacontenttype'],
  [{ 'ce-data': 'x' }, 'data'],
  [{ 'ce-subject': '%FF' }, 'subject'],
  [{ 'ce-my-ext': 'x' }, 'my-ext'],
])(
  'the headers %j break the specification, and are refused by name where the source is strict',
  async (change, name) => {
    const outcome = await (await start(strict)).post('{}', { ...binary, ...change });
    expect([outcome.status, outcome.reason?.code]).toEqual([422, 'invalid_cloudevent']);
    expect(outcome.reason?.message).toContain(`"${name}"`);
  },
);

test('a time may be a leap second, early, and finer than a nanosecond', () => {
  for (const time of ['2016-12-31T23:59:60Z', '1969-01-01T00:00:00+01:00', '2026-01-31t08:00:00.12345678901z']) {
    expect(
      checkAttributes(Object.entries({ specversion: '1.0', id: '1', source: 's', type: 't', time }), true),
    ).toMatchObject({
      ok: true,
    });
  }
});

test('whatever the attributes are, each refusal names something, and what passes has all that is required', () => {
  const name = fc.oneof(fc.constantFrom('specversion', 'id', 'source', 'type', 'time', 'subject'), fc.string());
  const value = fc.oneof(
    fc.constantFrom('1.0', '2026-01-31T08:00:00Z'),
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), fc.boolean(), (given, isStrict) => {
      const checked = checkAttributes(given, isStrict);
      if (checked.ok) {
        expect(checked.attributes.all).toMatchObject({ id: checked.attributes.id, type: checked.attributes.type });
        if (isStrict) expect(checked.notes.filter(({ code }) => code !== 'time_unreadable')).toEqual([]);
      } else expect(checked.problem).toMatch(/^the attribute "/);
    }),
  );
});

describe('permission to deliver', () => {
  const ask = async (headers: Record<string, string>, spec = {}) =>
    (await start(spec)).send('', { method: 'OPTIONS', headers });

  test('is given in the answer, no faster than the source takes', async () => {
    const rateLimit = { perSecond: 2, burst: 10 };
    const res = await ask(
      {
        'webhook-request-origin': 'eventgrid.azure.net',
        'webhook-request-rate': '1000',
        'webhook-request-callback': 'http://127.0.0.1:1/never-called',
      },
      { rateLimit },
    );
    expect([res.status, res.headers.get('allow')]).toEqual([200, 'POST']);
    expect(res.headers.get('webhook-allowed-origin')).toBe('eventgrid.azure.net');
    expect(res.headers.get('webhook-allowed-rate')).toBe('120');
    const slow = await ask({ 'webhook-request-origin': 'a.example', 'webhook-request-rate': '60' }, { rateLimit });
    expect(slow.headers.get('webhook-allowed-rate')).toBe('60');
    const free = await ask({ 'webhook-request-origin': 'a.example' }, { rateLimit: 'off' });
    expect(free.headers.get('webhook-allowed-rate')).toBe('*');
  });

  test('is kept to the origins that the source names', async () => {
    const event = { origins: ['eventgrid.azure.net'] };
    expect((await ask({ 'webhook-request-origin': 'EventGrid.azure.net' }, { event })).status).toBe(200);
    const other = await ask({ 'webhook-request-origin': 'other.example' }, { event });
    expect([other.status, other.headers.get('webhook-allowed-origin')]).toEqual([403, null]);
    expect((await ask({ 'webhook-request-origin': 'a b' })).status).toBe(403);
    expect((await ask({})).status).toBe(405);
  });
});

describe('a token', () => {
  test.each<[string, Record<string, string>, string, number, string | undefined]>([
    ['right', auth, '', 202, undefined],
    ['of before', { authorization: `Bearer ${secrets.BEFORE}` }, '', 202, undefined],
    ['in the address', {}, `?access_token=${secrets.NOW}`, 202, undefined],
    ['wrong', { authorization: 'Bearer else' }, '', 401, 'token_wrong'],
    ['wrong in the address', {}, '?access_token=else', 401, 'token_wrong'],
    ['cut short', { authorization: `Bearer ${secrets.NOW.slice(0, -1)}` }, '', 401, 'token_wrong'],
    [
      'wrong beside one in the address',
      { authorization: 'Bearer else' },
      `?access_token=${secrets.NOW}`,
      401,
      'token_wrong',
    ],
    ['missing', {}, '', 401, 'token_missing'],
  ])('%s is answered as it deserves, and not kept', async (_name, headers, path, status, code) => {
    const { post } = await start();
    const outcome = await post(body, { 'content-type': 'application/cloudevents+json', ...headers }, path);
    expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
    expect(JSON.stringify(outcome.delivery)).not.toContain(secrets.NOW);
  });
});

test.each<[string, string, Record<string, string>, number, string | undefined]>([
  ['broken JSON', '{"id":', structured, 422, 'unreadable_body'],
  ['broken JSON in a batch', '[', batch, 422, 'unreadable_body'],
  ['broken JSON of a binary event', '{"a":', binary, 202, undefined],
  ['nothing', '', structured, 422, 'empty_body'],
  ['an empty list in structured mode', '[]', structured, 202, undefined],
  ['a list of nothing but bad ones', '[{"id":"1"},7]', batch, 422, 'invalid_cloudevent'],
  ['another format', 'Obj', { ...auth, 'content-type': 'application/cloudevents+avro' }, 415, 'unknown_format'],
  ['another batch', body, { ...auth, 'content-type': 'application/cloudevents-batch+xml' }, 415, 'unknown_format'],
  ['JSON that is no CloudEvent', '{"id":"1","type":"a"}', auth, 415, 'unknown_format'],
  ['text', 'hello', { ...auth, 'content-type': 'text/plain' }, 415, 'unknown_format'],
  [
    'a charset in capitals',
    body,
    { ...auth, 'content-type': 'Application/CloudEvents+JSON; charset=UTF-8' },
    202,
    undefined,
  ],
  ['a mebibyte', JSON.stringify({ ...event, data: bigText }), structured, 202, undefined],
])('%s is never a 500', async (_name, text, headers, status, code) => {
  const outcome = await (await start()).post(text, headers);
  expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
});

test.each<[object, unknown, string]>([
  [{ specversion: '0.3' }, {}, 'specversion'],
  [{ id: 5 }, { externalId: '/depot/scales 5' }, 'id'],
  [{ source: 'a b' }, { externalId: 'a b a-1' }, 'source'],
  [{ time: '2026-01-31T08:00:00' }, { occurredAt: '2026-01-31T08:00:00.000Z' }, 'time'],
  [{ time: 1769846400 }, { occurredAt: '2026-01-31T08:00:00.000Z' }, 'time'],
  [{ time: '2026-02-30T00:00:00Z' }, { occurredAt: null }, 'time'],
  [{ datacontenttype: 'json' }, { context: { datacontenttype: 'json' } }, 'datacontenttype'],
  [{ subject: '' }, { context: { subject: '' } }, 'subject'],
  [{ event_source: 'x' }, { context: { event_source: 'x' } }, 'event_source'],
  [{ correlationId: 'x' }, { context: { correlationId: 'x' } }, 'correlationId'],
  [{ 'ce-fc-code-checksum': 'x' }, { context: { 'ce-fc-code-checksum': 'x' } }, 'ce-fc-code-checksum'],
  [{ ext: { a: 1 } }, { context: { ext: { a: 1 } } }, 'ext'],
  [{ ext: 1.5 }, { context: { ext: 1.5 } }, 'ext'],
  [{ data_base64: 'AQI=' }, { payload: { netKg: 10_830 } }, 'data_base64'],
  [{ data_base64: 'no!', data: undefined }, { payload: { data_base64: 'no!' } }, 'data_base64'],
])('%j is taken all the same, and noted by name', async (change, found, name) => {
  const outcome = await (await start()).post({ ...event, ...change }, structured);
  expect([outcome.status, outcome.reason]).toEqual([202, null]);
  expect(outcome.events).toMatchObject([found]);
  expect(outcome.delivery.notes).toEqual([
    { code: expect.stringMatching(/^(cloudevent_|time_)/), message: expect.stringContaining(`"${name}"`) },
  ]);
});

test('a number in place of a required text is read as its digits, and the note says so', async () => {
  const sent = JSON.stringify({ ...event, id: 5 }).replace('"specversion":"1.0"', '"specversion":1.0');
  const outcome = await (await start()).post(sent, structured);
  expect(outcome.events).toMatchObject([{ context: { specversion: '1.0', id: '5' } }]);
  expect(outcome.delivery.notes.map(({ message }) => message)).toEqual([
    'The attribute "specversion" is not text; it was read as "1.0".',
    'The attribute "id" is not text; it was read as "5".',
  ]);
});

test.each<[object, string]>([
  [{ specversion: undefined }, 'specversion'],
  [{ id: '' }, 'id'],
  [{ id: null }, 'id'],
  [{ source: {} }, 'source'],
  [{ type: undefined }, 'type'],
  [{ type: 'a\u0007' }, 'type'],
])('%j is refused by name all the same', async (change, name) => {
  const outcome = await (await start()).post({ ...event, ...change }, structured);
  expect([outcome.status, outcome.reason?.code]).toEqual([422, 'invalid_cloudevent']);
  expect(outcome.reason?.message).toContain(`"${name}"`);
});

test('odd headers of the binary mode are taken and noted', async () => {
  const odd = { 'ce-time': '2026-01-31 08:00', 'ce-subject': '%FF', 'ce-my-ext': 'x', 'ce-data': 'x' };
  const { status, events, delivery } = await (await start()).post('{"a":1}', { ...binary, ...odd });
  expect(status).toBe(202);
  expect(events).toMatchObject([
    {
      occurredAt: '2026-01-31T08:00:00.000Z',
      context: { subject: '%FF', 'my-ext': 'x', data: 'x' },
      payload: { a: 1 },
    },
  ]);
  expect(delivery.notes.map(({ message }) => /"([a-z-]+)"/.exec(message)?.[1]).sort()).toEqual([
    'my-ext',
    'subject',
    'time',
  ]);
});

test.each([
  ['one event as application/json', event, { 'content-type': 'application/json', ...auth }],
  ['a list as application/json', [event], { 'content-type': 'application/json', ...auth }],
  ['a list as one event', [event], structured],
  ['one event as a batch', event, batch],
])('%s is read as what it is, and noted', async (_name, document, headers) => {
  const { status, events, delivery } = await (await start()).post(document, headers);
  expect(status).toBe(202);
  expect(events).toMatchObject([expected]);
  expect(delivery.notes.map(({ code }) => code)).toEqual(['cloudevent_mode']);
});

test('a bad item of a batch leaves out itself alone, and is noted with its place', async () => {
  const { post } = await start();
  const good = (id: string) => ({ ...event, id });
  const outcome = await post([good('1'), { ...event, source: undefined }, 7, good('4')], batch);
  expect([outcome.status, outcome.events.map(({ externalId }) => externalId)]).toEqual([
    202,
    ['/depot/scales 1', '/depot/scales 4'],
  ]);
  expect(outcome.delivery.notes).toEqual([
    { code: 'event_skipped', message: expect.stringContaining('event 2 of 4: the attribute "source" is missing') },
    { code: 'event_skipped', message: expect.stringContaining('event 3 of 4: it is not an object') },
  ]);
  const many = await post([good('9'), ...Array(50).fill(7)], batch);
  expect(many.delivery.notes.at(-1)?.message).toBe('Nor are 45 more of the 51 in the events.');
});

test('fields that the source names are masked in data and attributes', async () => {
  const { post } = await start({ event: { redact: ['password'] } });
  const { events, delivery } = await post({ ...event, data: { password: 'open-sesame' } }, structured);
  expect(events).toMatchObject([{ payload: { password: '***' } }]);
  expect(delivery.body.data).not.toContain('sesame');
});
