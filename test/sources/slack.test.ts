import { createHmac } from 'node:crypto';
import { verifySlackRequest } from '@slack/bolt';
import { describe, expect, test } from 'vitest';
import { bigText, startSource } from './start-source.ts';

const preset = 'slack';
const secrets = { NOW: 'the secret of these days', BEFORE: 'the secret of yesterday' };
const start = (spec = {}) =>
  startSource({ preset, verify: { secret: { env: 'NOW' }, previousSecret: { env: 'BEFORE' } }, ...spec }, secrets);

/** Headers that Slack's own library passes, unless a test asks for wrong ones. */
function sign(body: string, { secret = secrets.NOW, shiftSeconds = 0 } = {}) {
  const timestamp = Math.floor(Date.now() / 1000) + shiftSeconds;
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  if (Math.abs(shiftSeconds) < 300) {
    verifySlackRequest({
      signingSecret: secret,
      body,
      headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': timestamp },
    });
  }
  return { 'x-slack-signature': signature, 'x-slack-request-timestamp': String(timestamp) };
}

const asForm = { 'content-type': 'application/x-www-form-urlencoded' };

const envelope = {
  token: 'the-old-verification-token',
  team_id: 'T1',
  api_app_id: 'A1',
  type: 'event_callback',
  event_id: 'Ev1',
  event_time: 1_769_846_400,
  event: { type: 'message', subtype: 'channel_topic', user: 'U1', channel: 'C1', text: 'hello' },
};
const body = JSON.stringify(envelope);

test('an event has type, id, time and context, is answered with nothing, and its token is not kept', async () => {
  const { post } = await start();
  const { status, text, events, delivery } = await post(body, sign(body));
  expect([status, text]).toEqual([200, '']);
  expect(events).toMatchObject([
    {
      type: 'message',
      system: 'slack',
      externalId: 'Ev1',
      occurredAt: '2026-01-31T08:00:00.000Z',
      context: { team: 'T1', app: 'A1', channel: 'C1', user: 'U1', subtype: 'channel_topic' },
      payload: { ...envelope, token: '***' },
      verification: { state: 'verified', scheme: 'slack' },
    },
  ]);
  expect(delivery.body.data).not.toContain(envelope.token);
});

test('a repeat is a duplicate', async () => {
  const { post } = await start();
  await post(body, sign(body));
  const again = await post(body, { ...sign(body), 'x-slack-retry-num': '1' });
  expect([again.status, again.text, again.delivery.result]).toEqual([200, '', 'duplicate']);
});

test('a notice about the app itself goes by its own type', async () => {
  const text = JSON.stringify({ type: 'app_rate_limited', team_id: 'T1', minute_rate_limited: 1_769_846_400 });
  expect((await (await start()).post(text, sign(text))).events).toMatchObject([{ type: 'app_rate_limited' }]);
});

test('a button and a dialog come as a form with JSON in it', async () => {
  const { post } = await start();
  const press = {
    type: 'block_actions',
    token: 'the-old-verification-token',
    trigger_id: '13.37.abc',
    team: { id: 'T1', domain: 'yard' },
    user: { id: 'U1' },
    channel: { id: 'C1' },
    response_url: 'https://hooks.slack.com/actions/T1/1/x',
    actions: [{ action_id: 'approve', value: 'run_1' }],
  };
  const form = new URLSearchParams({ payload: JSON.stringify(press) }).toString();
  const { text, events, delivery } = await post(form, { ...sign(form), ...asForm });
  expect(text).toBe('');
  expect(events).toMatchObject([
    {
      type: 'block_actions',
      externalId: '13.37.abc',
      context: { team: 'T1', channel: 'C1', user: 'U1' },
      payload: { actions: [{ action_id: 'approve', value: 'run_1' }], token: '***' },
    },
  ]);
  expect(delivery.body.data).not.toContain('old-verification');
  const dialog = { type: 'view_submission', view: { callback_id: 'new-run' }, user: { id: 'U1' } };
  const other = new URLSearchParams({ payload: JSON.stringify(dialog) }).toString();
  expect((await post(other, { ...sign(other), ...asForm })).events).toMatchObject([
    { type: 'view_submission', context: { callback: 'new-run', user: 'U1' } },
  ]);
});

test('a slash command is an event of its own kind, and a try of its certificate none', async () => {
  const { post } = await start();
  const form = new URLSearchParams({
    token: 'the-old-verification-token',
    team_id: 'T1',
    channel_id: 'C1',
    user_id: 'U1',
    command: '/run',
    text: 'import now',
    trigger_id: '13.38.abc',
  }).toString();
  const { status, text, events, delivery } = await post(form, { ...sign(form), ...asForm });
  expect([status, text]).toEqual([200, '']);
  expect(events).toMatchObject([
    {
      type: 'slash_command',
      externalId: '13.38.abc',
      context: { command: '/run', team: 'T1', channel: 'C1', user: 'U1' },
      payload: { text: 'import now', token: '***' },
    },
  ]);
  expect(delivery.body.data).not.toContain('old-verification');
  const check = 'ssl_check=1&token=abc';
  const checked = await post(check, { ...sign(check), ...asForm });
  expect([checked.status, checked.events]).toEqual([200, []]);
});

describe('the challenge', () => {
  const challenge = JSON.stringify({ type: 'url_verification', token: 't', challenge: 'c-123' });

  test('comes back when it is signed', async () => {
    const { send } = await start();
    const headers = { 'content-type': 'application/json', ...sign(challenge) };
    const res = await send('', { method: 'POST', headers, body: challenge });
    expect([res.status, await res.text()]).toEqual([200, 'c-123']);
  });

  test('is refused and kept when it is not, or the secret cannot be read', async () => {
    const { post } = await start();
    expect((await post(challenge)).reason?.code).toBe('signature_missing');
    expect((await post(challenge, sign('{}'))).reason?.code).toBe('signature_mismatch');
    const unready = await (await start({ verify: { secret: { env: 'GONE' } } })).post(challenge, sign(challenge));
    expect([unready.status, unready.reason?.code]).toEqual([503, 'source_misconfigured']);
  });
});

describe('a signature', () => {
  const header = (change: Record<string, string>) => ({ ...sign(body), ...change });
  test.each<[string, () => Record<string, string>, number, string | undefined]>([
    ['right', () => sign(body), 200, undefined],
    ['of the secret before', () => sign(body, { secret: secrets.BEFORE }), 200, undefined],
    ['of another secret', () => sign(body, { secret: 'else' }), 401, 'signature_mismatch'],
    ['of another body', () => sign('{}'), 401, 'signature_mismatch'],
    ['missing', () => ({}), 401, 'signature_missing'],
    ['without its time', () => header({ 'x-slack-request-timestamp': '' }), 401, 'signature_missing'],
    ['with another time', () => header({ 'x-slack-request-timestamp': '1' }), 401, 'timestamp_too_old'],
    ['with a time that is none', () => header({ 'x-slack-request-timestamp': 'now' }), 401, 'timestamp_malformed'],
    ['cut short', () => header({ 'x-slack-signature': 'v0=abcd' }), 401, 'signature_mismatch'],
    ['malformed', () => header({ 'x-slack-signature': 'v0=xyz' }), 401, 'signature_malformed'],
    ['of another version', () => header({ 'x-slack-signature': 'v1=abcd' }), 401, 'signature_malformed'],
    ['four minutes old', () => sign(body, { shiftSeconds: -240 }), 200, undefined],
    ['old', () => sign(body, { shiftSeconds: -400 }), 401, 'timestamp_too_old'],
    ['of the future', () => sign(body, { shiftSeconds: 400 }), 401, 'timestamp_in_future'],
  ])('%s is answered as it deserves', async (_name, headers, status, code) => {
    const outcome = await (await start()).post(body, headers());
    expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
  });
});

test.each<[string, string, Record<string, string>, number, string | undefined]>([
  ['broken JSON', '{"type":', {}, 422, 'unreadable_body'],
  ['broken JSON in a form', 'payload=%7B', asForm, 422, 'unreadable_body'],
  ['a form with neither', 'a=1', asForm, 422, 'type_not_found'],
  ['an interaction without a type', 'payload=%7B%7D', asForm, 422, 'type_not_found'],
  ['JSON that says it is text', body, { 'content-type': 'text/plain' }, 200, undefined],
  ['text', 'hello', { 'content-type': 'text/plain' }, 422, 'not_json'],
  ['nothing', '', {}, 422, 'empty_body'],
  ['no type', '{}', {}, 422, 'type_not_found'],
  ['a list with a bad item', JSON.stringify([envelope, 7]), {}, 422, 'type_not_found'],
  ['a mebibyte', JSON.stringify({ ...envelope, text: bigText }), {}, 200, undefined],
])('%s is never a 500', async (_name, text, change, status, code) => {
  const outcome = await (await start()).post(text, { ...sign(text), ...change });
  expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
});
