import { expect, test } from 'vitest';
import { buildRequest, prepareSource } from './build-request.ts';

const spec = { preset: 'standard-webhooks', verify: { secret: { env: 'K' } } };
const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': '1700000000' };

test('takes the id from the header and type and time from the body', () => {
  const value = { type: 'contact.created', timestamp: '2026-01-31T08:00:00.000Z', data: { id: 1 } };
  expect(
    prepareSource(spec).read(buildRequest({ headers }), { kind: 'json', value, text: JSON.stringify(value) }),
  ).toEqual({
    ok: true,
    events: [
      {
        type: 'contact.created',
        externalId: 'msg_1',
        occurredAtMs: Date.parse('2026-01-31T08:00:00Z'),
        context: {},
        payload: value,
      },
    ],
  });
});

test('takes the time from the header where the body has none, and a name of its own for a type', () => {
  const svix = { 'svix-id': 'msg_2', 'svix-timestamp': '1700000000' };
  const read = prepareSource(spec).read(buildRequest({ headers: svix }), { kind: 'json', value: [1], text: '[1]' });
  expect(read).toMatchObject({
    events: [{ type: 'crm.received', externalId: 'msg_2', occurredAtMs: 1_700_000_000_000, payload: [1] }],
  });
});

test('asks for a signature unless it is told not to', () => {
  expect(() => prepareSource({ preset: 'standard-webhooks' })).toThrow('verify.secret is missing');
  const open = prepareSource({ preset: 'standard-webhooks', verify: { scheme: 'none' } });
  expect(open.verify(buildRequest())).toMatchObject({ ok: true, verification: { state: 'none' } });
});
