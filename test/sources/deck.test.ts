import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { bigText, startSource } from './start-source.ts';

const preset = 'deck';
const now = `whsec_${Buffer.from('the secret of these days').toString('base64')}`;
const before = `whsec_${Buffer.from('the secret of yesterday!').toString('base64')}`;
const verify = { secrets: [{ env: 'NOW' }, { env: 'BEFORE' }] };
const start = (spec = {}) => startSource({ preset, verify, ...spec }, { NOW: now, BEFORE: before });

/** Headers as the specification's own library makes them. */
function sign(body: string, { secret = now, shiftMs = 0, id = `msg_${randomUUID()}` } = {}): Record<string, string> {
  const at = new Date(Date.now() + shiftMs);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

const event = {
  id: 'evt_1',
  object: 'event',
  type: 'connection.interaction_required',
  data: {
    id: 'conn_1',
    object: 'connection',
    interaction: { type: 'mfa', message: 'Enter the code', fields: [{ name: 'code', type: 'text', label: 'Code' }] },
  },
  created_at: '2026-01-31T08:00:00Z',
};
const body = JSON.stringify(event);

test('an event is stored with its own id, time and resource', async () => {
  const { post } = await start();
  const { status, events } = await post(body, { ...sign(body), 'webhook-attempt': '2', 'x-mine': 'y' });
  expect(status).toBe(200);
  expect(events).toMatchObject([
    {
      type: 'connection.interaction_required',
      system: 'deck',
      externalId: 'evt_1',
      occurredAt: '2026-01-31T08:00:00.000Z',
      context: { resource: 'connection', resourceId: 'conn_1' },
      payload: event,
      verification: { state: 'verified', scheme: 'standard-webhooks' },
    },
  ]);
});

test('a repeat is told by the id of the event, under whatever id of the message', async () => {
  const { post } = await start();
  await post(body, sign(body));
  const again = await post(body, sign(body));
  expect([again.status, again.delivery.result]).toEqual([200, 'duplicate']);
});

test('a type nobody listed and a summary for data are taken', async () => {
  const { post } = await start();
  const drift = JSON.stringify({ id: 'evt_2', object: 'event', type: 'session.review_required', data: 'a summary' });
  expect((await post(drift, sign(drift))).events).toMatchObject([{ type: 'session.review_required', context: {} }]);
});

describe('a signature', () => {
  const other = `whsec_${Buffer.from('the secret of a stranger').toString('base64')}`;
  test.each<[string, () => Record<string, string>, number, string | undefined]>([
    ['right', () => sign(body), 200, undefined],
    ['of the secret before', () => sign(body, { secret: before }), 200, undefined],
    [
      'beside another',
      () => {
        const good = sign(body);
        const bad = sign(body, { secret: other, id: good['webhook-id'] })['webhook-signature'];
        return { ...good, 'webhook-signature': `${bad} ${good['webhook-signature']}` };
      },
      200,
      undefined,
    ],
    ['of another secret', () => sign(body, { secret: other }), 401, 'signature_mismatch'],
    ['of another body', () => sign('{}'), 401, 'signature_mismatch'],
    ['with another id', () => ({ ...sign(body), 'webhook-id': 'msg_else' }), 401, 'signature_mismatch'],
    ['missing', () => ({}), 401, 'signature_missing'],
    ['cut short', () => ({ ...sign(body), 'webhook-signature': 'v1,AAAA' }), 401, 'signature_mismatch'],
    ['malformed', () => ({ ...sign(body), 'webhook-signature': 'x' }), 401, 'signature_malformed'],
    ['four minutes old', () => sign(body, { shiftMs: -240_000 }), 200, undefined],
    ['old', () => sign(body, { shiftMs: -400_000 }), 401, 'timestamp_too_old'],
    ['of the future', () => sign(body, { shiftMs: 400_000 }), 401, 'timestamp_in_future'],
  ])('%s is answered as it deserves', async (_name, headers, status, code) => {
    const outcome = await (await start()).post(body, headers());
    expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
  });
});

describe('a challenge', () => {
  const challenge = JSON.stringify({ challenge: 'c-123' });
  const post = async (spec: object, text: string, headers: Record<string, string>) =>
    (await start(spec)).send('', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: text,
    });

  test('that is signed comes back', async () => {
    const res = await post({}, challenge, sign(challenge));
    expect([res.status, await res.json()]).toEqual([200, { challenge: 'c-123' }]);
  });

  test('comes back as text, and from elsewhere in the body, where the source says so', async () => {
    const text = JSON.stringify({ data: { token: 'c-4' } });
    const event = { challenge: '$.data.token', challengeAnswer: 'text' };
    const res = await post({ event }, text, sign(text));
    expect([res.status, await res.text()]).toEqual([200, 'c-4']);
  });

  test('without a right signature is refused, and the reason is kept', async () => {
    const { post } = await start();
    expect((await post(challenge)).reason?.code).toBe('signature_missing');
    expect((await post(challenge, sign('{}'))).reason?.code).toBe('signature_mismatch');
  });

  test('to a source whose secret cannot be read waits for it', async () => {
    const { post } = await start({ verify: { secret: { env: 'GONE' } } });
    const outcome = await post(challenge, sign(challenge));
    expect([outcome.status, outcome.reason?.code]).toEqual([503, 'source_misconfigured']);
  });

  test('inside an event is only a field of it', async () => {
    const { post } = await start();
    const text = JSON.stringify({ ...event, challenge: 'x' });
    expect((await post(text, sign(text))).events).toMatchObject([{ externalId: 'evt_1' }]);
  });
});

test('a signed request without anything in it, as to try out a destination, is answered with 200', async () => {
  const { post } = await start();
  expect((await post('', sign('', { id: 'msg_9' }))).events).toMatchObject([
    { type: 'src.received', externalId: 'msg_9' },
  ]);
  expect((await post('{}', sign('{}'))).status).toBe(200);
});

test.each<[string, string, Record<string, string>, number, string | undefined]>([
  ['broken JSON', '{"id":', {}, 422, 'unreadable_body'],
  ['JSON that says it is text', body, { 'content-type': 'text/plain' }, 200, undefined],
  ['text', 'hello', { 'content-type': 'text/plain' }, 422, 'not_json'],
  ['a list with a bad item', JSON.stringify([event, 7]), {}, 422, 'not_an_event'],
  ['a mebibyte', JSON.stringify({ ...event, data: bigText }), {}, 200, undefined],
])('%s is never a 500', async (_name, text, headers, status, code) => {
  const outcome = await (await start()).post(text, { ...sign(text), ...headers });
  expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
});

test('a source without verification is possible when it is said', async () => {
  const { post } = await start({ verify: { scheme: 'none' } });
  expect((await post(body)).events).toMatchObject([{ verification: { state: 'none' } }]);
});
