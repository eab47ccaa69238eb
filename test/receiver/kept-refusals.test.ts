import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { postJson, sendRaw, startReceiver, statusOf } from './start-receiver.ts';

const start = (text: string): string => text.slice(0, 64 * 1024);
const long = JSON.stringify('x'.repeat(300_000));

describe('the start of the body is kept of a delivery that is refused', () => {
  test.each([
    ['before it was read, by its method', { methods: ['PUT'] as ['PUT'] }, {}, 405],
    ['since the source is disabled', { enabled: false }, {}, 404],
    ['since the source is misconfigured', { event: { type: '$[' } }, {}, 503],
    ['since it says that it is too large', { maxBodyBytes: 1000 }, {}, 413],
    ['since a page sent it', {}, { 'sec-fetch-site': 'cross-site' }, 403],
    ['by the rate limit', { rateLimit: { perSecond: 0.1, burst: 0.5 } }, {}, 429],
  ])('%s', async (_why, spec, headers, status) => {
    const { url, refused } = await startReceiver({ sources: [{ slug: 'crm', preset: 'generic', ...spec }] });
    expect((await postJson(`${url}/in/crm`, long, headers)).status).toBe(status);
    expect(refused[0]?.delivery.body.toString()).toBe(start(long));
    expect(refused[0]?.bodyBytes).toBe(long.length);
  });

  test('since it turned out too large, without having said so', async () => {
    const { url, refused } = await startReceiver({
      sources: [{ slug: 'crm', preset: 'generic', maxBodyBytes: 70_000 }],
    });
    const res = await fetch(`${url}/in/crm`, { method: 'POST', body: new Blob([long]).stream(), duplex: 'half' });
    expect(res.status).toBe(413);
    expect(refused[0]?.delivery.body.toString()).toBe(start(long));
    expect(refused[0]?.bodyBytes).toBeGreaterThan(70_000);
  });

  test('inflated, so that what must not be stored can be masked in it', async () => {
    const token = 'eyJhbGciOiJIUzI1NiJ9.aaaa.bbbb';
    const text = JSON.stringify({ _accessToken: token, filler: long });
    const { url, refused } = await startReceiver({ sources: [{ slug: 'ff', preset: 'flatfile', methods: ['PUT'] }] });
    const res = await fetch(`${url}/in/ff`, {
      method: 'POST',
      headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
      body: new Uint8Array(gzipSync(text)),
    });
    expect(res.status).toBe(405);
    const kept = refused[0]?.delivery.body.toString() ?? '';
    expect(kept).toContain('{"_accessToken":"***","filler":');
    expect(kept).not.toContain(token);
  });

  test('as far as it came, when the rest takes long', async () => {
    const { port, refused } = await startReceiver({
      sources: [{ slug: 'crm', preset: 'generic', enabled: false }],
      limits: { keptBodyWaitMs: 100 },
    });
    const answer = await sendRaw(
      port,
      'POST /in/crm HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n{"a":',
    );
    expect(statusOf(answer)).toBe(404);
    expect(refused[0]?.delivery.body.toString()).toBe('{"a":');
    expect(refused[0]?.bodyBytes).toBe(1000);
  });

  test('but is not asked for where the sender waits to be told to go on', async () => {
    const { port, refused } = await startReceiver({ sources: [{ slug: 'crm', preset: 'generic', maxBodyBytes: 10 }] });
    const answer = await sendRaw(
      port,
      'POST /in/crm HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n',
    );
    expect(answer).not.toContain('100 Continue');
    expect([statusOf(answer), refused[0]?.code]).toEqual([413, 'body_too_large']);
  });
});

describe('a request without a length', () => {
  const head = (more = ''): string =>
    `POST /in/crm HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${more}\r\n`;

  test.each(['POST', 'PUT', 'PATCH'])('by %s and without a body is an empty delivery', async (method) => {
    const { port, accepted } = await startReceiver({
      sources: [{ slug: 'crm', preset: 'generic', methods: ['POST', 'PUT', 'PATCH'] }],
    });
    const answer = await sendRaw(port, head('Connection: close\r\n').replace('POST', method));
    expect(statusOf(answer)).toBe(202);
    expect(accepted[0]?.delivery.body.length).toBe(0);
  });

  test.each([
    ['in the same packet', [`${head()}{"a":1}`]],
    ['in a packet of their own', [head(), '{"a":1}']],
  ])('is 411 when bytes follow %s, and they are kept', async (_how, pieces) => {
    const { port, accepted, refused } = await startReceiver({ limits: { strayBytesWaitMs: 20_000 } });
    const answer = await sendRaw(port, ...pieces);
    expect(statusOf(answer)).toBe(411);
    expect(accepted).toEqual([]);
    expect(refused[0]).toMatchObject({ code: 'length_required' });
    expect(refused[0]?.delivery.body.toString()).toBe('{"a":1}');
  });

  test('may be followed by the next request', async () => {
    const { port, accepted } = await startReceiver({ limits: { strayBytesWaitMs: 20 } });
    const answer = await sendRaw(port, `${head() + head('Content-Length: 2\r\nConnection: close\r\n')}{}`);
    expect(answer.match(/HTTP\/1\.1 202/g)).toHaveLength(2);
    expect(accepted.map(({ delivery }) => delivery.body.toString()).sort()).toEqual(['', '{}']);
  });
});

describe('a request that is no HTTP is kept with the reason where it names a source', () => {
  const rest = 'Host: localhost\r\nX-Id: 7\r\nContent-Length: 2\r\n\r\n{}';
  test.each([
    [
      'raw UTF-8 in its query',
      'GET /in/crm?name=Müller HTTP/1.1\r\n',
      rest,
      'bad_target',
      'percent-encoded (ü as %C3%BC)',
    ],
    [
      'a control character in its query',
      'GET /in/crm?name=M\u0001 HTTP/1.1\r\n',
      rest,
      'bad_target',
      'holds a control character: write it as %01',
    ],
    [
      'raw Latin-1 in its query',
      Buffer.from('GET /in/crm?name=M\xfcller HTTP/1.1\r\n', 'latin1'),
      rest,
      'bad_target',
      '% and two',
    ],
    ['a space in its query', 'GET /in/crm?name=a b HTTP/1.1\r\n', rest, 'bad_target', '%20'],
    ['a header with a space in its name', 'GET /in/crm HTTP/1.1\r\n', `X A: 1\r\n${rest}`, 'bad_header', 'header'],
    ['two lengths', 'POST /in/crm HTTP/1.1\r\n', `Content-Length: 2\r\n${rest}`, 'duplicate_length', 'Content-Length'],
    [
      'chunks and a length',
      'POST /in/crm HTTP/1.1\r\n',
      `Transfer-Encoding: chunked\r\n${rest}`,
      'bad_length',
      'beside',
    ],
  ])('%s', async (_name, line, headers, code, reason) => {
    const { port, refused, answered } = await startReceiver();
    const answer = await sendRaw(port, Buffer.concat([Buffer.from(line), Buffer.from(headers)]));
    expect(statusOf(answer)).toBe(400);
    expect(answer).toContain(`"code":"${code}"`);
    expect(answer).toContain('signalbox-delivery: dlv_refused_1');
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ code, delivery: { source: 'crm' } });
    expect(refused[0]?.message).toContain(reason);
    expect(refused[0]?.delivery.headers).toContainEqual(['x-id', '7']);
    expect(refused[0]?.delivery.body.toString()).toBe('{}');
    expect(answered).toEqual([{ source: 'crm', status: 400 }]);
  });

  test.each([
    ['UTF-8', 'utf8'],
    ['Latin-1', 'latin1'],
  ] as const)('and its address in raw %s is listed as it was meant', async (_name, encoding) => {
    const { port, refused } = await startReceiver();
    await sendRaw(port, Buffer.from('GET /in/crm?n=Größe&token=hüsh HTTP/1.1\r\nHost: localhost\r\n\r\n', encoding));
    expect(refused[0]?.delivery.url).toBe('/in/crm?n=Größe&token=***');
  });

  test('and hides what is secret in it', async () => {
    const { port, refused } = await startReceiver();
    await sendRaw(
      port,
      'GET /in/crm?token=hush-hush&n=ü HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer hush-hush\r\n\r\n',
    );
    expect(JSON.stringify(refused)).not.toContain('hush-hush');
    expect(refused[0]?.delivery.headers).toContainEqual(['authorization', 'Bearer ***']);
  });
});
