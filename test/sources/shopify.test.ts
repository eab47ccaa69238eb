import { createHmac, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bigText, startSource } from './start-source.ts';

const preset = 'shopify';
const secrets = { NOW: 'the secret of these days', BEFORE: 'the secret of yesterday' };
const start = (spec = {}) =>
  startSource({ preset, verify: { secret: { env: 'NOW' }, previousSecret: { env: 'BEFORE' } }, ...spec }, secrets);

const mac = (body: string, secret = secrets.NOW): string => createHmac('sha256', secret).update(body).digest('base64');

const headersFor = (body: string, change: Record<string, string> = {}): Record<string, string> => ({
  'x-shopify-topic': 'orders/create',
  'x-shopify-shop-domain': 'lamps.myshopify.com',
  'x-shopify-api-version': '2026-01',
  'x-shopify-webhook-id': randomUUID(),
  'x-shopify-triggered-at': '2026-01-31T08:00:00.123456789Z',
  'x-shopify-hmac-sha256': mac(body),
  ...change,
});

const order = { id: 5501, name: '#1044', total_price: '125.00' };
const body = JSON.stringify(order);

test('an event has type, id, time and context', async () => {
  const { post } = await start();
  const { status, events } = await post(body, headersFor(body, { 'x-shopify-webhook-id': 'w-1' }));
  expect(status).toBe(200);
  expect(events).toMatchObject([
    {
      type: 'orders/create',
      system: 'shopify',
      externalId: 'w-1',
      occurredAt: '2026-01-31T08:00:00.123Z',
      context: { shop: 'lamps.myshopify.com', apiVersion: '2026-01' },
      payload: order,
    },
  ]);
});

test('a retry is a duplicate; another topic of the same action is not', async () => {
  const { post } = await start();
  const headers = headersFor(body);
  await post(body, headers);
  expect((await post(body, headers)).delivery.result).toBe('duplicate');
  const { 'x-shopify-webhook-id': _, ...bare } = headersFor(body, { 'x-shopify-event-id': 'e-1' });
  expect((await post(body, bare)).delivery.result).toBe('accepted');
  expect((await post(body, bare)).delivery.result).toBe('duplicate');
  expect((await post(body, { ...bare, 'x-shopify-topic': 'orders/paid' })).delivery.result).toBe('accepted');
});

describe('a signature', () => {
  const header = (value: string) => headersFor(body, { 'x-shopify-hmac-sha256': value });
  test.each<[string, Record<string, string>, number, string | undefined]>([
    ['right', headersFor(body), 200, undefined],
    ['of the secret before', header(mac(body, secrets.BEFORE)), 200, undefined],
    ['of another secret', header(mac(body, 'else')), 401, 'signature_mismatch'],
    ['of another body', header(mac('{}')), 401, 'signature_mismatch'],
    ['missing', { 'x-shopify-topic': 'orders/create' }, 401, 'signature_missing'],
    ['cut short', header(mac(body).slice(0, 20)), 401, 'signature_mismatch'],
    ['malformed', header('not base64!'), 401, 'signature_malformed'],
  ])('%s is answered as it deserves', async (_name, headers, status, code) => {
    const outcome = await (await start()).post(body, headers);
    expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
  });
});

test.each<[string, string, Record<string, string>, number, string | undefined]>([
  ['broken JSON', '{"id":', {}, 422, 'unreadable_body'],
  ['JSON that says it is text', body, { 'content-type': 'text/plain' }, 200, undefined],
  ['text', 'hello', { 'content-type': 'text/plain' }, 422, 'not_json'],
  ['nothing', '', {}, 422, 'empty_body'],
  ['no topic', body, { 'x-shopify-topic': '' }, 422, 'type_not_found'],
  ['a mebibyte', JSON.stringify({ ...order, text: bigText }), {}, 200, undefined],
])('%s is never a 500', async (_name, text, change, status, code) => {
  const outcome = await (await start()).post(text, headersFor(text, change));
  expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
});

test('a test delivery of the sample is taken as what it is', async () => {
  const { registry, post } = await start();
  const source = registry.get('src');
  const { body: sample, contentType } = source?.preset?.info.sample ?? { contentType: '', body: '' };
  const headers = source?.prepared?.sign?.({ body: Buffer.from(sample), contentType, nowMs: Date.now() });
  expect((await post(sample, { ...headers })).events).toMatchObject([{ type: 'orders/create' }]);
});
