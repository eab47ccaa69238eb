import { createHmac, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import type { IncomingRequest } from '../../electron/sources/source-types.ts';
import { parseSignatures } from '../../electron/sources/verify/schemes/standard-webhooks.ts';
import { decodeSignature, signatureEncodings } from '../../electron/sources/verify/signature-text.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { SourceSpec } from '../../shared/contract/sources.ts';
import { buildRequest, prepareSource } from './build-request.ts';

const nowMs = 1_700_000_000_000;
const body = Buffer.from('{"type":"a","n":1}');

/** `ok`, or the code of the refusal. */
async function verdict(
  verify: SourceSpec['verify'],
  secrets: Record<string, string | undefined>,
  parts: Partial<IncomingRequest>,
) {
  const result = await prepareSource({ verify }, secrets).verify(buildRequest({ body, ...parts }));
  return result.ok ? 'ok' : result.code;
}

const env = (name: string): { env: string } => ({ env: name });

describe('hmac', () => {
  const digest = (algorithm: string, key: string, encoding: 'hex' | 'base64' | 'base64url', content = body): string =>
    createHmac(algorithm, key).update(content).digest(encoding);

  test.each(['sha1', 'sha256', 'sha384', 'sha512'])(
    'takes %s in each encoding, with a prefix and without',
    async (algorithm) => {
      for (const encoding of signatureEncodings) {
        for (const prefix of ['', `${algorithm}=`, 'v0,']) {
          const verify = { scheme: 'hmac', header: 'X-Sig', algorithm, encoding, prefix, secret: env('K') };
          const signature = prefix + digest(algorithm, 'key', encoding);
          expect(await verdict(verify, { K: 'key' }, { headers: { 'x-sig': signature } })).toBe('ok');
          expect(await verdict(verify, { K: 'kex' }, { headers: { 'x-sig': signature } })).toBe('signature_mismatch');
        }
      }
    },
  );

  const verify = { scheme: 'hmac', header: 'x-sig', prefix: 'sha256=', secret: env('K') };
  const right = `sha256=${digest('sha256', 'key', 'hex')}`;
  test.each([
    ['right', right, 'ok'],
    ['right in capitals', `sha256=${digest('sha256', 'key', 'hex').toUpperCase()}`, 'ok'],
    ['right behind a wrong one', `sha256=${'0'.repeat(64)}, ${right}`, 'ok'],
    ['wrong', `sha256=${'0'.repeat(64)}`, 'signature_mismatch'],
    ['too short', right.slice(0, -2), 'signature_mismatch'],
    ['half a byte short', right.slice(0, -1), 'signature_malformed'],
    ['too long', `${right}00`, 'signature_mismatch'],
    ['without its prefix', right.slice(7), 'signature_malformed'],
    ['a prefix alone', 'sha256=', 'signature_malformed'],
    ['no hex', 'sha256=zz', 'signature_malformed'],
    ['empty', '', 'signature_missing'],
    ['of another body', `sha256=${digest('sha256', 'key', 'hex', Buffer.from('x'))}`, 'signature_mismatch'],
  ])('a signature that is %s', async (_name, signature, expected) => {
    expect(await verdict(verify, { K: 'key' }, { headers: { 'x-sig': signature } })).toBe(expected);
  });

  test('a signature that is missing', async () => {
    expect(await verdict(verify, { K: 'key' }, {})).toBe('signature_missing');
  });

  test('is made over the bytes, whether they are text or not', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0xc3, 0x28]);
    const headers = { 'x-sig': `sha256=${digest('sha256', 'key', 'hex', bytes)}` };
    expect(await verdict(verify, { K: 'key' }, { body: bytes, headers })).toBe('ok');
  });

  test('never throws and never passes, whatever the header holds', async () => {
    const source = prepareSource({ verify }, { K: 'key' });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((s) => `sha256=${s}`),
        ),
        async (header) => {
          const result = await source.verify(buildRequest({ body, headers: { 'x-sig': header } }));
          expect(result.ok).toBe(false);
        },
      ),
    );
  });

  test('one changed bit of the body or of the signature fails', async () => {
    const source = prepareSource({ verify }, { K: 'key' });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), fc.nat(7), async (bytes, at, bit) => {
        const original = Buffer.from(bytes);
        const headers = { 'x-sig': `sha256=${digest('sha256', 'key', 'hex', original)}` };
        expect((await source.verify(buildRequest({ body: original, headers }))).ok).toBe(true);
        const changed = Buffer.from(bytes);
        changed[at % changed.length] = (changed[at % changed.length] ?? 0) ^ (1 << bit);
        expect((await source.verify(buildRequest({ body: changed, headers }))).ok).toBe(false);
      }),
    );
  });
});

describe('token', () => {
  const header = { scheme: 'token', header: 'X-Token', secret: env('K') };
  const bearer = { scheme: 'token', secret: env('K') };
  const query = { scheme: 'token', query: 'who', secret: env('K') };
  test.each([
    ['right in a header', header, { headers: { 'x-token': 'ké y' } }, 'token_wrong'],
    [
      'right in a header, as its bytes come',
      header,
      { headers: { 'x-token': Buffer.from('ké y').toString('latin1') } },
      'ok',
    ],
    ['wrong', header, { headers: { 'x-token': 'k' } }, 'token_wrong'],
    ['twice', header, { headers: { 'x-token': 'ky, ky' } }, 'token_wrong'],
    ['empty', header, { headers: { 'x-token': '' } }, 'token_missing'],
    ['missing', header, {}, 'token_missing'],
    ['in another header', header, { headers: { authorization: 'Bearer ké y' } }, 'token_missing'],
    [
      'right as a bearer',
      bearer,
      { headers: { authorization: `bearer ${Buffer.from('ké y').toString('latin1')}` } },
      'ok',
    ],
    ['wrong as a bearer', bearer, { headers: { authorization: 'Bearer nope' } }, 'token_wrong'],
    ['a bearer without a token', bearer, { headers: { authorization: 'Bearer ' } }, 'token_missing'],
    ['right in the query', query, { query: new URLSearchParams({ who: 'ké y' }) }, 'ok'],
    ['wrong in the query', query, { query: new URLSearchParams({ who: 'x' }) }, 'token_wrong'],
    ['missing in the query', query, { headers: { who: 'ké y' } }, 'token_missing'],
  ])('that is %s', async (_name, verify, parts, expected) => {
    expect(await verdict(verify, { K: 'ké y' }, parts)).toBe(expected);
  });

  test('passes only when it is the same, whatever the lengths', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, unit: 'binary' }),
        fc.string({ minLength: 1, unit: 'binary' }),
        async (a, b) => {
          const source = prepareSource({ verify: query }, { K: a });
          const ask = async (token: string) =>
            (await source.verify(buildRequest({ query: new URLSearchParams({ who: token }) }))).ok;
          expect(await ask(b)).toBe(Buffer.from(a).equals(Buffer.from(b)));
        },
      ),
    );
  });
});

describe('basic', () => {
  const verify = { scheme: 'basic', username: 'ada', secret: env('K') };
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  test.each([
    ['right', basic('ada:pä:ss'), 'ok'],
    ['right with another case of the scheme', basic('ada:pä:ss').replace('Basic', 'BASIC'), 'ok'],
    ['right without padding', basic('ada:pä:ss').replace(/=+$/, ''), 'ok'],
    ['a wrong name', basic('eve:pä:ss'), 'credentials_wrong'],
    ['a wrong password', basic('ada:x'), 'credentials_wrong'],
    ['an empty password', basic('ada:'), 'credentials_wrong'],
    ['another scheme', 'Bearer x', 'credentials_malformed'],
    ['no base64', 'Basic ***', 'credentials_malformed'],
    ['nothing', '', 'credentials_missing'],
  ])('%s', async (_name, authorization, expected) => {
    expect(await verdict(verify, { K: 'pä:ss' }, { headers: { authorization } })).toBe(expected);
  });
});

describe('standard webhooks', () => {
  const secret = `whsec_${Buffer.from('a secret of 24 bytes ...').toString('base64')}`;
  const verify = { scheme: 'standard-webhooks', secret: env('K') };
  const signWith = (key: string, ageSeconds = 0, content = body, id = 'msg_1'): Record<string, string> => {
    const date = new Date(nowMs - ageSeconds * 1000);
    return {
      'webhook-id': id,
      'webhook-timestamp': String(date.getTime() / 1000),
      'webhook-signature': new Webhook(key).sign(id, date, content),
    };
  };
  const signed = signWith(secret);
  const renamed = Object.fromEntries(
    Object.entries(signed).map(([name, value]) => [name.replace('webhook', 'svix'), value]),
  );

  test.each([
    ['right', signed, 'ok'],
    ['right under the names of svix', renamed, 'ok'],
    [
      'right among others',
      { ...signed, 'webhook-signature': `v1,AAAA v2,x junk ${signed['webhook-signature']}` },
      'ok',
    ],
    [
      'right in the second of two headers',
      { ...signed, 'webhook-signature': `v1,AAAA, ${signed['webhook-signature']}` },
      'ok',
    ],
    ['299 s old', signWith(secret, 299), 'ok'],
    ['301 s old', signWith(secret, 301), 'timestamp_too_old'],
    ['299 s ahead', signWith(secret, -299), 'ok'],
    ['301 s ahead', signWith(secret, -301), 'timestamp_in_future'],
    ['of another secret', signWith(Buffer.from('other').toString('base64')), 'signature_mismatch'],
    ['of another id', { ...signed, 'webhook-id': 'msg_2' }, 'signature_mismatch'],
    ['of another time', { ...signed, 'webhook-timestamp': String(nowMs / 1000 - 1) }, 'signature_mismatch'],
    ['of another body', signWith(secret, 0, Buffer.from('x')), 'signature_mismatch'],
    ['short', { ...signed, 'webhook-signature': 'v1,AAAA' }, 'signature_mismatch'],
    [
      'of an unknown version',
      { ...signed, 'webhook-signature': `v9,${signed['webhook-signature']}` },
      'signature_malformed',
    ],
    ['no base64', { ...signed, 'webhook-signature': 'v1,***' }, 'signature_malformed'],
    ['without an id', { ...signed, 'webhook-id': '' }, 'signature_missing'],
    ['without a time', { ...signed, 'webhook-timestamp': '' }, 'signature_missing'],
    ['without a signature', { 'webhook-id': '1', 'webhook-timestamp': '1' }, 'signature_missing'],
    ['of a time in words', { ...signed, 'webhook-timestamp': 'yesterday' }, 'timestamp_malformed'],
    ['of a time with more behind it', { ...signed, 'webhook-timestamp': `${nowMs / 1000}x` }, 'timestamp_malformed'],
    ['split over both families of names', { ...renamed, 'webhook-id': 'msg_1' }, 'signature_missing'],
  ])('a signature that is %s', async (_name, headers, expected) => {
    expect(await verdict(verify, { K: secret }, { headers })).toBe(expected);
  });

  test('takes a secret without its prefix, and a tolerance of its own', async () => {
    expect(await verdict(verify, { K: secret.slice(6) }, { headers: signed })).toBe('ok');
    const late = signWith(secret, 11);
    expect(await verdict({ ...verify, tolerance: '10s' }, { K: secret }, { headers: late })).toBe('timestamp_too_old');
    expect(await verdict({ ...verify, tolerance: '1h' }, { K: secret }, { headers: signWith(secret, 3599) })).toBe(
      'ok',
    );
  });

  test('agrees with the vector that svix publishes', async () => {
    const headers = {
      'svix-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'svix-timestamp': '1614265330',
      'svix-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    const request = { headers, body: Buffer.from('{"test": 2432232314}'), receivedAtMs: 1_614_265_330_000 };
    expect(await verdict(verify, { K: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }, request)).toBe('ok');
  });

  test('takes the asymmetric v1a with a public key', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const key = `whpk_${publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')}`;
    const content = Buffer.concat([Buffer.from(`msg_1.${nowMs / 1000}.`), body]);
    const signature = `v1a,${signBytes(null, content, privateKey).toString('base64')}`;
    const headers = { ...signed, 'webhook-signature': signature };
    expect(await verdict(verify, { K: key }, { headers })).toBe('ok');
    expect(await verdict(verify, { K: key }, { headers, body: Buffer.from('x') })).toBe('signature_mismatch');
    expect(await verdict(verify, { K: key }, { headers: signed })).toBe('signature_mismatch');
    expect(await verdict(verify, { K: secret }, { headers })).toBe('signature_mismatch');
    expect(await verdict(verify, { K: key }, { headers: { ...headers, 'webhook-signature': 'v1a,AAAA' } })).toBe(
      'signature_mismatch',
    );
  });

  test('its test deliveries pass the library of that name', () => {
    const source = prepareSource({ verify }, { K: secret });
    const headers = source.sign?.({ body, contentType: 'application/json', nowMs: Date.now() }) ?? {};
    expect(new Webhook(secret).verify(body, headers)).toEqual({ type: 'a', n: 1 });
  });

  test('a malformed secret is a problem of the source, not of the sender', () => {
    for (const bad of ['whsec_***', 'whpk_AAAA', 'whsec_']) {
      const source = prepareSource({ verify }, { K: bad });
      expect(source.problem?.()).toContain('verify.secret: ');
      expect(() => source.verify(buildRequest({ body, headers: signed }))).toThrow(AppError);
    }
  });

  test('parses every list of signatures, and finds exactly those that were put in', () => {
    const entry = fc.record({
      version: fc.constantFrom('v1', 'v1a', 'v2', ''),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 16 }), (entries) => {
        const header = entries
          .map(({ version, bytes }) => `${version},${Buffer.from(bytes).toString('base64')}`)
          .join(' ');
        const of = (version: string) =>
          entries.filter((e) => e.version === version).map(({ bytes }) => Buffer.from(bytes));
        expect(parseSignatures(header)).toEqual({ v1: of('v1'), v1a: of('v1a') });
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (header) => void parseSignatures(header)));
  });
});

describe('rotation', () => {
  const sign = (key: string) => ({ 'x-sig': createHmac('sha256', key).update(body).digest('hex') });
  const forms: [string, SourceSpec['verify']][] = [
    ['secret and previousSecret', { scheme: 'hmac', header: 'x-sig', secret: env('NEW'), previousSecret: env('OLD') }],
    ['secrets', { scheme: 'hmac', header: 'x-sig', secrets: [env('NEW'), env('OLD')] }],
  ];
  test.each(forms)('with %s accepts both and says which', async (_name, verify) => {
    const source = prepareSource({ verify }, { NEW: 'n', OLD: 'o' });
    const detail = async (key: string) => {
      const result = await source.verify(buildRequest({ body, headers: sign(key) }));
      return result.ok ? result.verification.detail : result.code;
    };
    expect(await detail('n')).toBe('sha256, x-sig');
    expect(await detail('o')).toBe('sha256, x-sig, secret 2');
    expect(await detail('x')).toBe('signature_mismatch');
    expect(source.sign?.({ body, contentType: '', nowMs })).toEqual(sign('n'));
  });

  test('counts at once when a secret changes', async () => {
    const secrets: Record<string, string> = { K: 'one' };
    const source = prepareSource({ verify: { scheme: 'hmac', header: 'x-sig', secret: env('K') } }, secrets);
    const ask = async (key: string) => (await source.verify(buildRequest({ body, headers: sign(key) }))).ok;
    expect([await ask('one'), await ask('two')]).toEqual([true, false]);
    secrets.K = 'two';
    expect([await ask('one'), await ask('two')]).toEqual([false, true]);
  });

  test('with one secret unreadable still takes what the other verifies, and judges nothing else', async () => {
    const verify = { scheme: 'hmac', header: 'x-sig', secret: env('NEW'), previousSecret: env('OLD') };
    const source = prepareSource({ verify }, { NEW: 'n' });
    expect(source.verify(buildRequest({ body, headers: sign('n') }))).toMatchObject({ ok: true });
    expect(() => source.verify(buildRequest({ body, headers: sign('o') }))).toThrow('verify.previousSecret: ');
    expect(source.problem?.()).toContain('verify.previousSecret: ');
  });
});

test('every scheme passes the test deliveries it signs', async () => {
  const schemes: SourceSpec['verify'][] = [
    { scheme: 'none' },
    { scheme: 'token', secret: env('K') },
    { scheme: 'token', header: 'x-token', secret: env('K') },
    { scheme: 'basic', username: 'u', secret: env('K') },
    { scheme: 'hmac', header: 'x-sig', algorithm: 'sha512', encoding: 'base64url', prefix: 'v=', secret: env('K') },
    { scheme: 'standard-webhooks', secret: env('K') },
  ];
  for (const verify of schemes) {
    const source = prepareSource({ verify }, { K: 'c2VjcmV0' });
    const headers = source.sign?.({ body, contentType: 'application/json', nowMs }) ?? {};
    expect(await source.verify(buildRequest({ body, headers }))).toMatchObject({ ok: true });
  }
  const query = prepareSource({ verify: { scheme: 'token', query: 'q', secret: env('K') } }, { K: 's' });
  expect(query.sign?.({ body, contentType: '', nowMs })).toBeNull();
});

test('signatures decode to what was encoded, or to nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), fc.constantFrom(...signatureEncodings), (bytes, encoding) => {
      expect(decodeSignature(Buffer.from(bytes).toString(encoding), encoding)).toEqual(Buffer.from(bytes));
    }),
  );
  for (const encoding of signatureEncodings) {
    for (const text of ['', '=', ' ', 'ab cd', 'a\u0000', 'ü']) expect(decodeSignature(text, encoding)).toBeNull();
  }
});
