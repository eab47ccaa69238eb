import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { type OpenApp, openApp } from './open-app.ts';

const login = (jti: string) => ({
  iss: 'https://idp.example.com',
  iat: 1_769_846_400,
  jti,
  aud: 'https://hooks.example.com',
  events: { 'account/v1/login': { sub: 'u1', clientId: 'c1', propertyId: 'p1', dataSourceInfo: {} } },
});

async function openIdentity(script: string): Promise<OpenApp> {
  const app = await openApp();
  await app.call('sources.create', { slug: 'idp', preset: 'next-identity', verify: { scheme: 'none' } });
  const file = app.script('risk.mjs', script);
  await app.call('jobs.create', { slug: 'risk', kind: 'script', file });
  const decide = { slug: 'decide', source: 'idp', job: 'risk', mode: 'enrich', deadline: '60s' } as const;
  await app.call('listeners.create', { ...decide, fallback: { action: 'challenge' } });
  return app;
}

/** As a vendor checks it: with the keys that it fetches from us. */
async function verified(app: OpenApp, token: string) {
  const { jwksUrl, issuer } = await app.call('keys.list', {});
  return jwtVerify(token, createRemoteJWKSet(new URL(jwksUrl)), { issuer });
}

it('signs the decision for Next Identity with a key that it publishes', async () => {
  const app = await openIdentity(
    'export default (event) => ({ action: "block", custom_claims: { sub: event.payload.sub }, note: "not for them" });',
  );
  expect((await app.call('keys.list', {})).items).toEqual([]);
  const response = await app.post('idp', login('one'));
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/jwt');
  const token = await response.text();
  const { payload, protectedHeader } = await verified(app, token);
  expect(payload).toEqual({
    iss: app.runtime.receiverUrl,
    iat: expect.any(Number),
    jti: expect.any(String),
    action: 'block',
    custom_claims: { sub: 'u1' },
  });
  expect(Math.abs(Date.now() / 1000 - (payload.iat ?? 0))).toBeLessThan(30);
  const [key] = (await app.call('keys.list', {})).items;
  expect(protectedHeader).toEqual({ alg: 'RS256', kid: key?.id, typ: 'JWT' });
  expect(await (await app.post('idp', login('one'))).text()).toBe(token);
});

it('answers an outcome that is no decision with the fallback, signed, and keeps the reason', async () => {
  const app = await openIdentity(
    'export default (event) => event.payload.sub === "u1" ? { action: "maybe" } : { action: "allow", custom_claims: [] };',
  );
  const response = await app.post('idp', login('one'));
  expect((await verified(app, await response.text())).payload.action).toBe('challenge');
  const [event] = (await app.call('events.list', { query: 'source:idp' })).items;
  const { answer } = await app.call('events.get', { id: event?.id ?? '' });
  expect(answer).toMatchObject({
    decided: 'fallback',
    reason: 'invalid',
    message: 'a decision must be an object with the action allow, block or challenge',
    decision: { action: 'challenge' },
  });
});

it('answers 503 when not even the fallback is a decision, and decides anew when that is mended', async () => {
  const app = await openIdentity('export default () => 5;');
  const { version } = await app.call('listeners.get', { slug: 'decide' });
  const decide = { slug: 'decide', source: 'idp', job: 'risk', mode: 'enrich', deadline: '60s' } as const;
  await app.call('listeners.update', { ...decide, fallback: { action: 'deny' }, version });
  const refused = await app.post('idp', login('one'));
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ error: { code: 'answer_unavailable' } });
  const id = refused.headers.get('signalbox-delivery') ?? '';
  expect(await app.call('deliveries.get', { id })).toMatchObject({
    result: 'accepted',
    status: 503,
    reason: { code: 'answer_unavailable', message: expect.stringContaining('the fallback of listener decide') },
  });
  await app.call('listeners.update', { ...decide, fallback: { action: 'block' }, version: version + 1 });
  const again = await app.post('idp', login('one'));
  expect((await verified(app, await again.text())).payload.action).toBe('block');
});

it('publishes the new and the previous key after a rotation, also after a restart', async () => {
  const app = await openIdentity('export default () => ({ action: "allow" });');
  const before = await (await app.post('idp', login('one'))).text();
  const rotated = await app.call('keys.rotate', { algorithm: 'ES256' });
  const after = await (await app.post('idp', login('two'))).text();
  expect(decodeProtectedHeader(after)).toEqual({ alg: 'ES256', kid: rotated.id, typ: 'JWT' });
  await verified(app, before);
  await app.stop();
  const again = await openApp(app.dataDir);
  const later = await (await again.post('idp', login('three'))).text();
  expect(decodeProtectedHeader(later).kid).toBe(rotated.id);
  const response = await fetch(`${again.runtime.receiverUrl}/.well-known/jwks.json`);
  expect(response.headers.get('content-type')).toBe('application/jwk-set+json');
  expect(response.headers.get('cache-control')).toBe('public, max-age=300');
  const { keys } = z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).parse(await response.json());
  const previous = decodeProtectedHeader(before).kid;
  expect(keys.map(({ kid }) => kid)).toEqual([rotated.id, previous]);
  for (const key of keys) expect(key).not.toHaveProperty('d');
  await again.call('keys.rotate', {});
  const states = (await again.call('keys.list', {})).items.map(({ id, state, algorithm }) => [id, state, algorithm]);
  expect(states).toEqual([
    [expect.any(String), 'current', 'ES256'],
    [rotated.id, 'previous', 'ES256'],
  ]);
});

it('keeps no private key on the disk in clear', async () => {
  const app = await openIdentity('export default () => ({ action: "allow" });');
  await app.call('keys.rotate', { algorithm: 'RS256' });
  await app.stop();
  const bytes = readFileSync(join(app.dataDir, 'signalbox.db'), 'latin1');
  expect(bytes).toContain('"kty":"RSA"');
  expect(bytes).not.toContain('"dp":"');
});
