import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SourceSpec } from '../../shared/contract/sources.ts';
import { sendRaw, startReceiver, statusOf } from './start-receiver.ts';

const body = '{"event":"a","zen":"x"}';
const signature = `sha256=${createHmac('sha256', 'k').update(body).digest('hex')}`;

const sources: SourceSpec[] = [
  { slug: 'open', preset: 'generic' },
  { slug: 'signed', preset: 'github', verify: { secret: { env: 'S' } } },
  { slug: 'token', preset: 'cloudevents', verify: { scheme: 'token', secret: { env: 'S' } } },
  { slug: 'off', preset: 'generic', enabled: false },
  { slug: 'broken', preset: 'generic', event: { type: '$[' } },
  { slug: 'small', preset: 'icfm', maxBodyBytes: 10, verify: { scheme: 'none' } },
];

/** A value of one of these headers, once or twice, equal or not, on a line each or joined. */
const value = fc.oneof(
  fc.constantFrom(
    'application/json',
    'text/plain; charset=utf-8',
    'push',
    'ping',
    'utf-8',
    'gzip',
    'gzip, deflate',
    'zstd',
  ),
  fc.constantFrom(
    'aws-chunked',
    'identity',
    'compress',
    'https://a.example',
    'null',
    'cross-site',
    'none',
    signature,
    'Bearer k',
  ),
  fc.constantFrom('chunked', '100-continue', 'tea', '1.0', '', ' ', ',', '"', 'a,b', '__proto__', 'x'.repeat(3000)),
  fc.string({ maxLength: 12 }),
  fc.uint8Array({ minLength: 1, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);
const name = fc.constantFrom(
  ...[
    'Content-Type',
    'Content-Encoding',
    'X-GitHub-Event',
    'X-GitHub-Delivery',
    'X-Hub-Signature-256',
    'Authorization',
  ],
  ...['Origin', 'Sec-Fetch-Site', 'User-Agent', 'Expect', 'Transfer-Encoding', 'Content-Length', 'X-Forwarded-For'],
  ...['ce-specversion', 'ce-id', 'webhook-id', 'Cookie', 'X A', '__proto__', 'X-Ü', ''],
);
const header = fc
  .tuple(name, value, value, fc.constantFrom('once', 'twice', 'joined', 'different'))
  .map(([key, one, other, how]) => {
    const line = (text: string): string => `${key}: ${text.replace(/[\r\n]/g, '')}\r\n`;
    if (how === 'once') return line(one);
    if (how === 'joined') return line(`${one}, ${one}`);
    return line(one) + line(how === 'twice' ? one : other);
  });
const usualHost = fc.constantFrom('localhost', '127.0.0.1:1');
const oddHost = fc.constantFrom('abc.ngrok-free.app', 'signalbox:8787', 'a b', '[::1', '', 'a\r\nHost: b');
const query = fc.oneof(
  fc.constant(''),
  fc.constantFrom('', '?a=1', '/listen.php', '?access_token=k'),
  fc.constantFrom('', '?a=1', '?name=Müller', '?n=%zz', '?a b', '?access_token=k', '#x', '/%ff', '/\u0001'),
  fc.uint8Array({ maxLength: 8 }).map(
    (bytes) =>
      `?${Buffer.from(bytes)
        .toString('latin1')
        .replace(/[\r\n]/g, '')}`,
  ),
);
const length = fc.constantFrom('exact', 'exact', 'exact', 'none', 'long', 'chunked');

const requests = fc.record({
  slug: fc.constantFrom(...sources.map(({ slug }) => slug)),
  method: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'PUT', 'OPTIONS'),
  query,
  host: fc.oneof(usualHost, usualHost, oddHost),
  headers: fc.array(header, { maxLength: 3 }),
  isSigned: fc.boolean(),
  length,
  body: fc.oneof(fc.constantFrom(body, '', ' \n', '\ufeff', '{"a":"\\ud83d"}'), fc.uint8Array({ maxLength: 40 })),
});

const head = `X-GitHub-Event: push\r\nX-Hub-Signature-256: ${signature}\r\nAuthorization: Bearer k\r\n`;

function write(sample: typeof requests extends fc.Arbitrary<infer T> ? T : never): Buffer {
  const bytes = Buffer.from(sample.body);
  const framing = {
    exact: `Content-Length: ${bytes.length}\r\n`,
    none: '',
    long: `Content-Length: ${bytes.length + 5}\r\n`,
    chunked: 'Transfer-Encoding: chunked\r\n',
  }[sample.length];
  const sent =
    sample.length === 'chunked' && bytes.length > 0
      ? Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n0\r\n\r\n')])
      : sample.length === 'chunked'
        ? Buffer.from('0\r\n\r\n')
        : bytes;
  return Buffer.concat([
    Buffer.from(`${sample.method} /in/${sample.slug}`),
    Buffer.from(sample.query, sample.query.includes('ü') ? 'utf8' : 'latin1'),
    Buffer.from(` HTTP/1.1\r\nHost: ${sample.host}\r\nConnection: close\r\n${framing}${sample.isSigned ? head : ''}`),
    Buffer.from(sample.headers.join(''), 'latin1'),
    Buffer.from('\r\n'),
    sent,
  ]);
}

test('whatever stands in headers and address: no 500, and what is refused is kept with its reason', async () => {
  const { port, accepted, refused, answered } = await startReceiver({
    sources,
    secrets: { S: 'k' },
    limits: { requestTimeoutMs: 400, headersTimeoutMs: 400, keepAliveMs: 50, strayBytesWaitMs: 20, keptBodyWaitMs: 50 },
  });
  const samples = fc.sample(requests, { numRuns: 3000, seed: 20_260_131 });
  const statuses = new Map<number, number>();
  let next = 0;
  const sendOn = async (): Promise<void> => {
    for (let sample = samples[next++]; sample !== undefined; sample = samples[next++]) {
      const bytes = write(sample);
      const answer = await sendRaw(port, bytes);
      const status = statusOf(answer);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const sent = bytes.toString('latin1').slice(0, 600);
      expect([sent, status === 500 || status === 0]).toEqual([sent, false]);
      // A sender that does not send what it announced is told 408 and leaves nothing whole to keep; a handshake is no delivery.
      if (status < 400 || status === 408) continue;
      expect([sent, /signalbox-delivery: dlv_refused_\d+/.test(answer)]).toEqual([sent, true]);
    }
  };
  await Promise.all(Array.from({ length: 50 }, sendOn));
  expect(answered.filter(({ status }) => status === 500)).toEqual([]);
  for (const { code, message, delivery } of refused) {
    expect([code, delivery.source === null]).toEqual([code, false]);
    expect([code, message.length > 10]).toEqual([code, true]);
  }
  // The samples reach what they are meant to reach.
  const codes = new Set(refused.map(({ code }) => code));
  for (const code of [
    'bad_target',
    'bad_header',
    'unknown_host',
    'bad_host',
    'duplicate_host',
    'from_a_page',
    'unsupported_encoding',
  ]) {
    expect([code, codes.has(code)]).toEqual([code, true]);
  }
  expect(accepted.length).toBeGreaterThan(50);
  expect(statuses.size).toBeGreaterThan(8);
});
