import { createHmac, createSecretKey } from 'node:crypto';
import { z } from 'zod';
import { durationMs } from '../../../../shared/contract/duration.ts';
import type { Verification } from '../../../../shared/contract/events.ts';
import { isSameMac } from '../compare.ts';
import { withAllValues } from '../repeated-headers.ts';
import { checkSecretShape, createSecretList, secretFields, secretShape } from '../secret-list.ts';
import { decodeSignature } from '../signature-text.ts';
import { checkTime, signedHeaderCodes, toleranceField, toleranceSchema } from '../tolerance.ts';
import { defineScheme } from '../verify-scheme.ts';

/** What the headers of one delivery say, or why they say nothing. Signatures in hexadecimal. */
export type SignedHeaders =
  | { ok: true; timestamp: string; signatures: readonly string[] }
  | { ok: false; code: 'signature_missing' | 'signature_malformed'; message: string };

export interface TimedHmacConvention {
  id: string;
  label: string;
  secretLabel: string;
  secretHelp: string;
  read(headers: Readonly<Record<string, string>>): SignedHeaders;
  /** What is signed before the body. */
  prefix(timestamp: string): string;
  write(timestamp: string, signature: string): Record<string, string>;
  /** Header of the signature, lower case. */
  header: string;
}

/** More signatures than this in one header are not looked at. */
const maxSignatures = 8;

/** HMAC-SHA256 over a time and the raw body, the key being the secret's own text: Stripe, Slack. */
export const defineTimedHmac = (convention: TimedHmacConvention) =>
  defineScheme({
    id: convention.id,
    label: convention.label,
    schema: z
      .strictObject({
        scheme: z.literal(convention.id),
        tolerance: toleranceSchema.default('5m'),
        ...secretShape,
      })
      .superRefine(checkSecretShape),
    fields: [...secretFields(convention.secretLabel, convention.secretHelp), toleranceField('5m')],
    prepare(settings, readSecret) {
      const toleranceMs = durationMs(settings.tolerance);
      const secrets = createSecretList(settings, readSecret, (secret) => createSecretKey(secret.trim(), 'utf8'));
      const verifications = Array.from(
        { length: secrets.count },
        (_, i): Verification => ({
          state: 'verified',
          scheme: convention.id,
          detail: i === 0 ? null : `secret ${i + 1}`,
        }),
      );
      return {
        verify(request) {
          const read = convention.read(withAllValues(request, [convention.header]));
          if (!read.ok) return read;
          const untimely = checkTime(read.timestamp, request.receivedAtMs, toleranceMs);
          if (untimely !== null) return { ok: false, ...untimely };
          const given = read.signatures
            .slice(0, maxSignatures)
            .map((signature) => decodeSignature(signature, 'hex'))
            .filter((signature) => signature !== null);
          if (given.length === 0) {
            const message = `the header ${convention.header} holds no signature in hexadecimal`;
            return { ok: false, code: 'signature_malformed', message };
          }
          const prefix = convention.prefix(read.timestamp);
          const found = secrets.find((key) => {
            const expected = createHmac('sha256', key).update(prefix).update(request.body).digest();
            return given.some((signature) => isSameMac(signature, expected));
          });
          const verification = verifications[found];
          if (verification !== undefined) return { ok: true, verification };
          return {
            ok: false,
            code: 'signature_mismatch',
            message:
              `no signature in ${convention.header} matches the time and the ${request.body.length} bytes of the body: ` +
              'check that both sides have the same secret and that nothing on the way changes the body',
          };
        },
        sign({ body, nowMs }) {
          const timestamp = String(Math.floor(nowMs / 1000));
          const mac = createHmac('sha256', secrets.first()).update(convention.prefix(timestamp)).update(body);
          return convention.write(timestamp, mac.digest('hex'));
        },
        problem: secrets.problem,
        challenge: 'HMAC',
        isOpen: false,
        codesWithoutBody: signedHeaderCodes,
        masking: { clearHeaders: [], clearQuery: [], keepHeaders: [convention.header] },
      };
    },
  });
