import { generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { readHeaders } from '../../electron/receiver/request/read-headers.ts';
import type { SourceSpec } from '../../shared/contract/sources.ts';
import { buildRequest, prepareSource } from './build-request.ts';

const nowMs = 1_700_000_000_000;
const body = Buffer.from('{"a":1}');
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

function signForSendgrid(): Record<string, string> {
  const timestamp = String(nowMs / 1000);
  return {
    'x-twilio-email-event-webhook-signature': signBytes('sha256', Buffer.from(timestamp + body), privateKey).toString(
      'base64',
    ),
    'x-twilio-email-event-webhook-timestamp': timestamp,
  };
}

const secret = { env: 'S' };

test.each<[string, Partial<SourceSpec>, string, string]>([
  [
    'HMAC',
    { preset: 'generic', verify: { scheme: 'hmac', header: 'x-signature', secret } },
    'x-signature',
    '00'.repeat(32),
  ],
  ['GitHub', { preset: 'github', verify: { secret } }, 'x-hub-signature-256', `sha256=${'00'.repeat(32)}`],
  ['Shopify', { preset: 'shopify', verify: { secret } }, 'x-shopify-hmac-sha256', `${'A'.repeat(43)}=`],
  ['Standard Webhooks', { preset: 'standard-webhooks', verify: { secret } }, 'webhook-signature', 'v1,AAAA'],
  ['Stripe', { preset: 'stripe', verify: { secret } }, 'stripe-signature', `t=1700000000,v1=${'00'.repeat(32)}`],
  ['Slack', { preset: 'slack', verify: { secret } }, 'x-slack-signature', `v0=${'00'.repeat(32)}`],
  [
    'SendGrid',
    { preset: 'generic', verify: { scheme: 'sendgrid', secret } },
    'x-twilio-email-event-webhook-signature',
    'MEUC',
  ],
])('of a signature header of %s that came twice, each value is tried', async (name, spec, header, other) => {
  const value =
    name === 'SendGrid' ? publicKey.export({ format: 'der', type: 'spki' }).toString('base64') : 'c2VjcmV0LW9mLW91cnM=';
  const source = prepareSource(spec, { S: value });
  const signed = source.sign?.({ body, contentType: 'application/json', nowMs }) ?? signForSendgrid();
  const right = signed[header] ?? '';
  expect(right).not.toBe('');

  async function verify(...values: string[]): Promise<boolean> {
    const raw = Object.entries({ ...signed, [header]: values }).flatMap(([key, each]) =>
      [each].flat().flatMap((one) => [key, one]),
    );
    const { headers, repeated } = readHeaders(raw);
    const request = buildRequest({ headers, repeatedHeaders: repeated, body, receivedAtMs: nowMs });
    return (await source.verify(request)).ok;
  }

  expect(await verify(right)).toBe(true);
  expect(await verify(other, right)).toBe(true);
  expect(await verify(right, other)).toBe(true);
  expect(await verify(other)).toBe(false);
  expect(await verify(other, `${other}0`)).toBe(false);
  // Something on the way may have joined the two lines.
  expect(await verify(`${other}, ${right}`)).toBe(true);
});

test.each(['hmac', 'github'])('a header of %s is kept, so that its repeats are not noted as dropped', (kind) => {
  const source = prepareSource(
    kind === 'hmac'
      ? { preset: 'generic', verify: { scheme: 'hmac', header: 'x-signature', secret } }
      : { preset: 'github', verify: { secret } },
    { S: 'x' },
  );
  expect(source.masking?.keepHeaders).toEqual([kind === 'hmac' ? 'x-signature' : 'x-hub-signature-256']);
});
