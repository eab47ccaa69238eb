import fc from 'fast-check';
import Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { buildRequest, prepareSource } from './build-request.ts';
import { bigText, startSource } from './start-source.ts';

const preset = 'stripe';
const secrets = { NOW: 'whsec_of_these_days', BEFORE: 'whsec_of_yesterday' };
const start = (spec = {}) =>
  startSource({ preset, verify: { secret: { env: 'NOW' }, previousSecret: { env: 'BEFORE' } }, ...spec }, secrets);

/** Never used to call anybody; its signer is the vendor's own. */
const { webhooks } = new Stripe('sk_test_none');

/** The header as Stripe's library makes it. */
const sign = (payload: string, { secret = secrets.NOW, shiftSeconds = 0 } = {}) => ({
  'stripe-signature': webhooks.generateTestHeaderString({
    payload,
    secret,
    timestamp: Math.floor(Date.now() / 1000) + shiftSeconds,
  }),
});

const event = {
  id: 'evt_1',
  object: 'event',
  type: 'payment_intent.succeeded',
  created: 1_769_846_400,
  api_version: '2025-09-30.clover',
  account: 'acct_31',
  livemode: false,
  data: { object: { id: 'pi_1', amount: 12_500, client_secret: 'pi_1_secret_unlike_any' } },
};
const body = JSON.stringify(event);

test('an event has type, id, time and context, and no secret of the payment is kept', async () => {
  const { post, store } = await start();
  const { status, events, delivery } = await post(body, sign(body));
  expect(status).toBe(200);
  expect(events).toMatchObject([
    {
      type: 'payment_intent.succeeded',
      system: 'stripe',
      externalId: 'evt_1',
      occurredAt: '2026-01-31T08:00:00.000Z',
      context: { account: 'acct_31', livemode: false, apiVersion: '2025-09-30.clover' },
      payload: { data: { object: { id: 'pi_1', amount: 12_500, client_secret: '***' } } },
      verification: { state: 'verified', scheme: 'stripe' },
    },
  ]);
  expect(delivery.body.data).not.toContain('unlike_any');
  expect(store.commitErrors).toEqual([]);
});

test('an event of the second API version is read as well', async () => {
  const { post } = await start();
  const text = JSON.stringify({
    id: 'evt_65',
    object: 'v2.core.event',
    type: 'v2.core.account.updated',
    created: '2026-01-31T08:00:00.000Z',
    context: 'acct_31',
    livemode: true,
  });
  expect((await post(text, sign(text))).events).toMatchObject([
    {
      type: 'v2.core.account.updated',
      occurredAt: '2026-01-31T08:00:00.000Z',
      context: { account: 'acct_31', livemode: true },
    },
  ]);
});

test('a repeat is a duplicate', async () => {
  const { post } = await start();
  await post(body, sign(body));
  expect((await post(body, sign(body))).delivery.result).toBe('duplicate');
});

describe('a signature', () => {
  const good = () => sign(body)['stripe-signature'];
  const header = (value: string) => ({ 'stripe-signature': value });
  test.each<[string, () => Record<string, string>, number, string | undefined]>([
    ['right', () => sign(body), 200, undefined],
    ['of the secret before', () => sign(body, { secret: secrets.BEFORE }), 200, undefined],
    ['after another', () => header(good().replace(',v1=', `,v1=${'0'.repeat(64)},v1=`)), 200, undefined],
    ['before another, with spaces', () => header(`${good().replace(',', ', ')}, v1=${'0'.repeat(64)}`), 200, undefined],
    ['of another secret', () => sign(body, { secret: 'whsec_else' }), 401, 'signature_mismatch'],
    ['with the secret without whsec_', () => sign(body, { secret: 'of_these_days' }), 401, 'signature_mismatch'],
    ['of another body', () => sign('{}'), 401, 'signature_mismatch'],
    ['missing', () => ({}), 401, 'signature_missing'],
    ['cut short', () => header(good().slice(0, -2)), 401, 'signature_mismatch'],
    ['of half a byte less', () => header(good().slice(0, -1)), 401, 'signature_malformed'],
    ['as v0 alone', () => header(good().replace('v1=', 'v0=')), 401, 'signature_malformed'],
    ['without a time', () => header(good().replace(/^t=\d+,/, '')), 401, 'signature_malformed'],
    ['with two times', () => header(good().replace(/^/, 't=1,')), 401, 'timestamp_too_old'],
    ['with a time that is none', () => header(good().replace(/^t=/, 't=x')), 401, 'timestamp_malformed'],
    ['four minutes old', () => sign(body, { shiftSeconds: -240 }), 200, undefined],
    ['old', () => sign(body, { shiftSeconds: -400 }), 401, 'timestamp_too_old'],
    ['of the future', () => sign(body, { shiftSeconds: 400 }), 401, 'timestamp_in_future'],
  ])('%s is answered as it deserves', async (_name, headers, status, code) => {
    const outcome = await (await start()).post(body, headers());
    expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
  });

  test('may be older where the source says so', async () => {
    const { post } = await start({ verify: { secret: { env: 'NOW' }, tolerance: '1h' } });
    expect((await post(body, sign(body, { shiftSeconds: -3000 }))).status).toBe(200);
  });

  test('is never right and never a fault, whatever the header holds', async () => {
    const source = prepareSource({ preset, verify: { secret: { env: 'NOW' } } }, secrets);
    const part = fc.oneof(
      fc.constantFrom('t=1700000000', 'v1=', 't=', '=', ' ', 'v1=ab', `v1=${'0'.repeat(64)}`, 'v0=1'),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part), async (parts) => {
        const headers = { 'stripe-signature': parts.join(',') };
        expect((await source.verify(buildRequest({ headers, body: Buffer.from(body) }))).ok).toBe(false);
      }),
    );
  });

  test("of a test delivery is one that Stripe's library accepts", async () => {
    const { registry } = await start();
    const nowMs = Date.now();
    const signed = registry
      .get('src')
      ?.prepared?.sign?.({ body: Buffer.from(body), contentType: 'application/json', nowMs });
    const read = webhooks.constructEvent(body, signed?.['stripe-signature'] ?? '', secrets.NOW);
    expect(read.id).toBe('evt_1');
  });
});

test.each<[string, string, Record<string, string>, number, string | undefined]>([
  ['broken JSON', '{"id":', {}, 422, 'unreadable_body'],
  ['JSON that says it is text', body, { 'content-type': 'text/plain' }, 200, undefined],
  ['text', 'hello', { 'content-type': 'text/plain' }, 422, 'not_json'],
  ['nothing', '', {}, 422, 'empty_body'],
  ['no type', '{"id":"evt_2"}', {}, 422, 'type_not_found'],
  ['a list with a bad item', JSON.stringify([event, 7]), {}, 422, 'type_not_found'],
  ['a mebibyte', JSON.stringify({ ...event, text: bigText }), {}, 200, undefined],
])('%s is never a 500', async (_name, text, change, status, code) => {
  const outcome = await (await start()).post(text, { ...sign(text), ...change });
  expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
});
