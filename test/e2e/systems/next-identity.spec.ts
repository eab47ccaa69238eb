import { generateKeyPairSync } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import {
  CompactEncrypt,
  createLocalJWKSet,
  decodeProtectedHeader,
  exportJWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { z } from 'zod';
import { SAMPLE_AUDIENCE as audience, SAMPLE_ISSUER as issuer } from '../../../shared/vendors/next-identity/types.ts';
import { sampleDelivery } from '../../../shared/vendors/sample-delivery.ts';
import { ask } from '../../process/http.ts';
import { acceptedEvents, look, type OpenSystem, openSystem, rowOf, runOf, showEvent } from './open-system.ts';

// Each test goes on where the one before has ended.
test.describe.configure({ mode: 'serial' });

const idp = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const reader = generateKeyPairSync('rsa', { modulusLength: 2048 });

const config = `version: 1
sources:
  - slug: idp
    preset: next-identity
    verify:
      jwks: { file: idp.jwks.json }
      issuer: "${issuer}"
      audience: "${audience}"
      decryptionKey: { env: IDP_READER }
jobs:
  - { slug: note, kind: command, command: [cat] }
  - { slug: risk, kind: script, file: risk.mjs }
  - { slug: doze, kind: script, file: doze.mjs, concurrency: 4 }
listeners:
  - { slug: decide, source: idp, type: account/v1/login, where: { field: context.clientId, op: eq, value: client-web }, mode: enrich, deadline: 60s, priority: 5, fallback: { action: allow }, job: risk }
  - { slug: also-decides, source: idp, type: account/v1/login, mode: enrich, deadline: 60s, priority: 1, job: doze }
  - { slug: dozes, source: idp, type: account/v1/login, where: { field: context.clientId, op: eq, value: client-slow }, mode: enrich, deadline: 400ms, priority: 9, fallback: { action: challenge, custom_claims: { why: late } }, job: doze }
  - { slug: moved, source: idp, type: account/v1/userUpdated, where: { field: payload.dataSourceInfo.attributes, op: contains, value: primaryAddress.city }, job: note }
`;

const files = {
  'risk.mjs': `export default (event) => ({ action: event.payload.ipAddress === '203.0.113.66' ? 'block' : 'allow', custom_claims: { seen: event.context.sub } });\n`,
  'doze.mjs': `import { setTimeout as wait } from 'node:timers/promises';
export default async (event, run) => { await wait(60_000, null, { signal: run.signal }); };
`,
};

let open: OpenSystem;
let page: Page;

test.beforeAll(async ({ browser }) => {
  const jwk = { ...(await exportJWK(idp.publicKey)), kid: 'idp-1' };
  const pem = reader.privateKey.export({ type: 'pkcs8', format: 'pem' });
  open = await openSystem({
    view: { browser },
    config,
    files: { ...files, 'idp.jwks.json': JSON.stringify({ keys: [jwk] }) },
    env: { IDP_READER: String(pem) },
  });
  ({ page } = open);
});

test.afterAll(async () => {
  await open?.end();
});

let sent = 0;
/** Claims as the catalogue shows them, with what the test is about put into the event. */
function claimsOf(type: string, subject: Record<string, unknown> = {}, claims: JWTPayload = {}): JWTPayload {
  const key = `account/v1/${type}`;
  const delivery = sampleDelivery('next-identity', key, { id: `jti-${++sent}`, atMs: Date.now() });
  const made = z.object({ events: z.record(z.string(), z.record(z.string(), z.unknown())) }).loose();
  const sample = made.parse(JSON.parse(delivery?.body ?? ''));
  return { ...sample, events: { [key]: { ...sample.events[key], ...subject } }, ...claims };
}

const sign = (claims: JWTPayload, header = {}, key = idp.privateKey): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'idp-1', typ: 'secevent+jwt', ...header }).sign(key);

const send = (body: string, contentType = 'application/secevent+jwt') =>
  open.send('idp', { method: 'POST', headers: { 'content-type': contentType }, body });

const accept = async (body: string, contentType?: string): Promise<string> =>
  acceptedEvents(await send(body, contentType))[0] ?? '';

const idOf = async (claims: JWTPayload): Promise<string> => {
  const { items } = await open.call('events.list', { query: `source:idp "${claims.jti}"`, limit: 50 });
  return items.find(({ externalId }) => externalId === claims.jti)?.id ?? '';
};

/** Claims of an answer that the published keys have signed. */
async function verifyAnswer(token: string) {
  const { text } = await ask(`${open.receiverUrl}/.well-known/jwks.json`);
  const { payload } = await jwtVerify(token, createLocalJWKSet(JSON.parse(text)));
  return payload;
}

test('tokens are taken bare, wrapped and encrypted, with client, property and user in the context', async () => {
  const wrapped = JSON.stringify({ token: await sign(claimsOf('userDeleted')) });
  const sealed = await new CompactEncrypt(Buffer.from(await sign(claimsOf('userCreated'))))
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT' })
    .encrypt(reader.publicKey);
  const ids = [
    await accept(await sign(claimsOf('userUpdated'))),
    await accept(await sign(claimsOf('userUpdated')), 'application/jwt'),
    await accept(await sign(claimsOf('userRevokedPropertyAccess')), 'text/plain'),
    await accept(wrapped, 'application/json'),
    await accept(sealed),
  ];
  const types = await Promise.all(ids.map(async (id) => (await open.call('events.get', { id })).type));
  expect(types.map((type) => type.replace('account/v1/', ''))).toEqual([
    'userUpdated',
    'userUpdated',
    'userRevokedPropertyAccess',
    'userDeleted',
    'userCreated',
  ]);
  await showEvent(open, ids[0] ?? '', 'Payload');
  await expect(page.getByText('A user profile was updated.')).toBeVisible();
  const panel = page.getByRole('tabpanel');
  for (const text of ['"clientId": "client-web"', '"propertyId": "prop-shop"', '"sub": "c0a8f3d2']) {
    await expect(panel).toContainText(text);
  }
  await look(page, 'idp-01-event');
  expect(await runOf(open, ids[0] ?? '')).toMatchObject({ listener: 'moved', state: 'completed' });
  const elsewhere = await accept(await sign(claimsOf('userUpdated', { dataSourceInfo: { attributes: ['email'] } })));
  expect((await open.call('runs.list', { eventId: elsewhere })).items).toEqual([]);
  await open.goTo('/live?q=context.propertyId:prop-shop type:account/v1/userUpdated');
  await expect(rowOf(page, 'Events', /userUpdated/)).toHaveCount(3);
});

test('what is not from the sender, or not for us, is refused with its reason', async () => {
  const refusals = {
    audience_wrong: await sign(claimsOf('userCreated', {}, { aud: ['https://elsewhere.example.com'] })),
    issuer_wrong: await sign(claimsOf('userCreated', {}, { iss: 'https://other.example.com' })),
    key_unknown: await sign(claimsOf('userCreated'), { kid: 'idp-2' }, stranger.privateKey),
    signature_mismatch: await sign(claimsOf('userCreated'), {}, stranger.privateKey),
    algorithm_not_allowed: await new SignJWT(claimsOf('userCreated'))
      .setProtectedHeader({ alg: 'HS256', kid: 'idp-1' })
      .sign(Buffer.from(String(idp.publicKey.export({ type: 'spki', format: 'pem' })))),
    none: new UnsecuredJWT(claimsOf('userCreated')).encode(),
  };
  for (const [code, token] of Object.entries(refusals)) expect([code, (await send(token)).status]).toEqual([code, 401]);
  await open.goTo('/sources/idp');
  await page.getByRole('tab', { name: 'Deliveries' }).click();
  await page.getByRole('tab', { name: 'Refused' }).click();
  await expect(rowOf(page, 'Deliveries', /./)).toHaveCount(6);
  for (const code of ['audience_wrong', 'issuer_wrong', 'key_unknown', 'signature_mismatch', 'algorithm_not_allowed']) {
    await expect(rowOf(page, 'Deliveries', code).first()).toBeVisible();
  }
  await rowOf(page, 'Deliveries', 'audience_wrong').click();
  await expect(page.getByText('the token is not meant for the audience of this source').last()).toBeVisible();
  await look(page, 'idp-02-refused');
});

test('each of the three subscriptions becomes a listener', async () => {
  await open.goTo('/sources/idp');
  await page.getByRole('tab', { name: 'Overview' }).click();
  const subscriptions = page.getByRole('region', { name: 'Subscriptions' });
  await subscriptions.scrollIntoViewIfNeeded();
  await look(page, 'idp-03-subscriptions');
  for (const { label, slug, job, mode } of [
    { label: /user-data/, slug: 'idp-user-data-prop-shop', job: 'note', mode: 'notify' },
    { label: /transactional/, slug: 'idp-transactional-email-client-web', job: 'note', mode: 'notify' },
    { label: /enrich/, slug: 'idp-enrich-client-web', job: 'risk', mode: 'enrich' },
  ]) {
    await subscriptions.getByRole('combobox', { name: 'Job' }).click();
    await page.getByRole('option', { name: job, exact: true }).click();
    const row = subscriptions.getByRole('listitem').filter({ hasText: label });
    await row.getByRole('button', { name: 'Install' }).click();
    await expect(row.getByRole('link', { name: 'Installed' })).toBeVisible();
    expect(await open.call('listeners.get', { slug })).toMatchObject({ source: 'idp', state: 'active', job, mode });
  }
  await look(page, 'idp-04-installed');
  const mail = await accept(await sign(claimsOf('forgotPassword')));
  expect(await runOf(open, mail)).toMatchObject({ listener: 'idp-transactional-email-client-web' });
  const created = await accept(await sign(claimsOf('userCreated')));
  expect(await runOf(open, created)).toMatchObject({ listener: 'idp-user-data-prop-shop' });
});

test("a login is answered with the job's decision as a token that the published keys verify", async () => {
  const allowed = claimsOf('login');
  const answer = await send(await sign(allowed));
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/jwt']);
  expect(await verifyAnswer(answer.text)).toMatchObject({
    action: 'allow',
    custom_claims: { seen: 'c0a8f3d2-51b7-4f6e-9c1d-2e7b90d4aa10' },
    iss: expect.any(String),
    jti: expect.any(String),
  });
  const blocked = await send(await sign(claimsOf('login', { ipAddress: '203.0.113.66' })));
  expect(await verifyAnswer(blocked.text)).toMatchObject({ action: 'block' });

  await showEvent(open, await idOf(allowed), 'Answer');
  const panel = page.getByRole('tabpanel');
  await expect(panel).toContainText('its job');
  await expect(panel).toContainText(answer.text);
  await expect(panel.getByRole('link', { name: 'also-decides' })).toBeVisible();
  await look(page, 'idp-05-answer');
  await page.getByRole('tab', { name: /^Why/ }).click();
  await expect(panel).toContainText('answers the request');
  await expect(panel).toContainText('decide answers the request: it has priority 5, this one 1');
  await look(page, 'idp-06-why');
  // A repeat gets the same answer, and starts nothing.
  const again = await send(await sign(allowed));
  expect(again.text).toBe(answer.text);
  expect((await open.call('runs.list', { eventId: await idOf(allowed) })).items).toHaveLength(1);
});

test('a job that is too slow leaves the word to the fallback', async () => {
  const claims = claimsOf('login', { clientId: 'client-slow' });
  const answer = await send(await sign(claims));
  expect(answer.status).toBe(200);
  expect(await verifyAnswer(answer.text)).toMatchObject({ action: 'challenge', custom_claims: { why: 'late' } });
  await showEvent(open, await idOf(claims), 'Answer');
  await expect(page.getByRole('tabpanel')).toContainText('no decision within 400ms');
  await look(page, 'idp-07-fallback');
});

test('after a rotation in the settings, answers of both keys verify', async () => {
  const before = await send(await sign(claimsOf('login')));
  await open.goTo('/settings');
  const keys = page.getByRole('list', { name: 'Signing keys' });
  await keys.scrollIntoViewIfNeeded();
  await expect(keys.getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: 'Rotate' }).click();
  await page.getByText('ES256', { exact: true }).click();
  await look(page, 'idp-08-rotate');
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(keys.getByRole('listitem')).toHaveCount(2);
  await look(page, 'idp-09-keys');
  const after = await send(await sign(claimsOf('login')));
  const kids = [before, after].map(({ text }) => decodeProtectedHeader(text).kid);
  expect(new Set(kids).size).toBe(2);
  expect(decodeProtectedHeader(after.text).alg).toBe('ES256');
  for (const { text } of [before, after]) expect(await verifyAnswer(text)).toMatchObject({ action: 'allow' });
  expect(open.complaints).toEqual([]);
});
