import { generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { buildRequest, prepareSource } from './build-request.ts';
import { startSource } from './start-source.ts';

const signatureHeader = 'x-twilio-email-event-webhook-signature';
const timeHeader = 'x-twilio-email-event-webhook-timestamp';

const vectorSchema = z.tuple([
  z.object({ key: z.string(), payload: z.string(), signature: z.string(), timestamp: z.coerce.string() }),
  z.boolean(),
]);

/** Takes notes of what it is asked to verify. */
class EventWebhook {
  convertPublicKeyToECDSA = (key: unknown) => key;
  verifySignature = (key: unknown, payload: unknown, signature: unknown, timestamp: unknown) => ({
    key,
    payload,
    signature,
    timestamp,
  });
}
const noteTaker = { EventWebhook, EventWebhookHeader: { SIGNATURE: String, TIMESTAMP: String } };

/** The vectors that SendGrid tries its own library with, by running that file with a library that only takes notes. */
function sendgridVectors(): z.infer<typeof vectorSchema>[] {
  const noted: unknown[] = [];
  const call = (_name: unknown, body: () => void): void => body();
  const require = createRequire(import.meta.url);
  runInNewContext(readFileSync(require.resolve('@sendgrid/eventwebhook/src/eventwebhook.spec.js'), 'utf8'), {
    require: () => noteTaker,
    describe: call,
    it: call,
    expect: (seen: unknown) => ({ to: { equal: (wanted: unknown) => noted.push([seen, wanted]) } }),
  });
  return noted.flatMap((entry) => {
    const vector = vectorSchema.safeParse(entry);
    return vector.success ? [vector.data] : [];
  });
}

const vectors = sendgridVectors();

test('there are vectors for both answers', () => {
  expect(vectors.filter(([, isRight]) => isRight)).not.toHaveLength(0);
  expect(vectors.filter(([, isRight]) => !isRight).length).toBeGreaterThan(2);
});

test.each(vectors)("SendGrid's own vector %# is judged as there", async (vector, isRight) => {
  const source = prepareSource({ verify: { scheme: 'sendgrid', secret: { env: 'K' } } }, { K: vector.key });
  const request = buildRequest({
    body: Buffer.from(vector.payload),
    headers: { [signatureHeader]: vector.signature, [timeHeader]: vector.timestamp },
    receivedAtMs: Number(vector.timestamp) * 1000,
  });
  expect((await source.verify(request)).ok).toBe(isRight);
});

describe('a signature', () => {
  const now = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const before = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = ({ publicKey }: typeof now): string =>
    publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const body = '[{"event":"delivered","sg_event_id":"a"}]\r\n';
  function sign(text: string, { key = now, shiftSeconds = 0 } = {}) {
    const timestamp = String(Math.floor(Date.now() / 1000) + shiftSeconds);
    const signature = signBytes('sha256', Buffer.from(timestamp + text), key.privateKey).toString('base64');
    return { [signatureHeader]: signature, [timeHeader]: timestamp };
  }
  const start = (key = spki(now)) =>
    startSource(
      { preset: 'generic', verify: { scheme: 'sendgrid', secret: { env: 'NOW' }, previousSecret: { env: 'BEFORE' } } },
      { NOW: key, BEFORE: before.publicKey.export({ format: 'pem', type: 'spki' }).toString() },
    );

  test.each<[string, () => Record<string, string>, number, string | undefined]>([
    ['right', () => sign(body), 202, undefined],
    ['of the key before, given as PEM', () => sign(body, { key: before }), 202, undefined],
    ['of another body', () => sign('{}'), 401, 'signature_mismatch'],
    ['missing', () => ({}), 401, 'signature_missing'],
    ['cut short', () => ({ ...sign(body), [signatureHeader]: 'AAAA' }), 401, 'signature_mismatch'],
    ['malformed', () => ({ ...sign(body), [signatureHeader]: 'no!' }), 401, 'signature_malformed'],
    ['old', () => sign(body, { shiftSeconds: -400 }), 401, 'timestamp_too_old'],
    ['of the future', () => sign(body, { shiftSeconds: 400 }), 401, 'timestamp_in_future'],
  ])('%s is answered as it deserves', async (_name, headers, status, code) => {
    const outcome = await (await start()).post(body, headers());
    expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
  });

  test.each(['hello', 'AAAA', ''])('with the key %j waits for a right one', async (key) => {
    const outcome = await (await start(key)).post(body, sign(body));
    expect([outcome.status, outcome.reason?.code]).toEqual([503, 'source_misconfigured']);
  });
});
