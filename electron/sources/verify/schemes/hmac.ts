import { createHmac, createSecretKey } from 'node:crypto';
import { z } from 'zod';
import type { Verification } from '../../../../shared/contract/events.ts';
import { isSameMac } from '../compare.ts';
import { headerNameSchema } from '../header-name.ts';
import { withAllValues } from '../repeated-headers.ts';
import { checkSecretShape, createSecretList, secretFields, secretShape } from '../secret-list.ts';
import { decodeSignature, signatureEncodings } from '../signature-text.ts';
import { defineScheme } from '../verify-scheme.ts';

export const hmacAlgorithms = ['sha1', 'sha256', 'sha384', 'sha512'] as const;

const schema = z
  .strictObject({
    scheme: z.literal('hmac'),
    header: headerNameSchema,
    algorithm: z.enum(hmacAlgorithms).default('sha256'),
    encoding: z.enum(signatureEncodings).default('hex'),
    prefix: z.string().max(100, 'must be at most 100 characters').default(''),
    ...secretShape,
  })
  .superRefine(checkSecretShape);

/** More signatures than this in one header are not looked at. */
const maxSignatures = 8;

/** A keyed hash over the raw body, in a header of the sender's choosing. */
export const hmac = defineScheme({
  id: 'hmac',
  label: 'Signature (HMAC)',
  schema,
  fields: [
    { path: 'verify.header', label: 'Header', kind: 'text', example: 'x-signature', required: true },
    {
      path: 'verify.algorithm',
      label: 'Algorithm',
      kind: 'choice',
      choices: hmacAlgorithms.map((value) => ({ value, label: value.toUpperCase().replace('SHA', 'SHA-') })),
    },
    {
      path: 'verify.encoding',
      label: 'Encoding',
      kind: 'choice',
      choices: [
        { value: 'hex', label: 'Hexadecimal' },
        { value: 'base64', label: 'Base64' },
        { value: 'base64url', label: 'Base64 for URLs' },
      ],
    },
    {
      path: 'verify.prefix',
      label: 'Prefix',
      kind: 'text',
      example: 'sha256=',
      help: 'Text before the signature in the header, such as sha256=. Optional.',
    },
    ...secretFields('Secret'),
  ],
  prepare(settings, readSecret) {
    const { header, algorithm, encoding, prefix } = settings;
    const secrets = createSecretList(settings, readSecret, (secret) =>
      // A KeyObject made once: bytes as the key cost 13 µs more for each delivery.
      createSecretKey(secret, 'utf8'),
    );
    const verifications = Array.from(
      { length: secrets.count },
      (_, i): Verification => ({
        state: 'verified',
        scheme: 'hmac',
        detail: i === 0 ? `${algorithm}, ${header}` : `${algorithm}, ${header}, secret ${i + 1}`,
      }),
    );

    function decode(text: string): Buffer | null {
      const signature = text.trim();
      return signature.startsWith(prefix) ? decodeSignature(signature.slice(prefix.length).trim(), encoding) : null;
    }

    return {
      verify(request) {
        const value = withAllValues(request, [header])[header];
        if (value === undefined || value === '') {
          return {
            ok: false,
            code: 'signature_missing',
            message: `the header ${header} is missing, which should carry the signature`,
          };
        }
        const whole = decode(value);
        // While a secret is rotated a sender may list two signatures, or send the header twice.
        const given =
          whole !== null
            ? [whole]
            : value
                .split(',', maxSignatures)
                .map(decode)
                .filter((signature) => signature !== null);
        if (given.length === 0) {
          const expected = prefix === '' ? encoding : `"${prefix}" and ${encoding}`;
          return {
            ok: false,
            code: 'signature_malformed',
            message: `the header ${header} does not hold a signature in the form of this source, which is ${expected}`,
          };
        }
        const found = secrets.find((key) => {
          const expected = createHmac(algorithm, key).update(request.body).digest();
          return given.some((signature) => isSameMac(signature, expected));
        });
        const verification = verifications[found];
        if (verification !== undefined) return { ok: true, verification };
        return {
          ok: false,
          code: 'signature_mismatch',
          message:
            `the signature in ${header} does not match ${algorithm} over the ${request.body.length} bytes of the body: ` +
            'check that both sides have the same secret and that nothing on the way changes the body',
        };
      },
      sign: ({ body }) => ({
        [header]: prefix + createHmac(algorithm, secrets.first()).update(body).digest(encoding),
      }),
      problem: secrets.problem,
      challenge: 'HMAC',
      isOpen: false,
      codesWithoutBody: ['signature_missing', 'signature_malformed'],
      masking: { clearHeaders: [], clearQuery: [], keepHeaders: [header] },
    };
  },
});
