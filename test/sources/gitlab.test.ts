import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { bigText, startSource } from './start-source.ts';

const preset = 'gitlab';
const secrets = { NOW: 'the token of these days', BEFORE: 'the token of yesterday' };
const start = (spec = {}) =>
  startSource({ preset, verify: { secret: { env: 'NOW' }, previousSecret: { env: 'BEFORE' } }, ...spec }, secrets);

const headersFor = (change: Record<string, string> = {}): Record<string, string> => ({
  'x-gitlab-event': 'Merge Request Hook',
  'x-gitlab-instance': 'https://gitlab.example.com',
  'x-gitlab-token': secrets.NOW,
  'idempotency-key': randomUUID(),
  ...change,
});

const mergeRequest = {
  object_kind: 'merge_request',
  user: { username: 'mila.k' },
  project: { path_with_namespace: 'harbor-works/depot' },
  object_attributes: { iid: 12, action: 'open', updated_at: '2026-01-31 08:00:00 UTC' },
};
const body = JSON.stringify(mergeRequest);

test('an event has type, id, and context, and its token is not kept', async () => {
  const { post } = await start();
  const { status, events, delivery } = await post(body, headersFor({ 'idempotency-key': 'k-1' }));
  expect(status).toBe(200);
  expect(events).toMatchObject([
    {
      type: 'merge_request',
      system: 'gitlab',
      externalId: 'k-1',
      occurredAt: '2026-01-31T08:00:00.000Z',
      context: {
        instance: 'https://gitlab.example.com',
        project: 'harbor-works/depot',
        user: 'mila.k',
        action: 'open',
      },
      payload: mergeRequest,
    },
  ]);
  expect(JSON.stringify(delivery)).not.toContain(secrets.NOW);
});

test.each([
  ['Push Hook', {}, 'push'],
  ['Tag Push Hook', {}, 'tag_push'],
  ['Confidential Issue Hook', {}, 'confidential_issue'],
  ['Feature Flag Hook', {}, 'feature_flag'],
  ['Resource Access Token Hook', {}, 'resource_access_token'],
  ['System Hook', { event_name: 'project_create' }, 'system.project_create'],
  ['System Hook', { object_kind: 'merge_request' }, 'system.merge_request'],
  ['System Hook', {}, 'system'],
  ['Something New', {}, 'something_new'],
])('%s %j is %s', async (header, document, type) => {
  const { events } = await (await start()).post(document, headersFor({ 'x-gitlab-event': header }));
  expect(events).toMatchObject([{ type }]);
});

test('a retry is a duplicate, by its key and by the older id, which hooks that set off each other share', async () => {
  const { post } = await start();
  const keyed = headersFor();
  expect((await post(body, keyed)).delivery.result).toBe('accepted');
  expect((await post(body, keyed)).delivery.result).toBe('duplicate');
  const { 'idempotency-key': _, ...older } = headersFor({ 'x-gitlab-event-uuid': 'u-1' });
  expect((await post(body, older)).delivery.result).toBe('accepted');
  expect((await post(body, older)).delivery.result).toBe('duplicate');
  expect((await post('{"caused":"by the first"}', older)).delivery.result).toBe('accepted');
});

describe('a token', () => {
  test.each<[string, Record<string, string>, number, string | undefined]>([
    ['right', headersFor(), 200, undefined],
    ['of before', headersFor({ 'x-gitlab-token': secrets.BEFORE }), 200, undefined],
    ['wrong', headersFor({ 'x-gitlab-token': 'the token of somebody else' }), 401, 'token_wrong'],
    ['cut short', headersFor({ 'x-gitlab-token': secrets.NOW.slice(0, -1) }), 401, 'token_wrong'],
    ['empty', headersFor({ 'x-gitlab-token': '' }), 401, 'token_missing'],
    ['missing', { 'x-gitlab-event': 'Push Hook' }, 401, 'token_missing'],
  ])('%s is answered as it deserves', async (_name, headers, status, code) => {
    const outcome = await (await start()).post(body, headers);
    expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
  });
});

test('a signing token of a newer GitLab is checked as Standard Webhooks', async () => {
  const secret = `whsec_${Buffer.from('thirty-two bytes are wanted here').toString('base64')}`;
  const { post } = await startSource(
    { preset, verify: { scheme: 'standard-webhooks', secret: { env: 'S' } } },
    { S: secret },
  );
  const sign = (shiftMs: number) => {
    const at = new Date(Date.now() + shiftMs);
    return {
      'x-gitlab-event': 'Push Hook',
      'webhook-id': 'wh-1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign('wh-1', at, body),
    };
  };
  expect((await post(body, sign(0))).events).toMatchObject([{ type: 'push', externalId: 'wh-1' }]);
  expect((await post(body, sign(-400_000))).reason?.code).toBe('timestamp_too_old');
  expect((await post(body, sign(400_000))).reason?.code).toBe('timestamp_in_future');
});

test.each<[string, string, Record<string, string>, number, string | undefined]>([
  ['broken JSON', '{"object_kind":', {}, 422, 'unreadable_body'],
  ['JSON that says it is text', body, { 'content-type': 'text/plain' }, 200, undefined],
  ['text', 'hello', { 'content-type': 'text/plain' }, 422, 'not_json'],
  ['nothing', '', {}, 422, 'empty_body'],
  ['no name of an event', body, { 'x-gitlab-event': '' }, 422, 'type_not_found'],
  ['a name of signs alone', body, { 'x-gitlab-event': '--' }, 422, 'type_not_found'],
  ['a mebibyte', JSON.stringify({ ...mergeRequest, text: bigText }), {}, 200, undefined],
])('%s is never a 500', async (_name, text, change, status, code) => {
  const outcome = await (await start()).post(text, headersFor(change));
  expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
});

test('a test delivery of the sample is taken as what it is', async () => {
  const { registry, post } = await start();
  const source = registry.get('src');
  const { body: sample, contentType } = source?.preset?.info.sample ?? { contentType: '', body: '' };
  const headers = source?.prepared?.sign?.({ body: Buffer.from(sample), contentType, nowMs: Date.now() });
  expect((await post(sample, { ...headers })).events).toMatchObject([{ type: 'merge_request' }]);
});
