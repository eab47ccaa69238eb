import { z } from 'zod';
import type { Verification } from '../../../../shared/contract/events.ts';
import { isSameSecret, secretDigest } from '../compare.ts';
import { checkSecretShape, createSecretList, secretFields, secretShape } from '../secret-list.ts';
import { decodeSignature } from '../signature-text.ts';
import { defineScheme } from '../verify-scheme.ts';

const schema = z
  .strictObject({
    scheme: z.literal('basic'),
    // RFC 7617 section 2: a colon ends the name.
    username: z
      .string()
      .min(1, 'must not be empty')
      .max(200, 'must be at most 200 characters')
      .refine((name) => !name.includes(':'), 'must not contain a colon'),
    ...secretShape,
  })
  .superRefine(checkSecretShape);

const credentials = /^basic +(\S+) *$/i;

/** User name and password (RFC 7617). */
export const basic = defineScheme({
  id: 'basic',
  label: 'User name and password (Basic)',
  schema,
  fields: [{ path: 'verify.username', label: 'User name', kind: 'text', required: true }, ...secretFields('Password')],
  prepare(settings, readSecret) {
    // Name and password are compared as one, so that an answer does not tell which of them was wrong.
    const pair = (secret: string): Buffer => Buffer.from(`${settings.username}:${secret}`, 'utf8');
    const secrets = createSecretList(settings, readSecret, (secret) => ({
      digest: secretDigest(pair(secret)),
      header: `Basic ${pair(secret).toString('base64')}`,
    }));
    const verifications = Array.from(
      { length: secrets.count },
      (_, i): Verification => ({ state: 'verified', scheme: 'basic', detail: i === 0 ? null : `password ${i + 1}` }),
    );
    return {
      verify(request) {
        const header = request.headers.authorization;
        if (header === undefined || header === '') {
          return { ok: false, code: 'credentials_missing', message: 'the header authorization is missing' };
        }
        const encoded = credentials.exec(header)?.[1];
        const given = encoded === undefined ? null : decodeSignature(encoded, 'base64');
        if (given === null) {
          return {
            ok: false,
            code: 'credentials_malformed',
            message: 'the header authorization is not "Basic" with a user name and a password in base64',
          };
        }
        const verification = verifications[secrets.find((key) => isSameSecret(given, key.digest))];
        return verification === undefined
          ? {
              ok: false,
              code: 'credentials_wrong',
              message: 'the user name or the password is not that of this source',
            }
          : { ok: true, verification };
      },
      sign: () => ({ authorization: secrets.first().header }),
      problem: secrets.problem,
      challenge: 'Basic realm="signalbox", charset="UTF-8"',
      isOpen: false,
      codesWithoutBody: ['credentials_missing', 'credentials_malformed', 'credentials_wrong'],
      masking: { clearHeaders: ['authorization'], clearQuery: [], keepHeaders: [] },
    };
  },
});
