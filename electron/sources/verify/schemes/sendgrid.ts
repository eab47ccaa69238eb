import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { z } from 'zod';
import { durationMs } from '../../../../shared/contract/duration.ts';
import { AppError } from '../../../../shared/contract/errors.ts';
import type { Verification } from '../../../../shared/contract/events.ts';
import { withAllValues } from '../repeated-headers.ts';
import { checkSecretShape, createSecretList, secretFields, secretShape } from '../secret-list.ts';
import { decodeSignature } from '../signature-text.ts';
import { checkTime, signedHeaderCodes, toleranceField, toleranceSchema } from '../tolerance.ts';
import { defineScheme } from '../verify-scheme.ts';

const schema = z
  .strictObject({ scheme: z.literal('sendgrid'), tolerance: toleranceSchema.default('5m'), ...secretShape })
  .superRefine(checkSecretShape);

const signatureHeader = 'x-twilio-email-event-webhook-signature';
const timeHeader = 'x-twilio-email-event-webhook-timestamp';
/** More signatures than this in a repeated header are not looked at: each costs an ECDSA check. */
const maxSignatures = 4;

/** A public key as SendGrid shows it: SPKI in base64 on one line, or the same as PEM. */
function readKey(text: string) {
  const bytes = decodeSignature(text.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  try {
    const key = createPublicKey({ key: bytes ?? Buffer.alloc(0), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType === 'ec') return key;
  } catch {
    // Explained below: the message of the crypto library is about its internals.
  }
  throw new AppError('unavailable', 'this is not the public key of an elliptic curve in base64');
}

/** Twilio SendGrid's Event Webhook: ECDSA with SHA-256 over the time and the body. We hold only the public key. */
export const sendgrid = defineScheme({
  id: 'sendgrid',
  label: 'SendGrid (ECDSA)',
  schema,
  fields: [
    ...secretFields('Verification key', 'In SendGrid: Mail Settings, Event Webhook, Signature Verification.'),
    toleranceField('5m'),
  ],
  prepare(settings, readSecret) {
    const toleranceMs = durationMs(settings.tolerance);
    const secrets = createSecretList(settings, readSecret, readKey);
    return {
      verify(request) {
        const { [signatureHeader]: signature, [timeHeader]: timestamp } = withAllValues(request, [signatureHeader]);
        if (!signature || !timestamp) {
          const missing = [!signature && signatureHeader, !timestamp && timeHeader].filter((name) => name !== false);
          return { ok: false, code: 'signature_missing', message: `missing: ${missing.join(', ')}` };
        }
        const untimely = checkTime(timestamp, request.receivedAtMs, toleranceMs);
        if (untimely !== null) return { ok: false, ...untimely };
        const given = signature
          .split(',', maxSignatures)
          .map((text) => decodeSignature(text.trim(), 'base64'))
          .filter((one) => one !== null);
        if (given.length === 0) {
          return { ok: false, code: 'signature_malformed', message: `the header ${signatureHeader} is not base64` };
        }
        const content = Buffer.concat([Buffer.from(timestamp, 'latin1'), request.body]);
        const found = secrets.find((key) => given.some((one) => verifySignature('sha256', content, key, one)));
        if (found === -1) {
          const message =
            `the signature in ${signatureHeader} does not match the time and the ${request.body.length} bytes of the ` +
            'body: check that the key is that of this webhook and that nothing on the way changes the body';
          return { ok: false, code: 'signature_mismatch', message };
        }
        const detail = found === 0 ? null : `key ${found + 1}`;
        const verification: Verification = { state: 'verified', scheme: 'sendgrid', detail };
        return { ok: true, verification };
      },
      sign: () => null,
      problem: secrets.problem,
      challenge: 'ECDSA',
      isOpen: false,
      codesWithoutBody: signedHeaderCodes,
      masking: { clearHeaders: [], clearQuery: [], keepHeaders: [signatureHeader] },
    };
  },
});
