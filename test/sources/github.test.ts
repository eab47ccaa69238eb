import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { sign } from '@octokit/webhooks-methods';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bigText, startSource } from './start-source.ts';

const require = createRequire(import.meta.url);
/** The package is a JSON file and types of another shape than its content, so what is in it is checked here. */
const examples = z
  .array(z.object({ name: z.string(), examples: z.array(z.looseObject({ action: z.string().optional() })) }))
  .parse(require('@octokit/webhooks-examples'));

const preset = 'github';
const secrets = { NOW: 'the secret of these days', BEFORE: 'the secret of yesterday' };
const start = (spec = {}) =>
  startSource({ preset, verify: { secret: { env: 'NOW' }, previousSecret: { env: 'BEFORE' } }, ...spec }, secrets);

/** GitHub's library refuses to sign nothing. */
const emptySignature = `sha256=${createHmac('sha256', secrets.NOW).digest('hex')}`;

/** Headers with the signature as GitHub's own library makes it. */
const headersFor = async (body: string, change: Record<string, string> = {}, secret = secrets.NOW) => ({
  'x-github-event': 'issues',
  'x-github-delivery': randomUUID(),
  'x-hub-signature-256': body === '' ? emptySignature : await sign(secret, body),
  ...change,
});

const issue = {
  action: 'opened',
  issue: { number: 3 },
  repository: { full_name: 'harbor-works/depot' },
  organization: { login: 'harbor-works' },
  sender: { login: 'mila-k' },
};
const body = JSON.stringify(issue);

test('every example that others collected is taken under its type', async () => {
  const { post } = await start();
  let count = 0;
  for (const { name, examples: payloads } of examples) {
    for (const payload of payloads) {
      const text = JSON.stringify(payload);
      const outcome = await post(text, await headersFor(text, { 'x-github-event': name }));
      expect(outcome.status, `${name} ${outcome.text}`).toBe(202);
      expect(outcome.events).toMatchObject([
        {
          type: payload.action ? `${name}.${payload.action}` : name,
          payload,
          verification: { state: 'verified', scheme: 'hmac' },
        },
      ]);
      count++;
    }
  }
  expect(count).toBeGreaterThan(300);
});

test('an event has its id and says where it happened and who did it', async () => {
  const { post } = await start();
  const { events } = await post(body, await headersFor(body, { 'x-github-delivery': 'd-1' }));
  expect(events).toMatchObject([
    {
      type: 'issues.opened',
      system: 'github',
      externalId: 'd-1',
      context: {
        repository: 'harbor-works/depot',
        organization: 'harbor-works',
        sender: 'mila-k',
        action: 'opened',
      },
      payload: issue,
    },
  ]);
});

test('a form holds the same in its field "payload", signed as the form', async () => {
  const { post } = await start();
  const form = new URLSearchParams({ payload: body }).toString();
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await post(form, await headersFor(form, type))).events).toMatchObject([
    { type: 'issues.opened', payload: issue },
  ]);
  for (const text of ['payload=%7B', 'other=1', 'payload=1&payload=2']) {
    const refused = await post(text, await headersFor(text, type));
    expect([refused.status, refused.reason?.message]).toEqual([422, expect.stringContaining('payload')]);
  }
});

test('a redelivery is a duplicate', async () => {
  const { post } = await start();
  const headers = await headersFor(body);
  await post(body, headers);
  const again = await post(body, headers);
  expect([again.status, again.delivery.result]).toEqual([202, 'duplicate']);
});

describe('a signature', () => {
  const legacy = `sha1=${createHmac('sha1', secrets.NOW).update(body).digest('hex')}`;
  test.each<[string, () => Promise<Record<string, string>>, number, string | undefined]>([
    ['right', () => headersFor(body), 202, undefined],
    ['of the secret before', () => headersFor(body, {}, secrets.BEFORE), 202, undefined],
    ['of another secret', () => headersFor(body, {}, 'another'), 401, 'signature_mismatch'],
    ['of another body', () => headersFor('{}'), 401, 'signature_mismatch'],
    ['missing', async () => ({ 'x-github-event': 'issues' }), 401, 'signature_missing'],
    ['of the older kind alone', async () => ({ 'x-hub-signature': legacy }), 401, 'signature_missing'],
    [
      'cut short',
      async () => {
        const headers = await headersFor(body);
        return { ...headers, 'x-hub-signature-256': headers['x-hub-signature-256'].slice(0, -2) };
      },
      401,
      'signature_mismatch',
    ],
    ['malformed', () => headersFor(body, { 'x-hub-signature-256': 'sha256=no' }), 401, 'signature_malformed'],
    ['without its prefix', () => headersFor(body, { 'x-hub-signature-256': 'ab' }), 401, 'signature_malformed'],
  ])('%s is answered as it deserves', async (_name, headers, status, code) => {
    const outcome = await (await start()).post(body, await headers());
    expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
  });
});

test.each<[string, string, Record<string, string>, number, string | undefined]>([
  ['broken JSON', '{"action":', {}, 422, 'unreadable_body'],
  ['JSON that says it is text', body, { 'content-type': 'text/plain' }, 202, undefined],
  ['text', 'hello', { 'content-type': 'text/plain' }, 422, 'not_json'],
  ['nothing', '', {}, 422, 'empty_body'],
  ['no name of an event', body, { 'x-github-event': '' }, 422, 'type_not_found'],
  ['a list', '[1]', {}, 202, undefined],
  ['a mebibyte', JSON.stringify({ ...issue, text: bigText }), {}, 202, undefined],
])('%s is never a 500', async (_name, text, change, status, code) => {
  const outcome = await (await start()).post(text, await headersFor(text, change));
  expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
});

test('a body may have 25 MiB unless the source says otherwise', async () => {
  const large = JSON.stringify({ text: 'x'.repeat(5_000_000) });
  expect((await (await start()).post(large, await headersFor(large))).status).toBe(202);
  const narrow = await (await start({ maxBodyBytes: 1000 })).post(large, await headersFor(large));
  expect([narrow.status, narrow.reason?.code]).toEqual([413, 'body_too_large']);
});

test('a test delivery of the sample is signed and named', async () => {
  const { registry, post } = await start();
  const source = registry.get('src');
  const sample = source?.preset?.info.sample ?? { contentType: '', body: '' };
  const headers = source?.prepared?.sign?.({
    body: Buffer.from(sample.body),
    contentType: sample.contentType,
    nowMs: Date.now(),
  });
  expect((await post(sample.body, { ...headers })).events).toMatchObject([{ type: 'pull_request.opened' }]);
});
