import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalType } from '../../electron/sources/presets/revoengine/revoengine-types.ts';
import { customType } from '../../shared/vendors/revoengine/custom-type.ts';
import { prepareSource } from './build-request.ts';
import { bigText, startSource } from './start-source.ts';

const preset = 'revoengine';
const verify = { header: 'x-revo-token', secret: { env: 'NOW' }, previousSecret: { env: 'BEFORE' } };
const secrets = { NOW: 'now-token', BEFORE: 'before-token' };
const start = (event = {}) => startSource({ preset, event, verify }, secrets);
const auth = { 'x-revo-token': 'now-token' };

const envelope = {
  type: 'USER_CREATE',
  metadata: { correlationId: 'c-1', accountId: 'a-1' },
  message: { id: 'usr_1', email: 'mila@example.com' },
};

describe('an envelope', () => {
  test('gives its message as the payload and its metadata as the context', async () => {
    const { post } = await start();
    const { status, events } = await post(envelope, auth);
    expect(status).toBe(200);
    expect(events).toMatchObject([
      {
        type: 'USER_CREATE',
        system: 'revoengine',
        externalId: null,
        context: envelope.metadata,
        payload: envelope.message,
        verification: { state: 'verified', scheme: 'token' },
      },
    ]);
  });

  test('in either spelling is one type, and the one that was sent is kept', async () => {
    const { post } = await start();
    const { events } = await post({ ...envelope, type: 'USER_CREATED' }, auth);
    expect(events).toMatchObject([{ type: 'USER_CREATE', context: { sentType: 'USER_CREATED', accountId: 'a-1' } }]);
  });

  test('of a custom event gets its prefix, unless that is switched off', async () => {
    const named = { ...envelope, type: 'customer_sync' };
    expect((await (await start()).post(named, auth)).events).toMatchObject([
      { type: 'CUSTOM_CUSTOMER_SYNC', context: { sentType: 'customer_sync' } },
    ]);
    expect((await (await start({ keepNames: true })).post(named, auth)).events).toMatchObject([
      { type: 'customer_sync' },
    ]);
  });

  test('keeps what stands beside its own fields, and a metadata field of the name we would use', async () => {
    const { post } = await start();
    const sent = { ...envelope, type: 'USER_UPDATED', metadata: { sentType: 'theirs' }, attempt: 2 };
    expect((await post(sent, auth)).events[0]?.context).toEqual({ sentType: 'theirs', otherFields: { attempt: 2 } });
  });

  test('is a duplicate by an id of its own, never by its correlation id', async () => {
    const { post } = await start();
    await post(envelope, auth);
    expect((await post(envelope, auth)).delivery.result).toBe('accepted');
    const withId = { ...envelope, metadata: { ...envelope.metadata, eventId: 'e-1' } };
    expect((await post(withId, auth)).events[0]?.externalId).toBe('e-1');
    const again = await post(withId, auth);
    expect([again.status, again.delivery.result]).toEqual([200, 'duplicate']);
  });
});

describe('a body of the person’s own', () => {
  test('is the payload as a whole, and an id in it is not the event’s', async () => {
    const { post } = await start();
    const body = { type: 'FILE_FINALIZED', id: 'file_1', name: 'a.csv' };
    expect((await post(body, auth)).events).toMatchObject([
      { type: 'FILE_FINALIZED', externalId: null, payload: body },
    ]);
    expect((await post([1, 2], auth)).events).toMatchObject([{ type: 'src.received', payload: [1, 2], context: {} }]);
  });

  test('is read by the paths of the source, and refused where the type is not found', async () => {
    const { post } = await start({ type: '$.what', id: '$.key', occurredAt: '$.at' });
    const good = await post({ what: 'currency', key: 'k-1', at: '2026-01-31T08:00:00Z' }, auth);
    expect(good.events).toMatchObject([
      { type: 'CUSTOM_CURRENCY', externalId: 'k-1', occurredAt: '2026-01-31T08:00:00.000Z' },
    ]);
    const bad = await post({ key: 'k-2' }, auth);
    expect([bad.status, bad.reason?.code, bad.reason?.message]).toEqual([
      422,
      'type_not_found',
      'the JSONPath $.what finds no event type in this delivery',
    ]);
    expect((await post({ what: { a: 1 } }, auth)).reason?.code).toBe('type_not_found');
  });

  test('says which path is no path', () => {
    expect(() => prepareSource({ preset, event: { id: '$[' }, verify: { scheme: 'none' } })).toThrow(
      'event.id is not a JSONPath',
    );
  });
});

test.each([
  ['the token', auth, 200, undefined],
  ['the one before, while it is rotated', { 'x-revo-token': 'before-token' }, 200, undefined],
  ['a wrong token', { 'x-revo-token': 'else' }, 401, 'token_wrong'],
  ['a shortened token', { 'x-revo-token': 'now-toke' }, 401, 'token_wrong'],
  ['no token', {}, 401, 'token_missing'],
  ['an empty token', { 'x-revo-token': '' }, 401, 'token_missing'],
])('%s is answered as it deserves', async (_name, headers, status, code) => {
  const { post } = await start();
  const outcome = await post(envelope, headers);
  expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
  expect(outcome.delivery.headers).not.toContainEqual(['x-revo-token', expect.stringContaining('tok')]);
});

test('a bearer token does as well as a header', async () => {
  const { post } = await startSource({ preset, verify: { secret: { env: 'NOW' } } }, secrets);
  expect((await post(envelope, { authorization: 'Bearer now-token' })).status).toBe(200);
  expect((await post(envelope, { authorization: 'Bearer else' })).reason?.code).toBe('token_wrong');
});

test.each<[string, string, Record<string, string>, number, string | undefined]>([
  ['broken JSON', '{"type":', {}, 422, 'unreadable_body'],
  ['JSON that says it is text', JSON.stringify(envelope), { 'content-type': 'text/plain' }, 200, undefined],
  ['text', 'hello', { 'content-type': 'text/plain' }, 422, 'not_json'],
  ['a form', 'type=USER_CREATE', { 'content-type': 'application/x-www-form-urlencoded' }, 422, 'not_json'],
  ['nothing', '', {}, 422, 'empty_body'],
  ['a mebibyte', JSON.stringify({ ...envelope, message: bigText }), {}, 200, undefined],
  ['too much', JSON.stringify([bigText, bigText]), {}, 413, 'body_too_large'],
])('%s is never a 500', async (_name, body, headers, status, code) => {
  const { post } = await start();
  const outcome = await post(body, { ...auth, ...headers });
  expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
});

test('fields that the source names are masked in the event and in what is kept of the delivery', async () => {
  const { post } = await start({ redact: ['apiKey'] });
  const { events, delivery } = await post(
    { ...envelope, type: 'ACCOUNT_API_KEY_CREATED', message: { APIKEY: 'k1' } },
    auth,
  );
  expect(events).toMatchObject([{ type: 'ACCOUNT_API_KEY_CREATE', payload: { APIKEY: '***' } }]);
  expect(delivery.body.data).toContain('"APIKEY":"***"');
  expect(delivery.body.data).not.toContain('k1');
});

test('each type of the document is itself, and so is its past tense', () => {
  const types = ['FILE_FINALIZED', 'FILE_ARCHIVED', 'FILE_DELETED'].concat(
    ['CREATE', 'UPDATE', 'ACTIVATE', 'DEACTIVATE', 'RESTORED', 'DELETED'].flatMap((verb) => [
      `USER_${verb}`,
      `SERVICE_ACCOUNT_${verb}`,
    ]),
    ['ACCOUNT_API_KEY_CREATE', 'ACCOUNT_API_KEY_UPDATE', 'ACCOUNT_API_KEY_DELETED'],
  );
  expect(types).toHaveLength(18);
  for (const type of types) {
    expect(canonicalType(type, true)).toBe(type);
    if (type.endsWith('E')) expect(canonicalType(`${type}D`, true)).toBe(type);
  }
  expect(canonicalType('STORAGE_SYNCHRONIZED', true)).toBe('STORAGE_SYNCHRONIZED');
  expect(canonicalType('INVOICE_PAID', true)).toBe('INVOICE_PAID');
});

test('naming a custom event twice gives the same name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      fc.pre(/[\p{L}\p{N}]/u.test(name));
      const type = customType(name);
      expect(type === null ? null : customType(type)).toBe(type);
      const once = canonicalType(name, true);
      expect(canonicalType(once, true)).toBe(once);
    }),
  );
  expect([customType('customer_sync'), customType('CUSTOM_CURRENCY'), customType('price list')]).toEqual([
    'CUSTOM_CUSTOMER_SYNC',
    'CUSTOM_CURRENCY',
    'CUSTOM_PRICE_LIST',
  ]);
});

describe('an envelope that puts its event off', () => {
  test('becomes an event to come, and says so with its id', async () => {
    const { post } = await start();
    const { status, text, events } = await post({ ...envelope, type: 'sync', inSeconds: 90 }, auth);
    expect(status).toBe(200);
    expect(events).toEqual([]);
    expect(text).toContain('sch_');
  });

  test.each([
    [{ inSeconds: 5, scheduleFor: '2030-01-01T00:00:00Z' }, 'either inSeconds or scheduleFor'],
    [{ inSeconds: -1 }, 'inSeconds must be at least 0'],
    [{ inSeconds: 31 * 86_400 }, '30 days'],
    [{ scheduleFor: 'tomorrow' }, 'scheduleFor must be a time'],
  ])('is refused with %j', async (delay, message) => {
    const { post } = await start();
    const { status, reason } = await post({ ...envelope, ...delay }, auth);
    expect(status).toBe(422);
    expect(reason?.message).toContain(message);
  });
});
