import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { Accepted } from '../../electron/intake/intake-types.ts';
import { eventually } from '../support/eventually.ts';
import { postJson, startReceiver } from './start-receiver.ts';

const hmacSource = {
  slug: 'crm',
  preset: 'generic',
  event: { type: '$.event', id: '$.id', occurredAt: '$.created_at', context: '$.ctx' },
  verify: { scheme: 'hmac', header: 'x-signature', prefix: 'sha256=', secret: { env: 'CRM_SECRET' } },
};
const sign = (body: string, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

const errorOf = async (res: Response): Promise<{ code: string; message: string }> => {
  expect(res.headers.get('content-type')).toBe('application/json; charset=utf-8');
  return z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) }).parse(await res.json())
    .error;
};

describe('an accepted delivery', () => {
  test('is answered with 202, its event ids and the name of the delivery', async () => {
    const { url, accepted, refused, answered } = await startReceiver({
      sources: [hmacSource],
      secrets: { CRM_SECRET: 'k' },
    });
    const body = JSON.stringify({
      event: 'file:created',
      id: 7,
      created_at: '2026-01-31T08:00:00Z',
      ctx: { space: 'a' },
    });
    const res = await postJson(`${url}/in/crm`, body, { 'x-signature': sign(body, 'k') });
    expect(res.status).toBe(202);
    expect(await res.text()).toBe('{"accepted":true,"events":["evt_1_0"],"duplicate":false}');
    expect(res.headers.get('signalbox-delivery')).toBe('dlv_1');
    expect(refused).toEqual([]);
    expect(answered).toEqual([{ source: 'crm', status: 202 }]);
    expect(accepted[0]).toMatchObject({
      system: 'generic',
      status: 202,
      verification: { state: 'verified', scheme: 'hmac', detail: 'sha256, x-signature' },
      delivery: { source: 'crm', method: 'POST', url: '/in/crm', remoteAddress: '127.0.0.1' },
      events: [
        {
          type: 'file:created',
          externalId: '7',
          occurredAtMs: Date.parse('2026-01-31T08:00:00Z'),
          context: { space: 'a' },
          payload: JSON.parse(body),
        },
      ],
    });
    expect(accepted[0]?.delivery.body.toString()).toBe(body);
    expect(accepted[0]?.delivery.headers).toContainEqual(['x-signature', sign(body, 'k')]);
  });

  test('is answered only after the intake has it', async () => {
    let finish: (accepted: Accepted) => void = () => {};
    const accept = vi.fn(() => new Promise<Accepted>((resolve) => (finish = resolve)));
    const { url } = await startReceiver({ accept });
    let isAnswered = false;
    const answer = postJson(`${url}/in/crm`, {}).then((res) => {
      isAnswered = true;
      return res.json();
    });
    await eventually(() => expect(accept).toHaveBeenCalled());
    // Another whole exchange passes on the same server without this one being answered.
    await fetch(`${url}/healthz`);
    expect(isAnswered).toBe(false);
    finish({ deliveryId: 'dlv_9', eventIds: ['evt_9'], duplicate: true, ignored: false, asks: null });
    expect(await answer).toEqual({ accepted: true, events: ['evt_9'], duplicate: true });
  });

  test.each([200, 201, 204])('is answered with the status %i that its source wants', async (answerStatus) => {
    const { url, accepted } = await startReceiver({ sources: [{ slug: 'crm', preset: 'generic', answerStatus }] });
    const res = await postJson(`${url}/in/crm`, {});
    expect(res.status).toBe(answerStatus);
    expect((await res.text()).length > 0).toBe(answerStatus !== 204);
    expect(accepted[0]?.status).toBe(answerStatus);
  });

  test('may have anything behind the slug, and keeps it', async () => {
    const { url, accepted } = await startReceiver();
    expect((await postJson(`${url}/in/crm/a%2Fb/listen.php?x=%zz`, {})).status).toBe(202);
    expect(accepted[0]?.delivery.url).toBe('/in/crm/a%2Fb/listen.php?x=%zz');
  });

  test.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ] as const)('is read and verified inflated from %s', async (coding, compress) => {
    const { url, accepted } = await startReceiver({ sources: [hmacSource], secrets: { CRM_SECRET: 'k' } });
    const body = '{"event":"a"}';
    const res = await fetch(`${url}/in/crm`, {
      method: 'POST',
      headers: { 'content-encoding': coding, 'x-signature': sign(body, 'k') },
      body: new Uint8Array(compress(body)),
    });
    expect(res.status).toBe(202);
    expect(accepted[0]?.delivery.body.toString()).toBe(body);
  });

  test('may be a GET where the source says so', async () => {
    const { url, accepted } = await startReceiver({
      sources: [{ slug: 'queue', preset: 'generic', methods: ['GET', 'POST'], event: { query: true } }],
    });
    expect((await fetch(`${url}/in/queue?type=ping&token=abc&n=1&n=2`)).status).toBe(202);
    expect(accepted[0]?.events[0]).toMatchObject({ type: 'ping', payload: { type: 'ping', n: ['1', '2'] } });
    expect(accepted[0]?.delivery.url).toBe('/in/queue?type=ping&token=***&n=1&n=2');
  });

  test('waits for 100-continue where the sender does', async () => {
    const { port, accepted } = await startReceiver();
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const req = request(
        { port, path: '/in/crm', method: 'POST', headers: { expect: '100-continue', 'content-length': 2 } },
        (res) => {
          res.resume();
          resolve(res.statusCode);
        },
      );
      req.on('continue', () => req.end('{}'));
      req.on('error', reject);
      req.flushHeaders();
    });
    expect(status).toBe(202);
    expect(accepted[0]?.delivery.body.toString()).toBe('{}');
  });
});

describe('a refused delivery', () => {
  test('to no source is 404 and is kept without one', async () => {
    const { url, refused } = await startReceiver({
      sources: [{ slug: 'off', preset: 'generic', enabled: false }],
    });
    const unknown = await postJson(`${url}/in/nobody`, {});
    expect(unknown.status).toBe(404);
    expect((await errorOf(unknown)).code).toBe('source_not_found');
    const disabled = await postJson(`${url}/in/off`, {});
    expect(await errorOf(disabled)).toEqual({
      code: 'source_not_found',
      message: 'there is no source at this address',
    });
    expect(refused.map(({ delivery, message }) => [delivery.source, message])).toEqual([
      [null, 'no source has this address'],
      ['off', 'the source is disabled'],
    ]);
    expect(disabled.headers.get('signalbox-delivery')).toBe('dlv_refused_2');
  });

  test('that cannot be verified is 401, tells the operator why and the sender nothing', async () => {
    const { url, refused, accepted } = await startReceiver({
      sources: [hmacSource],
      secrets: { CRM_SECRET: 'top-secret' },
    });
    const body = '{"event":"a"}';
    const missing = await postJson(`${url}/in/crm`, body);
    const wrong = await postJson(`${url}/in/crm`, body, { 'x-signature': sign(body, 'other') });
    for (const res of [missing, wrong]) {
      expect(res.status).toBe(401);
      expect(res.headers.get('www-authenticate')).toBe('HMAC');
      expect(await errorOf(res)).toEqual({
        code: 'verification_failed',
        message: 'this delivery could not be verified',
      });
    }
    expect(accepted).toEqual([]);
    expect(refused.map(({ code }) => code)).toEqual(['signature_missing', 'signature_mismatch']);
    expect(refused[0]?.message).toContain('the header x-signature is missing');
    expect(refused[1]?.delivery.body.toString()).toBe(body);
    const kept = JSON.stringify(refused);
    expect(kept).not.toContain('top-secret');
    expect(kept).not.toContain(sign(body, 'top-secret'));
  });

  test('of a source whose secret cannot be read is 503, until it can', async () => {
    const secrets: Record<string, string> = {};
    const { url, refused, accepted } = await startReceiver({ sources: [hmacSource], secrets });
    const body = '{"event":"a"}';
    const res = await postJson(`${url}/in/crm`, body, { 'x-signature': sign(body, '') });
    expect(res.status).toBe(503);
    expect(res.headers.get('retry-after')).toBe('30');
    expect((await errorOf(res)).code).toBe('source_misconfigured');
    expect(refused[0]?.message).toContain('CRM_SECRET is not set');
    secrets.CRM_SECRET = '';
    expect((await postJson(`${url}/in/crm`, body, { 'x-signature': sign(body, '') })).status).toBe(503);
    secrets.CRM_SECRET = 'k';
    expect((await postJson(`${url}/in/crm`, body, { 'x-signature': sign(body, 'k') })).status).toBe(202);
    expect(accepted).toHaveLength(1);
  });

  test('of a source with settings that do not check is 503', async () => {
    const { url, refused } = await startReceiver({
      sources: [{ slug: 'crm', preset: 'generic', event: { type: '$[' } }],
    });
    expect((await postJson(`${url}/in/crm`, {})).status).toBe(503);
    expect(refused[0]?.message).toContain('event.type is not a JSONPath');
  });

  test('by another method is 405 with Allow', async () => {
    const { url } = await startReceiver({ sources: [{ slug: 'crm', preset: 'generic', methods: ['POST', 'PUT'] }] });
    const res = await fetch(`${url}/in/crm`, { method: 'PATCH' });
    expect(res.status).toBe(405);
    expect(res.headers.get('allow')).toBe('POST, PUT');
    expect((await errorOf(res)).code).toBe('method_not_allowed');
    expect((await fetch(`${url}/in/crm`, { method: 'OPTIONS' })).status).toBe(405);
  });

  test('with a body that is too large is 413, whether it says so or not', async () => {
    const { url, refused, accepted } = await startReceiver({
      sources: [{ slug: 'crm', preset: 'generic', maxBodyBytes: 100 }],
    });
    const declared = await postJson(`${url}/in/crm`, JSON.stringify('x'.repeat(99)));
    expect(declared.status).toBe(413);
    expect((await errorOf(declared)).code).toBe('body_too_large');
    const chunked = await fetch(`${url}/in/crm`, {
      method: 'POST',
      body: new Blob(['x'.repeat(200_000)]).stream(),
      duplex: 'half',
    });
    expect(chunked.status).toBe(413);
    expect((await postJson(`${url}/in/crm`, JSON.stringify('x'.repeat(98)))).status).toBe(202);
    expect([refused.length, accepted.length]).toEqual([2, 1]);
  });

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const)(
    'that inflates beyond the limit from %s is 413 and holds no memory afterwards',
    async (coding, compress) => {
      const bomb = new Uint8Array(compress(Buffer.alloc(50 * 1024 * 1024)));
      const { url } = await startReceiver({ limits: { maxBytesInFlight: 2 * 1024 * 1024 } });
      const post = (): Promise<Response> =>
        fetch(`${url}/in/crm`, { method: 'POST', headers: { 'content-encoding': coding }, body: bomb });
      for (let i = 0; i < 5; i++) expect((await post()).status).toBe(413);
    },
  );

  test('that its source cannot read is 422 and says where', async () => {
    const { url, refused } = await startReceiver({
      sources: [{ slug: 'crm', preset: 'generic', event: { type: '$.event' } }],
    });
    const noType = await postJson(`${url}/in/crm`, { kind: 'a' });
    expect(noType.status).toBe(422);
    expect((await errorOf(noType)).message).toBe('the JSONPath $.event finds no event type in this delivery');
    const broken = await postJson(`${url}/in/crm`, '{"event":');
    expect(broken.status).toBe(422);
    expect((await errorOf(broken)).message).toContain('not valid JSON');
    expect(refused.map(({ delivery }) => delivery.body.toString())).toEqual(['{"kind":"a"}', '{"event":']);
  });

  test('with JSON that is nested 20,000 deep is 422', async () => {
    const { url } = await startReceiver();
    const res = await postJson(`${url}/in/crm`, '['.repeat(20_000) + ']'.repeat(20_000));
    expect(res.status).toBe(422);
    expect((await errorOf(res)).message).toContain('nested more than 64');
  });

  test('beyond the rate of its source is 429, other sources go on', async () => {
    const { url, refused } = await startReceiver({
      sources: [
        { slug: 'slow', preset: 'generic', rateLimit: { perSecond: 0.1, burst: 2 } },
        { slug: 'free', preset: 'generic', rateLimit: 'off' },
      ],
    });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await postJson(`${url}/in/slow`, {})).status);
    expect(statuses).toEqual([202, 202, 429]);
    const res = await postJson(`${url}/in/slow`, {});
    expect(Number(res.headers.get('retry-after'))).toBeGreaterThanOrEqual(9);
    expect(refused[0]?.code).toBe('rate_limited');
    for (let i = 0; i < 5; i++) expect((await postJson(`${url}/in/free`, {})).status).toBe(202);
  });

  test.each([
    { waiting: 10_000, bytes: 0 },
    { waiting: 1, bytes: 256 * 1024 * 1024 },
  ])('while %o waits for the disk is 503', async (pressure) => {
    const { url, accepted } = await startReceiver({ pressure: () => pressure });
    const res = await postJson(`${url}/in/crm`, {});
    expect(res.status).toBe(503);
    expect(res.headers.get('retry-after')).toBe('2');
    expect((await errorOf(res)).code).toBe('overloaded');
    expect(accepted).toEqual([]);
  });

  test('that could not be stored is 503 and says nothing of the disk to the sender', async () => {
    const { url, refused } = await startReceiver({
      accept: () => Promise.reject(new Error('disk I/O error at /data')),
    });
    const res = await postJson(`${url}/in/crm`, {});
    expect(res.status).toBe(503);
    expect(res.headers.get('retry-after')).toBe('5');
    const error = await errorOf(res);
    expect(error.code).toBe('storage_unavailable');
    expect(error.message).not.toContain('/data');
    expect(refused[0]?.message).toContain('disk I/O error');
  });

  test('sent by a page in a browser is 403 where anyone may post, and not where a secret is asked for', async () => {
    const { url } = await startReceiver({
      sources: [
        { slug: 'crm', preset: 'generic' },
        { ...hmacSource, slug: 'signed' },
      ],
      secrets: { CRM_SECRET: 'k' },
    });
    const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/141.0', origin: 'https://evil.example' };
    expect((await postJson(`${url}/in/crm`, {}, browser)).status).toBe(403);
    expect((await postJson(`${url}/in/crm`, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await postJson(`${url}/in/crm`, {}, { 'sec-fetch-site': 'none' })).status).toBe(202);
    expect(
      (await postJson(`${url}/in/crm`, {}, { origin: 'https://app.example', 'user-agent': 'okhttp/4.12' })).status,
    ).toBe(202);
    const body = '{"event":"a"}';
    const signed = { 'x-signature': sign(body, 'k'), origin: 'https://app.example' };
    expect((await postJson(`${url}/in/signed`, body, signed)).status).toBe(202);
  });

  test('finds no room while other bodies fill the memory set aside, and finds it after', async () => {
    const { port, url } = await startReceiver({ limits: { maxBytesInFlight: 1000 } });
    const slow = request({ port, path: '/in/crm', method: 'POST', headers: { 'content-length': 900 } });
    const slowStatus = new Promise((resolve) =>
      slow.on('response', (res) => {
        res.resume();
        resolve(res.statusCode);
      }),
    );
    slow.write('x'.repeat(800));
    await eventually(async () => {
      const res = await postJson(`${url}/in/crm`, JSON.stringify('y'.repeat(500)));
      expect([res.status, (await errorOf(res)).code]).toEqual([503, 'overloaded']);
    });
    slow.end('x'.repeat(100));
    expect(await slowStatus).toBe(202);
    expect((await postJson(`${url}/in/crm`, JSON.stringify('y'.repeat(500)))).status).toBe(202);
  });
});

describe('what is stored', () => {
  test('has secrets that were sent in clear masked', async () => {
    const { url, accepted, refused } = await startReceiver({
      sources: [
        { slug: 'basic', preset: 'generic', verify: { scheme: 'basic', username: 'u', secret: { env: 'S' } } },
        { slug: 'token', preset: 'generic', verify: { scheme: 'token', header: 'x-pass', secret: { env: 'S' } } },
        { slug: 'query', preset: 'generic', verify: { scheme: 'token', query: 'who', secret: { env: 'S' } } },
      ],
      secrets: { S: 'hush-hush' },
    });
    const basic = `Basic ${Buffer.from('u:hush-hush').toString('base64')}`;
    const headers = { cookie: 'sid=hush-hush', 'x-gitlab-token': 'hush-hush' };
    expect((await postJson(`${url}/in/basic`, {}, { authorization: basic, ...headers })).status).toBe(202);
    expect((await postJson(`${url}/in/token`, {}, { 'x-pass': 'hush-hush' })).status).toBe(202);
    expect((await postJson(`${url}/in/query?a=1&who=hush-hush&api_key=hush-hush`, {})).status).toBe(202);
    expect((await postJson(`${url}/in/basic`, {}, { authorization: 'Bearer hush-hush' })).status).toBe(401);
    expect((await postJson(`${url}/in/nobody?access_token=hush-hush`, {})).status).toBe(404);
    const kept = JSON.stringify([accepted, refused]);
    expect(kept).not.toContain('hush-hush');
    expect(kept).not.toContain(basic);
    expect(accepted[0]?.delivery.headers).toContainEqual(['authorization', 'Basic ***']);
    expect(accepted[2]?.delivery.url).toBe('/in/query?a=1&who=***&api_key=***');
  });

  test('keeps a signature that stands in Authorization', async () => {
    const { url, accepted } = await startReceiver({
      sources: [
        {
          slug: 'teams',
          preset: 'generic',
          verify: {
            scheme: 'hmac',
            header: 'Authorization',
            prefix: 'HMAC ',
            encoding: 'base64',
            secret: { env: 'S' },
          },
        },
      ],
      secrets: { S: 'k' },
    });
    const authorization = `HMAC ${createHmac('sha256', 'k').update('{}').digest('base64')}`;
    expect((await postJson(`${url}/in/teams`, '{}', { authorization })).status).toBe(202);
    expect(accepted[0]?.delivery.headers).toContainEqual(['authorization', authorization]);
  });

  test('has the address of the client that a trusted proxy names, and of no other', async () => {
    const settings = { trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'], publicUrl: '' };
    let current = { trustedProxies: [] as string[], publicUrl: '' };
    const { url, accepted } = await startReceiver({ settings: () => current });
    const headers = { 'x-forwarded-for': '6.6.6.6, 203.0.113.7, 10.1.2.3' };
    await postJson(`${url}/in/crm`, {}, headers);
    current = settings;
    await postJson(`${url}/in/crm`, {}, headers);
    expect(accepted.map(({ delivery }) => delivery.remoteAddress)).toEqual(['127.0.0.1', '203.0.113.7']);
  });
});

describe('the door', () => {
  test('says whether it lives and whether it is ready, and nothing else', async () => {
    let isReady = true;
    const { url } = await startReceiver({ isReady: () => isReady });
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    isReady = false;
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const delivery = await postJson(`${url}/in/crm`, {});
    expect([delivery.status, (await errorOf(delivery)).code]).toEqual([503, 'not_ready']);
    for (const path of ['/', '/in', '/in/', '/metrics', '/api/sources.list', '/%zz', '/IN/crm']) {
      const res = await fetch(url + path);
      expect([path, res.status, (await errorOf(res)).code]).toEqual([path, 404, 'not_found']);
      expect(res.headers.get('x-powered-by')).toBeNull();
    }
  });

  test('closes after the deliveries under way, and refuses new ones at once', async () => {
    let finish: (accepted: Accepted) => void = () => {};
    const accept = vi.fn(() => new Promise<Accepted>((resolve) => (finish = resolve)));
    const { url, receiver } = await startReceiver({ accept });
    const answer = postJson(`${url}/in/crm`, {});
    await eventually(() => expect(accept).toHaveBeenCalled());
    const closed = receiver.close(10_000);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    finish({ deliveryId: 'dlv_1', eventIds: ['evt_1'], duplicate: false, ignored: false, asks: null });
    const res = await answer;
    expect([res.status, res.headers.get('connection')]).toEqual([202, 'close']);
    await closed;
  });

  test('cuts off what does not finish in time', async () => {
    const accept = vi.fn(() => new Promise<Accepted>(() => {}));
    const { url, receiver } = await startReceiver({ accept });
    const answer = postJson(`${url}/in/crm`, {}).catch(() => 'cut off');
    await eventually(() => expect(accept).toHaveBeenCalled());
    await receiver.close(50);
    expect(await answer).toBe('cut off');
  });

  test('prints an IPv6 address it listens on, or cannot, in brackets', async () => {
    const [one, other] = [await startReceiver(), await startReceiver()];
    await Promise.all([one.receiver.close(0), other.receiver.close(0)]);
    const opened = await one.receiver.listen('::1', 0);
    expect(opened.url).toBe(`http://[::1]:${opened.port}`);
    expect((await fetch(`${opened.url}/healthz`)).status).toBe(200);
    await expect(other.receiver.listen('::1', opened.port)).rejects.toThrow(
      `The receiver cannot listen on [::1]:${opened.port}: another program uses it.`,
    );
    await one.receiver.close(0);
  });

  test('says which address it cannot have', async () => {
    const { port, receiver } = await startReceiver();
    const other = await startReceiver();
    await expect(other.receiver.close(0).then(() => other.receiver.listen('127.0.0.1', port))).rejects.toThrow(
      `The receiver cannot listen on 127.0.0.1:${port}: another program uses it.`,
    );
    await receiver.close(0);
  });
});
