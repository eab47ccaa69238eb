import { expect, test } from 'vitest';
import { z } from 'zod';
import type { DirectAnswer, Preset } from '../../electron/sources/source-types.ts';
import { postJson, startReceiver } from './start-receiver.ts';

/** A sender with every habit that presets must be able to serve without a change to the receiver. */
const demanding: Preset = {
  info: {
    id: 'demanding',
    label: 'Demanding',
    system: 'demanding',
    description: 'Greets, challenges, sends batches, and puts its secret into path and body.',
    fields: [],
    defaults: { methods: ['POST'], answerStatus: 200, rateLimit: 'off', event: {}, verify: {} },
    sample: { contentType: 'application/json', body: '[]' },
  },
  eventSchema: z.strictObject({}),
  verifySchema: z.strictObject({}),
  prepare: () => ({
    isOpen: false,
    codesWithoutBody: [],
    challenge: 'Bearer',
    handshake(request, body): DirectAnswer | null {
      if (request.method === 'OPTIONS') {
        return { status: 200, headers: { 'webhook-allowed-origin': '*', allow: 'POST' }, body: '' };
      }
      const challenge = request.query.get('challenge');
      if (request.method === 'GET' && challenge !== null) return { status: 200, body: challenge };
      if (body.kind === 'json' && typeof body.value === 'object' && body.value !== null && 'challenge' in body.value) {
        return {
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ challenge: body.value.challenge }),
        };
      }
      return null;
    },
    verify: (request) =>
      Promise.resolve(
        request.subpath === '/s3cret'
          ? { ok: true, verification: { state: 'verified', scheme: 'path', detail: null } }
          : { ok: false, code: 'path_wrong', message: 'the path does not hold the secret' },
      ),
    read(_request, body) {
      if (body.kind !== 'json' || !Array.isArray(body.value))
        return { ok: false, code: 'no_batch', message: 'no batch' };
      const events = body.value.map((payload, i) => ({
        type: 'item',
        externalId: String(i),
        occurredAtMs: null,
        context: {},
        payload,
      }));
      return { ok: true, events };
    },
    redact(delivery) {
      delivery.url = delivery.url.replace('s3cret', '***');
      delivery.body = Buffer.from(delivery.body.toString().replaceAll('s3cret', '***'));
    },
  }),
};

const start = () =>
  startReceiver({
    presets: new Map([['demanding', demanding]]),
    sources: [{ slug: 'd', preset: 'demanding' }],
  });

test('a challenge is answered in the words of its sender, and is no delivery', async () => {
  const { url, accepted, refused } = await start();
  const post = await postJson(`${url}/in/d`, { challenge: 'abc' });
  expect([post.status, post.headers.get('content-type'), await post.json()]).toEqual([
    200,
    'application/json',
    { challenge: 'abc' },
  ]);
  const get = await fetch(`${url}/in/d?challenge=xyz`);
  expect([get.status, await get.text()]).toEqual([200, 'xyz']);
  const options = await fetch(`${url}/in/d`, { method: 'OPTIONS' });
  expect([options.status, options.headers.get('webhook-allowed-origin'), options.headers.get('allow')]).toEqual([
    200,
    '*',
    'POST',
  ]);
  expect([accepted, refused]).toEqual([[], []]);
  const other = await fetch(`${url}/in/d`, { method: 'PUT' });
  expect([other.status, other.headers.get('allow')]).toEqual([405, 'POST']);
});

test('a batch is one delivery with many events, and an empty one with none', async () => {
  const { url, accepted } = await start();
  const res = await postJson(`${url}/in/d/s3cret`, [{ a: 1 }, 's3cret']);
  expect([res.status, await res.json()]).toEqual([
    200,
    { accepted: true, events: ['evt_1_0', 'evt_1_1'], duplicate: false },
  ]);
  expect(accepted[0]?.events.map(({ payload }) => payload)).toEqual([{ a: 1 }, 's3cret']);
  expect(await (await postJson(`${url}/in/d/s3cret`, [])).json()).toEqual({
    accepted: true,
    events: [],
    duplicate: false,
  });
});

test('a preset has the last word on what is stored, of refused deliveries too', async () => {
  const { url, accepted, refused } = await start();
  await postJson(`${url}/in/d/s3cret`, ['s3cret']);
  expect((await postJson(`${url}/in/d/s3cret`, { no: 's3cret' })).status).toBe(422);
  expect([accepted[0]?.delivery.url, accepted[0]?.delivery.body.toString()]).toEqual(['/in/d/***', '["***"]']);
  expect([refused[0]?.delivery.url, refused[0]?.delivery.body.toString()]).toEqual(['/in/d/***', '{"no":"***"}']);
  expect((await postJson(`${url}/in/d`, ['x'])).headers.get('www-authenticate')).toBe('Bearer');
});

test('an event that a preset nests too deep is refused', async () => {
  const { url } = await startReceiver({
    presets: new Map([
      [
        'demanding',
        {
          ...demanding,
          prepare: () => ({
            isOpen: true,
            codesWithoutBody: [],
            verify: () => ({ ok: true, verification: { state: 'none', scheme: null, detail: null } }),
            read: (_request, body) =>
              body.kind === 'json'
                ? {
                    ok: true,
                    events: [{ type: 't', externalId: null, occurredAtMs: null, context: {}, payload: [body.value] }],
                  }
                : { ok: false, code: 'x', message: 'x' },
          }),
        },
      ],
    ]),
    sources: [{ slug: 'd', preset: 'demanding' }],
  });
  expect((await postJson(`${url}/in/d`, '['.repeat(63) + ']'.repeat(63))).status).toBe(200);
  const res = await postJson(`${url}/in/d`, '['.repeat(64) + ']'.repeat(64));
  expect([res.status, await res.json()]).toMatchObject([422, { error: { code: 'too_deep' } }]);
});
