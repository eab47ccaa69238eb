import { createHmac, createSecretKey } from 'node:crypto';
import { z } from 'zod';
import type { Verification } from '../../../shared/contract/events.ts';
import { fieldOf } from '../body/json-object.ts';
import { parseJson } from '../body/json-text.ts';
import { defineJsonPreset } from '../define-json-preset.ts';
import type { Verified } from '../source-types.ts';
import { isSameMac } from '../verify/compare.ts';
import { none } from '../verify/schemes/none.ts';
import { checkSecretShape, createSecretList, secretFields, secretShape } from '../verify/secret-list.ts';
import { decodeSignature } from '../verify/signature-text.ts';
import { checkSignedTime } from '../verify/signed/signed-time.ts';
import { toleranceField, toleranceSchema } from '../verify/tolerance.ts';
import { offerSchemes } from '../verify/verify-choice.ts';
import { defineScheme } from '../verify/verify-scheme.ts';

const wrong = (code: string, message: string): Verified => ({ ok: false, code, message });

/** Mailgun retries for eight hours. */
const usualTolerance = '9h';

/**
 * The signature is in the body, over a time and a token. What is beside it is not covered. For an event of a subaccount
 * there is one more, which is made with the key of the account.
 */
const signature = defineScheme({
  id: 'mailgun',
  label: "Mailgun's signature",
  schema: z
    .strictObject({ scheme: z.literal('mailgun'), tolerance: toleranceSchema.default(usualTolerance), ...secretShape })
    .superRefine(checkSecretShape),
  fields: [
    ...secretFields('Signing key', 'From Mailgun: Settings, API Security, HTTP webhook signing key.'),
    toleranceField(usualTolerance),
  ],
  prepare(settings, readSecret) {
    const secrets = createSecretList(settings, readSecret, (secret) => createSecretKey(secret.trim(), 'utf8'));
    return {
      verify({ body, receivedAtMs }) {
        const parsed = parseJson(body.toString('utf8'));
        const signed = parsed.ok ? fieldOf(parsed.value, 'signature') : undefined;
        const [timestamp, token, mac] = ['timestamp', 'token', 'signature'].map((name) => fieldOf(signed, name));
        if (timestamp === undefined || typeof token !== 'string' || typeof mac !== 'string') {
          return wrong('signature_missing', 'the body has no "signature" with a timestamp, a token and a signature');
        }
        const parent = fieldOf(signed, 'parent-signature');
        const given = [mac, parent].flatMap((text) =>
          typeof text === 'string' ? (decodeSignature(text, 'hex') ?? []) : [],
        );
        if (given.length === 0) return wrong('signature_malformed', 'the signature in the body is not hexadecimal');
        const untimely = checkSignedTime(String(timestamp), receivedAtMs, { unit: 's', tolerance: settings.tolerance });
        if (untimely !== null) return { ok: false, ...untimely };
        const content = `${String(timestamp)}${token}`;
        const found = secrets.find((key) => {
          const expected = createHmac('sha256', key).update(content).digest();
          return given.some((one) => isSameMac(one, expected));
        });
        if (found === -1) {
          return wrong(
            'signature_mismatch',
            'the signature in the body does not match its time and token: check the signing key',
          );
        }
        const detail = found === 0 ? null : `secret ${found + 1}`;
        const verification: Verification = { state: 'verified', scheme: 'mailgun', detail };
        return { ok: true, verification };
      },
      sign: () => null,
      problem: secrets.problem,
      challenge: 'HMAC',
      isOpen: false,
      codesWithoutBody: [],
      masking: { clearHeaders: [], clearQuery: [], keepHeaders: [] },
    };
  },
});

export const mailgun = defineJsonPreset({
  id: 'mailgun',
  label: 'Mailgun',
  description:
    'Webhooks of Mailgun. In Mailgun: Send, Sending, Webhooks, Add webhook. Paste the address of this source, and set ' +
    'the HTTP webhook signing key here. Types are those of Mailgun, such as delivered, opened or failed. Mailgun does ' +
    'not sign the event itself, only a time and a token beside it.',
  verification: offerSchemes(signature, none),
  sample: {
    document: {
      signature: { timestamp: '1769846400', token: '31'.repeat(25), signature: '00'.repeat(32) },
      'event-data': {
        id: 'CPgfbmQMTCKtHW6uIWtuVe',
        event: 'delivered',
        timestamp: 1769846400.5,
        recipient: 'mila@example.com',
        message: { headers: { 'message-id': '31@depot.example' } },
        tags: ['depot'],
      },
    },
  },
  typeIn: '"event-data.event"',
  type: ({ item }) => fieldOf(fieldOf(item, 'event-data'), 'event'),
  externalId: ({ item }) => fieldOf(fieldOf(item, 'event-data'), 'id'),
  time: ({ item }) => ['event-data.timestamp', fieldOf(fieldOf(item, 'event-data'), 'timestamp')],
  context({ item }) {
    const event = fieldOf(item, 'event-data');
    return {
      recipient: fieldOf(event, 'recipient'),
      message: fieldOf(fieldOf(fieldOf(event, 'message'), 'headers'), 'message-id'),
      tags: fieldOf(event, 'tags'),
    };
  },
});
