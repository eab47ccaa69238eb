import { generateKeyPairSync, verify } from 'node:crypto';
import { verify as verifyGithub } from '@octokit/webhooks-methods';
import { verifySlackRequest } from '@slack/bolt';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, it } from 'vitest';
import type { Sign } from '../../shared/contract/http-jobs.ts';
import type { HttpJobSpec } from '../../shared/contract/jobs.ts';
import { defined, openRunner } from '../jobs/open-runner.ts';
import { openApp } from '../runtime/open-app.ts';
import { selfSigned } from '../sources/self-signed.ts';
import { eventually } from '../support/eventually.ts';
import { type Received, receivingServer } from './receiving-server.ts';

const payload = { id: 7, name: 'Zoë', amount: 12.5 };

/** What a destination gets of one event, signed so. */
async function send(
  sign: Sign | Sign[],
  secrets: Record<string, string>,
  answer?: Parameters<typeof receivingServer>[0],
  more: Partial<HttpJobSpec> = {},
) {
  const server = await receivingServer(answer);
  const spec: HttpJobSpec = {
    slug: 'erp',
    kind: 'http',
    url: server.url,
    allowPrivate: true,
    body: 'payload',
    sign,
    ...more,
  };
  const app = openRunner([defined(spec)], { secrets });
  await app.runner.start();
  const row = await app.ended(await app.post('erp', payload));
  const [request] = server.received;
  if (request === undefined) throw new Error(`nothing came: ${row.error}`);
  return { app, row, request, server };
}

const text = (request: Received, name: string): string => String(request.headers[name]);
const webhookHeaders = (request: Received) => ({
  'webhook-id': text(request, 'webhook-id'),
  'webhook-timestamp': text(request, 'webhook-timestamp'),
  'webhook-signature': text(request, 'webhook-signature'),
});

const first = `whsec_${Buffer.from('a-secret-of-some-length').toString('base64')}`;
const second = `whsec_${Buffer.from('the-one-before-that').toString('base64')}`;

describe('signatures, as their vendors verify them', () => {
  it('signs as Standard Webhooks', async () => {
    const { request, row } = await send({ scheme: 'standard-webhooks', secrets: [{ secret: 'a' }] }, { a: first });
    expect(new Webhook(first).verify(request.text, webhookHeaders(request))).toEqual(payload);
    expect(() => new SvixWebhook(first).verify(request.text, webhookHeaders(request))).not.toThrow();
    expect(text(request, 'webhook-id')).toBe(`${row.event_id}_on-erp`);
    for (const Verifier of [Webhook, SvixWebhook]) {
      expect(() => new Verifier(second).verify(request.text, webhookHeaders(request))).toThrow();
    }
  });

  it('signs with both secrets while one is rotated out', async () => {
    const sign: Sign = { scheme: 'standard-webhooks', secrets: [{ secret: 'a' }, { secret: 'b' }] };
    const { request } = await send(sign, { a: first, b: second });
    for (const secret of [first, second]) {
      expect(new Webhook(secret).verify(request.text, webhookHeaders(request))).toEqual(payload);
      expect(() => new SvixWebhook(secret).verify(request.text, webhookHeaders(request))).not.toThrow();
    }
  });

  it('signs as Standard Webhooks with an Ed25519 key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const seed = Buffer.from(String(privateKey.export({ format: 'jwk' }).d), 'base64url');
    const raw = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
    for (const key of [seed, Buffer.concat([seed, raw])]) {
      const sign: Sign = { scheme: 'standard-webhooks', secrets: [{ secret: 'a' }] };
      const { request } = await send(sign, { a: `whsk_${key.toString('base64')}` });
      const [version, signature = ''] = text(request, 'webhook-signature').split(',');
      const signed = `${text(request, 'webhook-id')}.${text(request, 'webhook-timestamp')}.${request.text}`;
      expect(version).toBe('v1a');
      expect(verify(null, Buffer.from(signed), publicKey, Buffer.from(signature, 'base64'))).toBe(true);
    }
  });

  it('signs as GitHub', async () => {
    const { request } = await send({ scheme: 'github', secret: { secret: 'a' } }, { a: 'gh-secret' });
    expect(await verifyGithub('gh-secret', request.text, text(request, 'x-hub-signature-256'))).toBe(true);
    expect(await verifyGithub('another', request.text, text(request, 'x-hub-signature-256'))).toBe(false);
    expect(request.headers).toMatchObject({
      'x-github-event': 'erp',
      'x-github-delivery': text(request, 'webhook-id'),
    });
  });

  it('signs as Stripe, with both secrets', async () => {
    const sign: Sign = { scheme: 'stripe', secrets: [{ secret: 'a' }, { secret: 'b' }] };
    const { request } = await send(sign, { a: 'whsec_one', b: 'whsec_two' });
    const stripe = new Stripe('sk_test_none');
    for (const secret of ['whsec_one', 'whsec_two']) {
      expect(stripe.webhooks.constructEvent(request.text, text(request, 'stripe-signature'), secret)).toMatchObject(
        payload,
      );
    }
    expect(() => stripe.webhooks.constructEvent(request.text, text(request, 'stripe-signature'), 'whsec_no')).toThrow();
  });

  it('signs as Slack', async () => {
    const { request } = await send({ scheme: 'slack', secret: { secret: 'a' } }, { a: 'slack-secret' });
    const verifyWith = (signingSecret: string): void =>
      verifySlackRequest({
        signingSecret,
        body: request.text,
        headers: {
          'x-slack-signature': text(request, 'x-slack-signature'),
          'x-slack-request-timestamp': Number(text(request, 'x-slack-request-timestamp')),
        },
      });
    expect(() => verifyWith('slack-secret')).not.toThrow();
    expect(() => verifyWith('another')).toThrow();
  });

  it('keeps what a sender signed when the request goes on as it was received, beside its own', async () => {
    const sign: Sign = { scheme: 'standard-webhooks', secrets: [{ secret: 'a' }] };
    const { request } = await send(sign, { a: first }, undefined, { body: 'received' });
    expect(() => new Webhook(first).verify(request.text, webhookHeaders(request))).not.toThrow();
    expect(request.headers['x-many']).toBe('one, two');
  });
});

describe('credentials', () => {
  it('sends a username and password, or a token', async () => {
    const basic = await send({ scheme: 'basic', username: 'box', password: { secret: 'a' } }, { a: 'hunter22' });
    expect(basic.request.headers.authorization).toBe(`Basic ${Buffer.from('box:hunter22').toString('base64')}`);
    const bearer = await send({ scheme: 'bearer', token: { secret: 'a' } }, { a: 'token-123' });
    expect(bearer.request.headers.authorization).toBe('Bearer token-123');
  });

  it('gets an access token once for many requests, and another when it is refused', async () => {
    const answer: Parameters<typeof receivingServer>[0] = (request, response, count) => {
      if (request.url === '/token') response.end(JSON.stringify({ access_token: `t${count}`, expires_in: 3600 }));
      else {
        // The first token is good for two requests.
        response.statusCode = request.headers.authorization === 'Bearer t1' && count > 3 ? 401 : 204;
        response.end();
      }
    };
    const server = await receivingServer(answer);
    const tokenUrl = server.url.replace('/hook', '/token');
    const sign: Sign = {
      scheme: 'oauth2',
      tokenUrl,
      clientId: 'box',
      clientSecret: { secret: 'a' },
      scope: 'events:write',
    };
    const spec: HttpJobSpec = { slug: 'erp', kind: 'http', url: server.url, allowPrivate: true, sign, retries: ['0s'] };
    const app = openRunner([defined(spec)], { secrets: { a: 'hunter22' } });
    await app.runner.start();
    for (let n = 0; n < 3; n++) expect(await app.ended(await app.post('erp'))).toMatchObject({ state: 'completed' });
    const tokens = server.received.filter(({ url }) => url === '/token');
    expect(tokens).toHaveLength(2);
    expect(tokens[0]?.headers.authorization).toBe(`Basic ${Buffer.from('box:hunter22').toString('base64')}`);
    expect(Object.fromEntries(new URLSearchParams(tokens[0]?.text))).toEqual({
      grant_type: 'client_credentials',
      scope: 'events:write',
    });
    const used = server.received.filter(({ url }) => url === '/hook').map(({ headers }) => headers.authorization);
    expect(used).toEqual([
      'Bearer t1',
      'Bearer t1',
      'Bearer t1',
      `Bearer t${server.received.indexOf(tokens[1] ?? ([] as never)) + 1}`,
    ]);
  });

  it('says that no access token was given', async () => {
    const server = await receivingServer((_request, response) => {
      response.statusCode = 403;
      response.end();
    });
    const sign: Sign = { scheme: 'oauth2', tokenUrl: server.url, clientId: 'box', clientSecret: { secret: 'a' } };
    const spec: HttpJobSpec = { slug: 'erp', kind: 'http', url: server.url, allowPrivate: true, sign, retries: 'none' };
    const app = openRunner([defined(spec)], { secrets: { a: 'x' } });
    await app.runner.start();
    const row = await app.ended(await app.post('erp'));
    expect(row).toMatchObject({
      state: 'failed',
      reason: 'connection',
      error: expect.stringContaining('no access token: it answered 403'),
    });
  });

  it('shows a client certificate, and trusts the authority it is told to', async () => {
    const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const clientKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const cert = selfSigned(keys, 'localhost');
    const clientCert = selfSigned(clientKeys, 'signalbox-client');
    const pem = (key: typeof keys.privateKey): string => String(key.export({ type: 'pkcs8', format: 'pem' }));
    const server = await receivingServer(undefined, {
      key: pem(keys.privateKey),
      cert,
      ca: clientCert,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const spec: HttpJobSpec = {
      slug: 'erp',
      kind: 'http',
      url: server.url.replace('127.0.0.1', 'localhost'),
      allowPrivate: true,
      ca: { secret: 'ca' },
      sign: { scheme: 'mtls', certificate: { secret: 'cert' }, key: { secret: 'key' } },
      retries: 'none',
    };
    const { ca: _ca, ...untrusting } = spec;
    const app = openRunner([defined(spec), defined({ ...untrusting, slug: 'untrusting' })], {
      secrets: { ca: cert, cert: clientCert, key: pem(clientKeys.privateKey) },
    });
    await app.runner.start();
    const row = await app.ended(await app.post('erp'));
    expect(row).toMatchObject({ state: 'completed' });
    expect(server.received[0]?.clientName).toBe('signalbox-client');
    expect(JSON.parse(row.outcome ?? '{}').timing.tlsMs).toBeGreaterThan(0);
    expect(await app.ended(await app.post('untrusting'))).toMatchObject({ state: 'failed', reason: 'connection' });
  });

  it('signs a token with the key of this installation, which its key set verifies', async () => {
    const server = await receivingServer();
    const app = await openApp();
    await app.call('jobs.create', {
      slug: 'erp',
      kind: 'http',
      url: server.url,
      allowPrivate: true,
      sign: { scheme: 'jwt', audience: 'erp' },
    });
    const { runId } = await app.call('jobs.testRun', { slug: 'erp', event: { type: 'test', payload: {} } });
    await eventually(async () =>
      expect(await app.call('runs.get', { id: runId })).toMatchObject({ state: 'completed' }),
    );
    const token = text(server.received[0] as Received, 'authorization').replace('Bearer ', '');
    const jwks = await (await fetch(`${app.runtime.receiverUrl}/.well-known/jwks.json`)).json();
    const keys = createLocalJWKSet(jwks as JSONWebKeySet);
    const { payload: claims } = await jwtVerify(token, keys, { audience: 'erp' });
    expect(claims).toMatchObject({ jti: text(server.received[0] as Received, 'webhook-id') });
  });
});

it('does not sign with a secret of no use, and says so', async () => {
  const spec: HttpJobSpec = {
    slug: 'erp',
    kind: 'http',
    url: 'http://127.0.0.1:9/',
    allowPrivate: true,
    sign: { scheme: 'standard-webhooks', secrets: [{ secret: 'a' }] },
    retries: 'none',
  };
  const app = openRunner([defined(spec)], { secrets: { a: 'whsk_dGVu' } });
  await app.runner.start();
  const row = await app.ended(await app.post('erp'));
  expect(row).toMatchObject({ state: 'failed', reason: 'spawn', error: expect.stringContaining('32 or 64 bytes') });
});
