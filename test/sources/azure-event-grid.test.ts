import { CloudEvent, HTTP } from 'cloudevents';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bigText, startSource } from './start-source.ts';

const preset = 'azure-event-grid';
const secrets = { NOW: 'the-key-of-these-days', BEFORE: 'the-key-of-yesterday' };
const verify = { query: 'code', secret: { env: 'NOW' }, previousSecret: { env: 'BEFORE' } };
const start = (spec = {}) => startSource({ preset, verify, ...spec }, secrets);
const code = `?code=${secrets.NOW}`;
const notification = { 'aeg-event-type': 'Notification' };

const event = {
  id: 'e-1',
  topic: '/subscriptions/31/resourceGroups/depot',
  subject: 'scales/1.csv',
  eventType: 'Microsoft.Storage.BlobCreated',
  eventTime: '2026-01-31T08:00:00.1234567Z',
  data: { api: 'PutBlob' },
  dataVersion: '',
  metadataVersion: '1',
};

test('a list of events is one delivery with many events', async () => {
  const { post } = await start();
  const { status, events } = await post([event, { ...event, id: 'e-2', topic: undefined }], notification, code);
  expect(status).toBe(200);
  expect(events).toMatchObject([
    {
      type: 'Microsoft.Storage.BlobCreated',
      system: 'azure-event-grid',
      externalId: '/subscriptions/31/resourceGroups/depot e-1',
      occurredAt: '2026-01-31T08:00:00.123Z',
      context: { topic: event.topic, subject: 'scales/1.csv', metadataVersion: '1' },
      payload: { api: 'PutBlob' },
    },
    { externalId: 'e-2' },
  ]);
});

test('one bad event leaves out itself alone, and is noted with its place', async () => {
  const { post } = await start();
  const outcome = await post([event, 7], notification, code);
  expect([outcome.status, outcome.events.length]).toEqual([200, 1]);
  expect(outcome.delivery.notes).toEqual([
    { code: 'event_skipped', message: expect.stringContaining('event 2 of 2: it is not an object') },
  ]);
  const bad = await post([7], notification, code);
  expect([bad.status, bad.reason?.code]).toEqual([422, 'not_an_event']);
});

test.each<[string, object, object]>([
  ['one event without its list', event, { externalId: `${event.topic} e-1`, payload: { api: 'PutBlob' } }],
  ['an id that is a number', [{ ...event, id: 5 }], { externalId: `${event.topic} 5` }],
  [
    'a schema of the publisher',
    [{ kind: 'weighed', type: 'scales.done', net: 7 }],
    {
      type: 'scales.done',
      externalId: 'out-1',
      context: { subscription: 'depot' },
      payload: { kind: 'weighed', type: 'scales.done', net: 7 },
    },
  ],
  [
    'one event of a schema of the publisher',
    { net: 7 },
    { type: 'src.received', externalId: 'out-1', payload: { net: 7 } },
  ],
  [
    'several of a schema of the publisher, of which no header names the id',
    [{ id: 'a', net: 7 }, { net: 8 }],
    { externalId: 'a', payload: { id: 'a', net: 7 } },
  ],
])('%s is an event', async (_name, document, found) => {
  for (const [spec, path] of [
    [{}, code],
    [{ verify: { scheme: 'none' } }, ''],
  ] as const) {
    const { post } = await start(spec);
    const headers = { ...notification, 'aeg-output-event-id': 'out-1', 'aeg-subscription-name': 'depot' };
    const outcome = await post(document, headers, path);
    expect([outcome.status, outcome.reason]).toEqual([200, null]);
    expect(outcome.events[0]).toMatchObject(found);
  }
});

test('a CloudEvent that says it is plain JSON is read as one', async () => {
  const { post } = await start();
  const cloudEvent = { specversion: '1.0', id: 'c-9', source: '/depot', type: 'a.b', data: { a: 1 } };
  expect((await post(cloudEvent, {}, code)).events).toMatchObject([{ type: 'a.b', externalId: '/depot c-9' }]);
});

test('the key is looked for under "code" unless the source says otherwise, and a test brings it in a header', async () => {
  const { post, registry } = await start({ verify: { secret: { env: 'NOW' } } });
  expect((await post([event], notification, code)).status).toBe(200);
  const missing = await post([event], notification);
  expect(missing.reason).toMatchObject({ code: 'token_missing', message: expect.stringContaining('"code"') });
  const body = Buffer.from('[]');
  const signed = registry.get('src')?.prepared?.sign?.({ body, contentType: 'application/json', nowMs: Date.now() });
  expect((await post([{ ...event, id: 'e-9' }], { ...notification, ...signed })).status).toBe(200);
  const elsewhere = await start({ verify: { header: 'x-key', secret: { env: 'NOW' } } });
  expect((await elsewhere.post([event], { 'x-key': secrets.NOW })).status).toBe(200);
  expect((await elsewhere.post([event], {}, code)).status).toBe(401);
});

test('a repeat is a duplicate', async () => {
  const { post } = await start();
  await post([event], notification, code);
  expect((await post([event], notification, code)).delivery.result).toBe('duplicate');
});

test('CloudEvents are read as such', async () => {
  const { post } = await start();
  const made = new CloudEvent({ id: 'c-1', source: '/depot', type: 'Microsoft.Storage.BlobCreated', data: { a: 1 } });
  const { body, headers } = HTTP.structured(made);
  const sent = await post(z.string().parse(body), z.record(z.string(), z.string()).parse(headers), code);
  expect(sent.events).toMatchObject([{ system: preset, externalId: '/depot c-1', payload: { a: 1 } }]);
  const batch = await post(
    [made, { ...made, id: 'c-2' }],
    { 'content-type': 'application/cloudevents-batch+json' },
    code,
  );
  expect([batch.status, batch.delivery.eventIds.length]).toEqual([200, 2]);
});

describe('a subscription that is being made', () => {
  const validation = {
    ...event,
    eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    data: { validationCode: '512d38b6-c7b8', validationUrl: 'https://rp-westeurope.eventgrid.azure.net/validate?id=1' },
  };
  const ask = async (body: unknown, path = '') =>
    (await start()).send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'aeg-event-type': 'SubscriptionValidation' },
      body: JSON.stringify(body),
    });

  test('is told its code, with the key in the address or without', async () => {
    for (const [body, path] of [
      [[validation], ''],
      [[validation], code],
      [validation, code],
    ] as const) {
      const res = await ask(body, path);
      expect([res.status, await res.json()]).toEqual([200, { validationResponse: '512d38b6-c7b8' }]);
    }
  });

  test('without a code, or among other events, is an ordinary delivery', async () => {
    expect((await ask([{ ...validation, data: {} }])).status).toBe(401);
    expect((await ask([{ ...validation, data: { validationCode: 'x'.repeat(201) } }])).status).toBe(401);
    expect((await ask([validation, event])).status).toBe(401);
  });

  test('for CloudEvents asks with OPTIONS', async () => {
    const { send } = await start();
    const headers = { 'webhook-request-origin': 'eventgrid.azure.net', 'webhook-request-rate': '120' };
    const res = await send('', { method: 'OPTIONS', headers });
    expect([res.status, res.headers.get('webhook-allowed-origin')]).toEqual([200, 'eventgrid.azure.net']);
    expect(res.headers.get('webhook-allowed-rate')).toBe('120');
  });
});

describe('a key', () => {
  test.each<[string, string, number, string | undefined]>([
    ['right', code, 200, undefined],
    ['of before', `?code=${secrets.BEFORE}`, 200, undefined],
    ['wrong', '?code=else', 401, 'token_wrong'],
    ['cut short', code.slice(0, -1), 401, 'token_wrong'],
    ['missing', '', 401, 'token_missing'],
  ])('%s is answered as it deserves, and not kept', async (_name, path, status, reason) => {
    const outcome = await (await start()).post([event], notification, path);
    expect([outcome.status, outcome.reason?.code]).toEqual([status, reason]);
    expect(JSON.stringify(outcome.delivery)).not.toContain(secrets.NOW);
  });

  test('may be in a header', async () => {
    const { post } = await start({ verify: { header: 'x-depot-key', secret: { env: 'NOW' } } });
    expect((await post([event], { ...notification, 'x-depot-key': secrets.NOW })).status).toBe(200);
    expect((await post([event], notification)).reason?.code).toBe('token_missing');
  });

  test('is not needed where the source says so', async () => {
    const { post } = await start({ verify: { scheme: 'none' } });
    expect((await post([event], notification)).events).toMatchObject([{ verification: { state: 'none' } }]);
  });
});

test.each<[string, string, Record<string, string>, number, string | undefined]>([
  ['broken JSON', '[{"id":', {}, 422, 'unreadable_body'],
  ['a number', '7', {}, 422, 'not_an_event'],
  ['JSON that says it is text', JSON.stringify([event]), { 'content-type': 'text/plain' }, 200, undefined],
  ['text', 'hello', { 'content-type': 'text/plain' }, 422, 'not_json'],
  ['nothing', '', {}, 422, 'empty_body'],
  ['an empty list', '[]', {}, 200, undefined],
  ['an unknown format', '[]', { 'content-type': 'application/cloudevents+avro' }, 415, 'unknown_format'],
  ['more than a mebibyte', JSON.stringify([{ ...event, data: bigText + bigText }]), {}, 200, undefined],
])('%s is never a 500', async (_name, text, headers, status, reason) => {
  const outcome = await (await start()).post(text, { ...notification, ...headers }, code);
  expect([outcome.status, outcome.reason?.code]).toEqual([status, reason]);
});
