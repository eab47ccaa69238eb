import { createHmac, randomBytes } from 'node:crypto';
import * as zlib from 'node:zlib';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inflateZstd } from '../../electron/receiver/body/inflate-zstd.ts';
import { startReceiver } from './start-receiver.ts';
import { zstdSamples } from './zstd-samples.ts';

const body = '{"event":"a","text":"größer"}';

const awsChunked = (content: string | Buffer, sizes = [5, 9]): Buffer => {
  const bytes = Buffer.from(content);
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    const chunk = bytes.subarray(at, Math.min(at + size, bytes.length));
    if (chunk.length === 0) break;
    chunks.push(
      Buffer.from(`${chunk.length.toString(16)};chunk-signature=${'0'.repeat(64)}\r\n`),
      chunk,
      Buffer.from('\r\n'),
    );
    at += chunk.length;
  }
  return Buffer.concat([...chunks, Buffer.from('0;chunk-signature=00\r\nx-amz-checksum-crc32c:sOO8/Q==\r\n\r\n')]);
};

async function post(coding: string, bytes: Uint8Array, contentType = 'application/json') {
  const started = await startReceiver();
  const res = await fetch(`${started.url}/in/crm`, {
    method: 'POST',
    headers: { 'content-type': contentType, 'content-encoding': coding },
    body: new Uint8Array(bytes),
  });
  const text = await res.text();
  return { ...started, res, code: /"code":"(\w+)"/.exec(text)?.[1], text };
}

const zstd = (text: string): Buffer => {
  const sample = zstdSamples.get(text);
  if (sample === undefined) throw new Error('there is no such sample');
  return sample;
};

describe('a Content-Encoding', () => {
  test.each([
    ['gzip, br', brotliCompressSync(gzipSync(body))],
    ['GZIP', gzipSync(body)],
    ['identity, gzip', gzipSync(body)],
    ['gzip;q=1.0', gzipSync(body)],
    ['gzip, gzip', gzipSync(body)],
    ['gzip, gzip', gzipSync(gzipSync(body))],
    ['gzip, br, gzip', gzipSync(brotliCompressSync(gzipSync(body)))],
    ['aws-chunked, gzip, gzip', awsChunked(gzipSync(gzipSync(body)))],
    ['gzip, gzip, gzip, gzip', [1, 2, 3, 4].reduce<Buffer>((bytes) => gzipSync(bytes), Buffer.from(body))],
    ['zstd', zstd(body)],
    ['aws-chunked', awsChunked(body)],
    ['aws-chunked,gzip', awsChunked(gzipSync(body))],
  ])('of %s is read', async (coding, bytes) => {
    const { res, accepted } = await post(coding, bytes);
    expect(res.status).toBe(202);
    expect(accepted[0]?.delivery.body.toString()).toBe(body);
    expect(accepted[0]?.delivery.notes ?? []).toEqual([]);
  });

  test.each([
    ['UTF-8', 'a charset'],
    ['utf8', 'a charset'],
    ['ISO-8859-1', 'a charset'],
    ['application/json', 'a media type'],
    ['8bit', 'no content coding'],
    ['none', 'no content coding'],
  ])('of %s counts as none and is noted', async (coding, what) => {
    const { res, accepted } = await post(coding, Buffer.from(body));
    expect(res.status).toBe(202);
    expect(accepted[0]?.delivery.body.toString()).toBe(body);
    expect(accepted[0]?.delivery.notes).toMatchObject([{ code: 'content_encoding_ignored' }]);
    expect(accepted[0]?.delivery.notes?.[0]?.message).toContain(what);
  });

  test.each(['gzip', 'gzip, deflate', 'gzip, deflate, br', 'br', 'zstd', 'aws-chunked', 'deflate'])(
    'of %s over plain text is passed over and noted',
    async (coding) => {
      const { res, accepted } = await post(coding, Buffer.from(body));
      expect(res.status).toBe(202);
      expect(accepted[0]?.delivery.body.toString()).toBe(body);
      expect(accepted[0]?.delivery.notes).toMatchObject([{ code: 'body_not_encoded' }]);
    },
  );

  test('of more layers than are taken off is 400, and of a bomb in layers 413', async () => {
    const five = [1, 2, 3, 4, 5].reduce<Buffer>((bytes) => gzipSync(bytes), Buffer.from(body));
    const { res, code, refused } = await post('gzip, gzip, gzip, gzip, gzip', five);
    expect([res.status, code]).toEqual([400, 'bad_encoding']);
    expect(refused[0]?.message).toContain('more than 4 times');
    const bomb = gzipSync(gzipSync(Buffer.alloc(50_000_000)));
    expect(bomb.length).toBeLessThan(1000);
    expect((await post('gzip, gzip', bomb)).res.status).toBe(413);
  });

  test('that repeats a coding over plain text is passed over and noted once', async () => {
    const { res, accepted } = await post('gzip, gzip, gzip', Buffer.from(body));
    expect(res.status).toBe(202);
    expect(accepted[0]?.delivery.notes).toMatchObject([
      { code: 'body_not_encoded', message: expect.stringContaining('says gzip, but') },
    ]);
  });

  test('that lists more than was done is read as far as it is true', async () => {
    const { res, accepted } = await post('gzip, deflate', gzipSync(body));
    expect(res.status).toBe(202);
    expect(accepted[0]?.delivery.body.toString()).toBe(body);
    expect(accepted[0]?.delivery.notes).toMatchObject([{ code: 'body_not_encoded' }]);
  });

  test('that nobody here knows is 415, and the start of the body is kept', async () => {
    const { res, code, refused } = await post(
      'compress',
      Buffer.concat([Buffer.from('1f9d90', 'hex'), randomBytes(199_997)]),
    );
    expect([res.status, code]).toEqual([415, 'unsupported_encoding']);
    expect(res.headers.get('accept-encoding')).toBe('gzip, deflate, br, zstd');
    expect(refused[0]?.delivery.body.length).toBe(64 * 1024);
    expect(refused[0]?.bodyBytes).toBe(200_000);
    expect(refused[0]?.message).toContain('"compress"');
  });

  test.each([
    ['gzip', gzipSync(randomBytes(9000)).subarray(0, 5000)],
    ['gzip, deflate', randomBytes(5000)],
    ['br', randomBytes(5000)],
    ['zstd', zstd(body).subarray(0, -3)],
    ['aws-chunked', Buffer.concat([Buffer.from('ffff;x=1\r\n'), randomBytes(50)])],
  ])('of %s that the bytes are not is 400, and they are kept', async (coding, bytes) => {
    const { res, code, refused } = await post(coding, bytes);
    expect([res.status, code]).toEqual([400, 'bad_encoding']);
    expect(refused[0]?.delivery.body.equals(bytes)).toBe(true);
  });

  const big = JSON.stringify({ type: 'a', list: Array.from({ length: 3000 }, (_, i) => `x${i}`) });
  const pieces = [big.slice(0, 4000), big.slice(4000, 8000), big.slice(8000)];
  const skippable = Buffer.from('502a4d1803000000616263', 'hex');
  test.each([
    ['zstd', Buffer.concat(pieces.map((text) => zlib.zstdCompressSync(text)))],
    ['zstd', Buffer.concat([skippable, zlib.zstdCompressSync(big), skippable])],
    ['gzip', Buffer.concat(pieces.map((text) => gzipSync(text)))],
    ['deflate', Buffer.concat(pieces.map((text) => deflateSync(text)))],
    ['deflate', Buffer.concat(pieces.map((text) => deflateRawSync(text)))],
    ['br', Buffer.concat(pieces.map((text) => brotliCompressSync(text)))],
  ])('of %s is read to the end when the body is several streams, case %#', async (coding, bytes) => {
    const { res, accepted } = await post(coding, bytes);
    expect(res.status).toBe(202);
    expect(accepted[0]?.delivery.body.toString() === big).toBe(true);
    expect(accepted[0]?.delivery.notes ?? []).toEqual([]);
  });

  const encoded: [string, Buffer][] = [
    ['zstd', zstd(body)],
    ['gzip', gzipSync(body)],
    ['deflate', deflateSync(body)],
    ['deflate', deflateRawSync(body)],
    ['br', brotliCompressSync(body)],
  ];
  test.each(encoded)(
    'of %s with something else behind it is 400, and all of it is kept, case %#',
    async (coding, data) => {
      const bytes = Buffer.concat([data, Buffer.from('junk of a sender')]);
      const { res, code, refused } = await post(coding, bytes);
      expect([res.status, code]).toEqual([400, 'bad_encoding']);
      expect(refused[0]?.delivery.body.equals(bytes)).toBe(true);
    },
  );

  test.each(encoded)('of %s with zeros behind it is read and noted, case %#', async (coding, data) => {
    const { res, accepted } = await post(coding, Buffer.concat([data, Buffer.alloc(3)]));
    expect(res.status).toBe(202);
    expect(accepted[0]?.delivery.body.toString()).toBe(body);
    expect(accepted[0]?.delivery.notes).toMatchObject([{ code: 'body_padding' }]);
  });

  test('of gzip with a line end behind it is read and noted', async () => {
    const { res, accepted } = await post('gzip', Buffer.concat([gzipSync(body), Buffer.from('\r\n')]));
    expect(res.status).toBe(202);
    expect(accepted[0]?.delivery.body.toString()).toBe(body);
    expect(accepted[0]?.delivery.notes).toMatchObject([{ code: 'body_padding' }]);
  });

  test('of aws-chunked with something else behind its last chunk is not cut there', async () => {
    const bytes = Buffer.concat([awsChunked(body), Buffer.from('{"event":"b"}')]);
    const { accepted, refused } = await post('aws-chunked', bytes, 'text/plain');
    const kept = accepted[0]?.delivery.body ?? refused[0]?.delivery.body;
    expect(kept?.equals(bytes)).toBe(true);
  });

  test.each([
    ['deflate', gzipSync(body), 'gzip'],
    ['br', gzipSync(body), 'gzip'],
    ['gzip', deflateSync(body), 'deflate'],
    ['gzip', zstd(body), 'zstd'],
    ['compress', gzipSync(body), 'gzip'],
  ])('of %s over another coding is read as that, case %#', async (coding, bytes, actual) => {
    const { res, accepted } = await post(coding, bytes);
    expect(res.status).toBe(202);
    expect(accepted[0]?.delivery.body.toString()).toBe(body);
    expect(accepted[0]?.delivery.notes).toMatchObject([{ code: 'body_other_coding' }]);
    expect(accepted[0]?.delivery.notes?.[0]?.message).toContain(`is ${actual}.`);
  });

  test.each(['json', 'text', 'compress', 'my-own'])(
    'of %s over plain text counts as none and is noted',
    async (coding) => {
      const { res, accepted } = await post(coding, Buffer.from(body));
      expect(res.status).toBe(202);
      expect(accepted[0]?.delivery.body.toString()).toBe(body);
      expect(accepted[0]?.delivery.notes).toMatchObject([{ code: 'body_not_encoded' }]);
    },
  );

  test.each([
    ['gzip, deflate', Buffer.from(body, 'latin1')],
    ['gzip', Buffer.from(body, 'latin1')],
    ['br', Buffer.from(body, 'utf16le')],
    ['json', Buffer.from(body, 'latin1')],
  ])('of %s over plain text in another charset is passed over and noted, case %#', async (coding, bytes) => {
    const { res, accepted } = await post(coding, bytes);
    expect(res.status).toBe(202);
    expect(accepted[0]?.events[0]?.payload).toEqual(JSON.parse(body));
    expect(accepted[0]?.delivery.body.equals(bytes)).toBe(true);
    expect(accepted[0]?.delivery.notes?.map(({ code }) => code)).toContain('body_not_encoded');
  });

  test('of zstd whose frames inflate beyond the limit is 413', async () => {
    const { res, refused } = await post(
      'zstd',
      Buffer.concat(Array(40).fill(zlib.zstdCompressSync(Buffer.alloc(200_000, 'x')))),
    );
    expect(res.status).toBe(413);
    expect(refused[0]?.delivery.body.toString()).toBe('x'.repeat(64 * 1024));
  });

  test('of a body that inflates beyond the limit is 413, and the start of what came out is kept', async () => {
    const { res, refused } = await post('gzip', gzipSync(Buffer.alloc(5_000_000, 'x')));
    expect(res.status).toBe(413);
    expect(refused[0]?.delivery.body.toString()).toBe('x'.repeat(64 * 1024));
  });

  test('does not stop a signature over what was inside', async () => {
    const secret = 'k';
    const { url, accepted } = await startReceiver({
      sources: [{ slug: 'gh', preset: 'github', verify: { secret: { env: 'S' } } }],
      secrets: { S: secret },
    });
    const res = await fetch(`${url}/in/gh`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-encoding': 'zstd',
        'x-github-event': 'push',
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
      body: new Uint8Array(zstd(body)),
    });
    expect([res.status, accepted.length]).toEqual([202, 1]);
  });
});

describe('zstd without the platform’s own', () => {
  const maxBytes = 1024 * 1024;
  async function inflate(bytes: Buffer, limit = maxBytes) {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    const read = await inflateZstd(bytes, limit, (chunk) => {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      return sizeBytes <= limit;
    });
    return { isValid: read !== null && read.left.length === 0, sizeBytes, text: Buffer.concat(chunks).toString() };
  }

  test('gives what the platform’s own gives', async () => {
    for (const [text, bytes] of zstdSamples) {
      const inflated = await inflate(bytes);
      expect(inflated.isValid).toBe(true);
      expect(inflated.text === text).toBe(true);
    }
  });

  test('reads frames one behind another, and passes over skippable ones', async () => {
    const skippable = Buffer.from('502a4d1803000000616263', 'hex');
    const inflated = await inflate(Buffer.concat([zstd(body), skippable, zstd(body)]));
    expect(inflated).toMatchObject({ isValid: true, text: body + body });
  });

  test('stops a bomb at the limit, in little memory', async () => {
    // A window of 1 MiB and 1,000 blocks that each stand for 128 KiB of one byte.
    const rle = Buffer.from([0x02, 0x00, 0x10, 0x78]);
    const bomb = Buffer.concat([Buffer.from('28b52ffd0050', 'hex'), ...Array.from({ length: 1000 }, () => rle)]);
    const inflated = await inflate(Buffer.concat([bomb, Buffer.from([0x03, 0x00, 0x10, 0x78])]));
    expect(inflated.sizeBytes).toBeGreaterThan(maxBytes);
    expect(inflated.sizeBytes).toBeLessThan(maxBytes + 256 * 1024);
  });

  test('refuses a window that would take gigabytes, and blocks that only cost time', async () => {
    const huge = Buffer.from('28b52ffd00a8010000', 'hex');
    expect((await inflate(huge)).isValid).toBe(false);
    const nothing = Buffer.concat([Buffer.from('28b52ffd0068', 'hex'), Buffer.alloc(90_000), Buffer.from([1, 0, 0])]);
    const startedMs = performance.now();
    expect((await inflate(nothing)).isValid).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });

  test('neither throws nor hangs on scrambled bytes', async () => {
    const sample = zstd(body);
    await fc.assert(
      fc.asyncProperty(fc.nat(sample.length - 1), fc.nat(255), fc.nat(sample.length), async (at, byte, length) => {
        const scrambled = Buffer.from(sample);
        scrambled[at] = byte;
        await inflate(scrambled.subarray(0, length));
      }),
      { numRuns: 500 },
    );
  });
});
