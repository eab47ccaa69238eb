import { createHmac, generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { join } from 'node:path';
import { CompactEncrypt, exportJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { refuseAddress } from '../../electron/outgoing/outgoing-address.ts';
import { parseKeySet } from '../../electron/sources/verify/keys/jwks.ts';
import { createRemoteKeys } from '../../electron/sources/verify/keys/remote-jwks.ts';
import { type Json, jsonSchema } from '../../shared/contract/common.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { tempDir } from '../support/temp-store.ts';
import { buildRequest, prepareSource } from './build-request.ts';
import { selfSigned } from './self-signed.ts';
import { bigText, startSource } from './start-source.ts';

const preset = 'next-identity';
const issuer = 'https://idp.example.com';
const audience = 'https://hooks.example.com';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const reader = generateKeyPairSync('rsa', { modulusLength: 2048 });
const oldReader = generateKeyPairSync('ec', { namedCurve: 'P-256' });

async function publicJwk(key: typeof rsa.publicKey, kid?: string): Promise<JWK> {
  return { ...(await exportJWK(key)), ...(kid === undefined ? {} : { kid }) };
}
/** As it stands in a definition, which is JSON. */
const keySet = async (...keys: JWK[]): Promise<{ [name: string]: Json }> => ({ keys: jsonSchema.parse(keys) });

const keys = await keySet(
  await publicJwk(rsa.publicKey, 'rsa-1'),
  await publicJwk(ec.publicKey, 'ec-1'),
  await publicJwk(ed.publicKey, 'ed-1'),
);
const verify = { jwks: { inline: keys }, issuer, audience };
const readerPem = reader.privateKey.export({ type: 'pkcs8', format: 'pem' });
const secrets = {
  PEM: typeof readerPem === 'string' ? readerPem : '',
  JWK: JSON.stringify(oldReader.privateKey.export({ format: 'jwk' })),
  BAD: 'no key',
};
const start = (settings = {}, event = {}) =>
  startSource({ preset, event, verify: { ...verify, ...settings } }, secrets);

const updated = {
  sub: 'u-1',
  propertyId: 'p-1',
  clientId: 'c-1',
  dataSourceInfo: {
    attributes: ['/email'],
    captureApplicationId: 'app-1',
    captureClientId: 'cap-1',
    entityType: 'user',
    globalSub: 'g-1',
    sub: 'u-1',
  },
};
const events = { 'account/v1/userUpdated': updated };
const nowSeconds = () => Math.floor(Date.now() / 1000);
let counter = 0;
const claimsNow = (change: JWTPayload = {}): JWTPayload => {
  counter++;
  return { iss: issuer, aud: [audience], iat: nowSeconds(), jti: `jti-${counter}`, events, ...change };
};

function sign(
  claims = claimsNow(),
  header: { alg?: string; kid?: string; typ?: string } = {},
  key = rsa.privateKey,
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: 'rsa-1', typ: 'secevent+jwt', ...header })
    .sign(key);
}
const secevent = { 'content-type': 'application/secevent+jwt' };
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

test('a signed token is an event of its own type, with who and what in the context', async () => {
  const { post } = await start();
  const claims = claimsNow();
  const { status, events: stored } = await post(await sign(claims), secevent);
  expect(status).toBe(200);
  expect(stored).toMatchObject([
    {
      type: 'account/v1/userUpdated',
      system: 'next-identity',
      externalId: claims.jti,
      occurredAt: new Date((claims.iat ?? 0) * 1000).toISOString(),
      payload: updated,
      verification: { state: 'verified', scheme: 'jwt', detail: 'RS256, key rsa-1' },
    },
  ]);
  expect(stored[0]?.context).toEqual({
    clientId: 'c-1',
    propertyId: 'p-1',
    sub: 'u-1',
    entityType: 'user',
    globalSub: 'g-1',
    captureApplicationId: 'app-1',
    captureClientId: 'cap-1',
    issuer,
    audience: [audience],
  });
});

test('a repeat is told by its jti, however it was signed', async () => {
  const { post } = await start();
  const claims = claimsNow();
  await post(await sign(claims), secevent);
  const again = await post(await sign(claims, { alg: 'ES256', kid: 'ec-1' }, ec.privateKey), secevent);
  expect([again.status, again.delivery.result]).toEqual([200, 'duplicate']);
});

test.each<[string, (token: string) => string, string]>([
  ['as application/jwt', (token) => token, 'application/jwt'],
  ['as text, with a line end', (token) => `${token}\n`, 'text/plain'],
  ['as JSON says', (token) => JSON.stringify({ token }), 'application/json'],
  ['in a field "event" of JSON', (event) => JSON.stringify({ id: 1, event }), 'application/json'],
  ['as a JSON string', (token) => JSON.stringify(token), 'application/json'],
  ['bare, though it says JSON', (token) => token, 'application/json'],
  ['in a form', (jwt) => new URLSearchParams({ jwt }).toString(), 'application/x-www-form-urlencoded'],
])('a token is found %s', async (_name, wrap, contentType) => {
  const { post } = await start();
  expect((await post(wrap(await sign()), { 'content-type': contentType })).events).toHaveLength(1);
});

test('a token is found in the field that the source names', async () => {
  const { post } = await start({ tokenFields: ['assertion'] });
  expect((await post({ assertion: await sign() })).status).toBe(200);
  expect((await post({ token: await sign() })).reason?.code).toBe('token_missing');
});

describe('the signature', () => {
  test.each<[string, string, string, typeof rsa.privateKey]>([
    ['RS256', 'RS256', 'rsa-1', rsa.privateKey],
    ['PS256', 'PS256', 'rsa-1', rsa.privateKey],
    ['ES256', 'ES256', 'ec-1', ec.privateKey],
    ['EdDSA', 'EdDSA', 'ed-1', ed.privateKey],
  ])('by %s is taken', async (_name, alg, kid, key) => {
    const { post } = await start();
    expect((await post(await sign(claimsNow(), { alg, kid }, key), secevent)).events).toHaveLength(1);
  });

  test.each<[string, () => Promise<string> | string, string]>([
    ['of a stranger under a known key id', () => sign(claimsNow(), {}, stranger.privateKey), 'signature_mismatch'],
    ['under an unknown key id', () => sign(claimsNow(), { kid: 'rsa-9' }), 'key_unknown'],
    ['under the id of a key of another kind', () => sign(claimsNow(), { kid: 'ec-1' }), 'key_unknown'],
    ['by an algorithm that is not listed', () => sign(claimsNow(), { alg: 'RS512' }), 'algorithm_not_allowed'],
    ['none', () => `${encode({ alg: 'none', kid: 'rsa-1' })}.${encode(claimsNow())}.`, 'algorithm_not_allowed'],
    [
      'with the public key as an HMAC secret',
      () => {
        const content = `${encode({ alg: 'HS256', kid: 'rsa-1' })}.${encode(claimsNow())}`;
        const secret = rsa.publicKey.export({ type: 'spki', format: 'pem' });
        return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
      },
      'algorithm_not_allowed',
    ],
    ['cut short', async () => (await sign()).slice(0, -20), 'signature_mismatch'],
    [
      'over other claims',
      async () => {
        const [header, , signature] = (await sign()).split('.');
        return `${header}.${encode(claimsNow({ jti: 'other' }))}.${signature}`;
      },
      'signature_mismatch',
    ],
    ['with a header that is no JSON', async () => `eyJh.${encode(claimsNow())}.AAAA`, 'token_malformed'],
  ])('%s is refused', async (_name, token, code) => {
    const { post, store } = await start();
    const outcome = await post(await token(), secevent);
    expect([outcome.status, outcome.reason?.code]).toEqual([401, code]);
    expect(store.reading.prepare('SELECT count(*) AS n FROM events').get()).toEqual({ n: 0 });
  });

  test('by a key that is published broken is refused', async () => {
    const inline = await keySet(
      { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'ec-1' },
      { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'rsa-1' },
    );
    const { post } = await start({ jwks: { inline } });
    const byEc = await sign(claimsNow(), { alg: 'ES256', kid: 'ec-1' }, ec.privateKey);
    expect((await post(byEc, secevent)).reason?.code).toBe('key_unusable');
    expect((await post(await sign(), secevent)).reason?.code).toBe('key_unusable');
  });

  test('by an algorithm that the source left out is refused', async () => {
    const { post } = await start({ algorithms: ['ES256'] });
    expect((await post(await sign(), secevent)).reason?.code).toBe('algorithm_not_allowed');
  });

  test('without a key id may be of any of the keys', async () => {
    const inline = await keySet(await publicJwk(stranger.publicKey), await publicJwk(rsa.publicKey));
    const { post } = await start({ jwks: { inline } });
    const unnamed = (key: typeof rsa.privateKey) =>
      new SignJWT(claimsNow()).setProtectedHeader({ alg: 'RS256' }).sign(key);
    expect((await post(await unnamed(rsa.privateKey), secevent)).status).toBe(200);
    expect((await post(await unnamed(reader.privateKey), secevent)).reason?.code).toBe('signature_mismatch');
  });
});

describe('the claims', () => {
  test.each<[string, () => JWTPayload, number, string | undefined]>([
    ['with one audience as text', () => claimsNow({ aud: audience }), 200, undefined],
    ['with ours among other audiences', () => claimsNow({ aud: ['x', audience] }), 200, undefined],
    ['of another audience', () => claimsNow({ aud: ['https://else.example.com'] }), 401, 'audience_wrong'],
    ['without an audience', () => claimsNow({ aud: undefined }), 401, 'claim_missing'],
    ['of another issuer', () => claimsNow({ iss: `${issuer}/` }), 401, 'issuer_wrong'],
    ['without a time', () => claimsNow({ iat: undefined }), 401, 'claim_missing'],
    ['of half an hour ago', () => claimsNow({ iat: nowSeconds() - 1800 }), 200, undefined],
    ['of long ago', () => claimsNow({ iat: nowSeconds() - 4000 }), 401, 'token_too_old'],
    ['a little ahead', () => claimsNow({ iat: nowSeconds() + 30 }), 200, undefined],
    ['of the future', () => claimsNow({ iat: nowSeconds() + 300 }), 401, 'token_in_future'],
    ['that expired', () => claimsNow({ exp: nowSeconds() - 120 }), 401, 'token_expired'],
    ['that expired a moment ago', () => claimsNow({ exp: nowSeconds() - 10 }), 200, undefined],
    ['not valid yet', () => claimsNow({ nbf: nowSeconds() + 120 }), 401, 'token_not_yet_valid'],
    ['without jti', () => claimsNow({ jti: undefined }), 422, 'id_not_found'],
    ['without events', () => claimsNow({ events: undefined }), 422, 'type_not_found'],
    ['with no event in events', () => claimsNow({ events: {} }), 422, 'type_not_found'],
    ['with text for events', () => claimsNow({ events: 'x' }), 422, 'type_not_found'],
    ['with text for an event', () => claimsNow({ events: { a: 'x' } }), 422, 'not_an_event'],
    ['with half a character', () => claimsNow({ events: { a: { b: '\ud800' } } }), 200, undefined],
    ['with a mebibyte', () => claimsNow({ events: { a: { bigText: bigText.slice(0, 700_000) } } }), 200, undefined],
  ])('%s are answered as they deserve', async (_name, claims, status, code) => {
    const { post } = await start();
    const outcome = await post(await sign(claims()), secevent);
    expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
  });

  test('nested too deep are refused', async () => {
    const { post } = await start();
    const deep = JSON.parse(`${'{"a":'.repeat(70)}1${'}'.repeat(70)}`);
    expect((await post(await sign(claimsNow({ events: { a: deep } })), secevent)).reason?.code).toBe('token_malformed');
  });

  test.each<[string | undefined, number]>([
    ['secevent+jwt', 200],
    ['application/SecEvent+JWT', 200],
    ['JWT', 200],
    [undefined, 200],
    ['at+jwt', 401],
  ])('under the type %s', async (typ, status) => {
    const { post } = await start();
    const token = await new SignJWT(claimsNow())
      .setProtectedHeader({ alg: 'RS256', kid: 'rsa-1', typ })
      .sign(rsa.privateKey);
    expect((await post(token, secevent)).status).toBe(status);
  });
});

describe('several events in one token', () => {
  test('are several events of one delivery', async () => {
    const { post } = await start();
    const both = { 'account/v1/userCreated': updated, 'account/v1/userUpdated': updated };
    const claims = claimsNow({ jti: 'j', events: both });
    const first = await post(await sign(claims), secevent);
    expect(first.events.map(({ type, externalId }) => [type, externalId])).toEqual([
      ['account/v1/userCreated', 'j account/v1/userCreated'],
      ['account/v1/userUpdated', 'j account/v1/userUpdated'],
    ]);
    expect((await post(await sign(claims), secevent)).delivery.result).toBe('duplicate');
  });

  test('of which one is bad are taken without it, which is noted', async () => {
    const { post } = await start();
    const claims = claimsNow({ jti: 'j', events: { good: {}, bad: 7, ['x'.repeat(300)]: {} } });
    const outcome = await post(await sign(claims), secevent);
    expect(outcome.status).toBe(200);
    expect(outcome.events.map(({ type, externalId }) => [type, externalId])).toEqual([['good', 'j good']]);
    expect(outcome.delivery.notes).toEqual([
      {
        code: 'event_skipped',
        message: 'Not in the events is event 2 of 3: the value of "bad" is not a JSON object. It is in the kept body.',
      },
      {
        code: 'event_skipped',
        message:
          'Not in the events is event 3 of 3: its key, which is the event type, is longer than 200 characters. ' +
          'It is in the kept body.',
      },
    ]);
  });

  test('of which all are bad are refused', async () => {
    const { post, store } = await start();
    const outcome = await post(await sign(claimsNow({ events: { bad: 7, worse: null } })), secevent);
    expect([outcome.status, outcome.reason?.code, outcome.reason?.message]).toEqual([
      422,
      'not_an_event',
      'no event of the token can be read: event 1 of 2: the value of "bad" is not a JSON object',
    ]);
    expect(store.reading.prepare('SELECT count(*) AS n FROM events').get()).toEqual({ n: 0 });
  });
});

describe('the type', () => {
  test.each([
    ['account/v1/userCreated', 'account/v1/userCreated'],
    ['account/v1/userRevokedPropertyAccess', 'account/v1/userRevokedPropertyAccess'],
    ['account/v2/somethingNew', 'account/v2/somethingNew'],
    ['workflow/forgot-password', 'account/v1/forgotPassword'],
    ['account/v1/userLogin', 'account/v1/login'],
    ['Pre-Registration', 'account/v1/preRegistration'],
    ['https://idp.example.com/events/password_updated', 'account/v1/passwordUpdated'],
    ['mine/x', 'renamed'],
  ])('of the key %s is %s', async (key, type) => {
    const { post } = await start({}, { types: { 'mine/x': 'renamed' } });
    const [event] = (await post(await sign(claimsNow({ events: { [key]: {} } })), secevent)).events;
    expect(event?.type).toBe(type);
    expect(event?.context).toEqual({ issuer, audience: [audience], ...(key === type ? {} : { sentType: key }) });
  });
});

test('types may be named in a list, as a form holds them', async () => {
  const { post } = await start({}, { types: ['https://a.example.com/x = y', 'z=w'] });
  const named = await post(await sign(claimsNow({ events: { 'https://a.example.com/x': {} } })), secevent);
  expect(named.events[0]?.type).toBe('y');
  expect(() => prepareSource({ preset, verify, event: { types: ['nothing'] } })).toThrow('must be a key');
});

describe('an encrypted token', () => {
  const encrypt = async (inner: string, alg = 'RSA-OAEP-256', key = reader.publicKey) =>
    new CompactEncrypt(Buffer.from(inner)).setProtectedHeader({ alg, enc: 'A256GCM', cty: 'JWT' }).encrypt(key);
  const decrypting = { decryptionKey: { env: 'PEM' }, previousDecryptionKey: { env: 'JWK' } };

  test('is decrypted and then verified, with the key of today or of yesterday, bare or wrapped', async () => {
    const { post } = await start(decrypting);
    expect((await post(await encrypt(await sign()), secevent)).events).toMatchObject([
      { type: 'account/v1/userUpdated', verification: { detail: 'encrypted, RS256, key rsa-1' } },
    ]);
    const old = await encrypt(await sign(), 'ECDH-ES', oldReader.publicKey);
    expect((await post({ jwt: old })).events).toHaveLength(1);
  });

  test.each<[string, object, () => Promise<string>, number, string]>([
    [
      'to somebody else',
      decrypting,
      async () => encrypt(await sign(), 'RSA-OAEP-256', stranger.publicKey),
      401,
      'decryption_failed',
    ],
    [
      'around a bad signature',
      decrypting,
      async () => encrypt(await sign(claimsNow(), {}, stranger.privateKey)),
      401,
      'signature_mismatch',
    ],
    [
      'with a password',
      decrypting,
      () =>
        new CompactEncrypt(Buffer.from('x'))
          .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
          .encrypt(new Uint8Array(32)),
      401,
      'algorithm_not_allowed',
    ],
    ['around bare claims', decrypting, () => encrypt(JSON.stringify(claimsNow())), 401, 'token_malformed'],
    ['without a key here', {}, async () => encrypt(await sign()), 401, 'token_encrypted'],
    [
      'with a key that is none',
      { decryptionKey: { env: 'BAD' } },
      async () => encrypt(await sign()),
      503,
      'source_misconfigured',
    ],
  ])('%s is refused', async (_name, settings, token, status, code) => {
    const { post } = await start(settings);
    const outcome = await post(await token(), secevent);
    expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
  });

  test('with a broken key is a problem of the source that does not show the key', async () => {
    const { registry } = await start({ decryptionKey: { env: 'BAD' } });
    expect(registry.get('src')?.problem).toBe(
      'verify.decryptionKey: is not a private key as PEM (without a password) or JWK',
    );
  });
});

test.each<[string, string, Record<string, string>, string]>([
  ['nothing', '', {}, 'token_missing'],
  ['JSON without a token', '{"a":1}', {}, 'token_missing'],
  ['broken JSON', '{"token":', {}, 'token_missing'],
  ['claims that nobody signed', JSON.stringify({ iss: issuer, events }), {}, 'token_missing'],
  ['two parts of a token', 'eyJh.eyJi', secevent, 'token_missing'],
  ['bytes', '\ud800', { 'content-type': 'application/octet-stream' }, 'token_missing'],
  ['a mebibyte of letters', bigText, { 'content-type': 'text/plain' }, 'token_missing'],
])('%s is refused with a reason that is kept', async (_name, body, headers, code) => {
  const outcome = await (await start()).post(body, headers);
  expect([outcome.status, outcome.reason?.code]).toEqual([401, code]);
});

describe('keys from a file', () => {
  test('count at once when the file changes', async () => {
    const files: Record<string, string> = {};
    const source = await startSource({ preset, verify: { ...verify, jwks: { env: 'JWKS' } } }, files);
    expect((await source.post(await sign(), secevent)).reason?.code).toBe('source_misconfigured');
    files.JWKS = JSON.stringify(keys);
    expect((await source.post(await sign(), secevent)).status).toBe(200);
    files.JWKS = JSON.stringify(await keySet(await publicJwk(stranger.publicKey, 'new')));
    expect((await source.post(await sign(), secevent)).reason?.code).toBe('key_unknown');
    files.JWKS = '{"keys":[]}';
    expect(source.registry.get('src')?.problem).toBe('verify.jwks: holds no public key');
  });

  test('are read where the definition says', async () => {
    const file = join(tempDir(), 'jwks.json');
    writeFileSync(file, JSON.stringify(keys));
    const prepared = prepareSource({ preset, verify: { ...verify, jwks: { file } } });
    // The tests' reader knows variables only: that it is asked at all shows that the file goes the way of secrets.
    await expect(prepared.verify(buildRequest({ body: Buffer.from(await sign()) }))).rejects.toThrow(AppError);
  });
});

describe('keys inside this network', () => {
  /** A provider of a company's own, with its own authority, at a name that leads to this machine. */
  async function startProvider() {
    const host = 'localhost';
    const tls = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const ca = selfSigned(tls, host);
    let asked = 0;
    const server = createHttpsServer(
      { key: tls.privateKey.export({ format: 'pem', type: 'pkcs8' }), cert: ca },
      (_req, res) => {
        asked++;
        res.end(JSON.stringify(keys));
      },
    );
    let connections = 0;
    server.on('connection', () => connections++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return { port, url: `https://${host}:${port}/jwks.json`, ca, asked: () => asked, connections: () => connections };
  }

  test('are asked for only where the source says so, and the source says what to set', async () => {
    const provider = await startProvider();
    for (const url of [provider.url, `https://127.0.0.1:${provider.port}/`]) {
      const { post, registry } = await start({ jwks: { url } });
      const outcome = await post(await sign(), secevent);
      expect([outcome.status, outcome.reason?.code]).toEqual([503, 'source_misconfigured']);
      expect(registry.get('src')?.problem).toMatch(
        /127\.0\.0\.1\S* (which )?is no public address.*set verify\.jwks\.allowPrivate to true/,
      );
      expect(provider.connections()).toBe(0);
    }
    const open = await start({ jwks: { url: provider.url, allowPrivate: true } });
    await open.post(await sign(), secevent);
    // It got as far as the certificate, whose authority nobody knows here.
    expect(provider.connections()).toBe(1);
    expect(open.registry.get('src')?.problem).toContain('self-signed');
    const remote = createRemoteKeys(provider.url, 'private', parseKeySet, { ca: provider.ca });
    await expect(remote.current()).resolves.toBeTypeOf('function');
    expect(provider.asked()).toBe(1);
  });

  test.each([
    ['8.8.8.8', [null, null, 'is no address of this machine']],
    ['2001:4860:4860::8888', [null, null, 'is no address of this machine']],
    ['127.0.0.1', ['is no public address', null, null]],
    ['::1', ['is no public address', null, null]],
    ['::ffff:10.0.0.1', ['is no public address', null, 'is no address of this machine']],
    ['10.1.2.3', ['is no public address', null, 'is no address of this machine']],
    ['192.168.0.1', ['is no public address', null, 'is no address of this machine']],
    ['100.64.0.1', ['is no public address', null, 'is no address of this machine']],
    ['fd12:3456::1', ['is no public address', null, 'is no address of this machine']],
    ...[
      '169.254.169.254',
      '::ffff:169.254.169.254',
      'fe80::1',
      'fd00:ec2::254',
      '100.100.100.200',
      '168.63.129.16',
      '0.0.0.0',
      '::',
      '224.0.0.1',
      '255.255.255.255',
      '64:ff9b::a9fe:a9fe',
      '2002:a9fe:a9fe::',
    ].map((address): [string, string[]] => [address, Array(3).fill('is a reserved address, which is never allowed')]),
  ])('%s is reached as public, private and loopback: %j', (address, expected) => {
    expect((['public', 'private', 'loopback'] as const).map((reach) => refuseAddress(address, reach))).toEqual(
      expected,
    );
  });
});

describe('keys at an address', () => {
  /** Publishes whatever `served` is at the moment. */
  async function publish(served: { status: number; body: string; headers?: Record<string, string> }) {
    let asked = 0;
    const server = createServer((_req, res) => {
      asked++;
      res.writeHead(served.status, { 'content-type': 'application/json', ...served.headers }).end(served.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/jwks.json`;
    const source = await start({ jwks: { url, allowLoopbackHttp: true } });
    return { ...source, asked: () => asked };
  }
  function setClock(): (ms: number) => void {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    onTestFinished(() => void vi.useRealTimers());
    return (ms) => void vi.setSystemTime(Date.now() + ms);
  }

  test('are fetched once for many deliveries', async () => {
    const { post, asked } = await publish({ status: 200, body: JSON.stringify(keys) });
    const tokens = await Promise.all([sign(), sign(), sign()]);
    const outcomes = await Promise.all(tokens.map((token) => post(token, secevent)));
    expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(asked()).toBe(1);
  });

  test('are fetched anew for an unknown key, at most once a minute', async () => {
    const advance = setClock();
    const served = { status: 200, body: JSON.stringify(keys) };
    const { post, asked } = await publish(served);
    expect((await post(await sign(), secevent)).status).toBe(200);
    served.body = JSON.stringify(await keySet(await publicJwk(stranger.publicKey, 'new')));
    const fresh = () => sign(claimsNow(), { kid: 'new' }, stranger.privateKey);
    expect((await post(await fresh(), secevent)).reason?.code).toBe('key_unknown');
    expect(asked()).toBe(1);
    advance(61_000);
    expect((await post(await fresh(), secevent)).status).toBe(200);
    expect((await post(await sign(), secevent)).reason?.code).toBe('key_unknown');
    expect(asked()).toBe(2);
  });

  test('serve on while their host is away, for a day', async () => {
    const advance = setClock();
    const served = { status: 200, body: JSON.stringify(keys) };
    const { post } = await publish(served);
    await post(await sign(), secevent);
    served.status = 500;
    advance(3 * 3_600_000);
    expect((await post(await sign(), secevent)).status).toBe(200);
    advance(24 * 3_600_000);
    expect((await post(await sign(), secevent)).status).toBe(503);
    served.status = 200;
    advance(61_000);
    expect((await post(await sign(), secevent)).status).toBe(200);
  });

  test.each<[string, { status: number; body: string; headers?: Record<string, string> }, string]>([
    ['that is not there', { status: 404, body: '' }, 'it answered 404'],
    ['that holds no JSON', { status: 200, body: '<html>' }, 'the key set is not valid JSON'],
    ['that holds no keys', { status: 200, body: '{"a":1}' }, 'is not a JWK set'],
    ['that is too large', { status: 200, body: ' '.repeat(300_000) }, 'larger than 256 KiB'],
    ['that leads elsewhere', { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } }, 'redirect'],
  ])('at an address %s are a problem of the source, to be tried again', async (_name, served, message) => {
    const { post, registry, asked } = await publish(served);
    const outcome = await post(await sign(), secevent);
    expect([outcome.status, outcome.reason?.code]).toEqual([503, 'source_misconfigured']);
    expect(registry.get('src')?.problem).toContain(message);
    await post(await sign(), secevent);
    expect(asked()).toBe(1);
  });
});

describe('a definition', () => {
  const secretJwk = { ...rsa.privateKey.export({ format: 'jwk' }) };
  test.each<[object, string]>([
    [{ jwks: { url: 'http://idp.example.com/jwks' } }, 'verify.jwks.url must start with https://'],
    [{ jwks: { url: 'http://127.0.0.1/jwks' } }, 'verify.jwks.url must start with https://'],
    [{ jwks: { url: 'http://10.0.0.1/jwks', allowLoopbackHttp: true } }, 'verify.jwks.url must start with https://'],
    [
      { jwks: { url: 'https://169.254.169.254/jwks' } },
      'verify.jwks.url must lead elsewhere: 169.254.169.254 is a reserved',
    ],
    [
      { jwks: { url: 'https://[fd00:ec2::254]/jwks', allowPrivate: true } },
      'verify.jwks.url must lead elsewhere: fd00:ec2::254 is a reserved',
    ],
    [{ jwks: { url: 'https://a:b@idp.example.com/jwks' } }, 'verify.jwks.url must not contain a user name'],
    [{ jwks: { url: 'jwks' } }, 'verify.jwks.url must be an address'],
    [{ jwks: {} }, 'verify.jwks must say where the keys are'],
    [{ jwks: { url: 'https://a.example.com', file: 'x' } }, 'verify.jwks must say where the keys are'],
    [{ jwks: { inline: 'x' } }, 'verify.jwks.inline the key set is not valid JSON'],
    [{ jwks: { inline: secretJwk } }, 'verify.jwks.inline holds a private key'],
    [{ jwks: { inline: { kty: 'oct', k: 'AAAA' } } }, 'verify.jwks.inline holds no public key'],
    [{ issuer: undefined }, 'verify.issuer must be a text or a list of texts'],
    [{ algorithms: ['HS256'] }, 'verify.algorithms.0 must be one of '],
    [{ algorithms: [] }, 'must name at least one algorithm'],
    [{ maxAge: '1y' }, 'must be a time such as'],
  ])('%j is not taken', (settings, message) => {
    const wrong = JSON.parse(JSON.stringify({ ...verify, ...settings }));
    expect(() => prepareSource({ preset, verify: wrong })).toThrow(message);
  });

  test('takes a single JWK, and a set as text', async () => {
    const single = jsonSchema.parse(await publicJwk(rsa.publicKey, 'rsa-1'));
    const jwk = typeof single === 'object' && single !== null && !Array.isArray(single) ? single : {};
    expect((await (await start({ jwks: { inline: jwk } })).post(await sign(), secevent)).status).toBe(200);
    const text = JSON.stringify(keys);
    expect((await (await start({ jwks: { inline: text } })).post(await sign(), secevent)).status).toBe(200);
  });
});

describe('a source without verification', () => {
  const open = () => startSource({ preset, verify: { scheme: 'none' } });

  test('reads tokens of anybody, and claims written out', async () => {
    const { post } = await open();
    expect((await post(await sign(claimsNow(), {}, stranger.privateKey), secevent)).events).toMatchObject([
      { type: 'account/v1/userUpdated', verification: { state: 'none' } },
    ]);
    expect((await post(claimsNow())).events).toMatchObject([{ type: 'account/v1/userUpdated', payload: updated }]);
  });

  test.each<[string, string]>([
    ['nothing', ''],
    ['text', 'hello'],
    ['broken JSON', '{'],
    ['a list', '[{"events":{}}]'],
    ['a token whose claims are none', 'eyJh.eyJi.AAAA'],
  ])('refuses %s', async (_name, body) => {
    const outcome = await (await open()).post(body);
    expect([outcome.status, outcome.reason?.code]).toEqual([422, expect.stringMatching(/^token_(missing|malformed)$/)]);
  });
});

test('masked fields are masked in the token that is kept, too', async () => {
  const { post } = await start({}, { redact: ['link'] });
  const claims = claimsNow({
    events: { 'account/v1/registration': { link: 'https://idp.example.com/verify?t=hunter2' } },
  });
  const { events: stored, delivery } = await post({ token: await sign(claims) });
  expect(stored[0]?.payload).toEqual({ link: '***' });
  expect(delivery.body.data).toMatch(/^\{"token":"eyJ[\w-]+\.\*\*\*\.[\w-]+"\}$/);
});
