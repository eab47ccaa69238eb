import { z } from 'zod';
import type { Verification } from '../../../../shared/contract/events.ts';
import type { IncomingRequest } from '../../source-types.ts';
import { isSameSecret, secretDigest } from '../compare.ts';
import { headerNameSchema } from '../header-name.ts';
import { checkSecretShape, createSecretList, secretFields, secretShape } from '../secret-list.ts';
import { defineScheme } from '../verify-scheme.ts';

const schema = z
  .strictObject({
    scheme: z.literal('token'),
    header: headerNameSchema.optional(),
    query: z.string().min(1, 'must not be empty').max(100, 'must be at most 100 characters').optional(),
    ...secretShape,
  })
  .superRefine((settings, context) => {
    checkSecretShape(settings, context);
    if (settings.header !== undefined && settings.query !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['query'],
        message: 'cannot be combined with "header": give one of them',
      });
    }
  });

const bearer = /^bearer +/i;

/** A secret that the sender repeats with every delivery. Proves who knows it, not that the body is unchanged. */
export const token = defineScheme({
  id: 'token',
  label: 'Token',
  schema,
  fields: [
    {
      path: 'verify.header',
      label: 'Header',
      kind: 'text',
      example: 'authorization',
      help: 'Header that carries the token. Without one, "Authorization: Bearer …".',
    },
    {
      path: 'verify.query',
      label: 'Query parameter',
      kind: 'text',
      help:
        'For senders that cannot set a header: the parameter that carries the token. Masked before anything is ' +
        'stored.',
    },
    ...secretFields('Token'),
  ],
  prepare(settings, readSecret) {
    const { query } = settings;
    const header = settings.header ?? 'authorization';
    const where = query === undefined ? `the header ${header}` : `the query parameter "${query}"`;
    const secrets = createSecretList(settings, readSecret, (secret) => ({
      digest: secretDigest(Buffer.from(secret, 'utf8')),
      secret,
    }));
    const verifications = Array.from(
      { length: secrets.count },
      (_, i): Verification => ({ state: 'verified', scheme: 'token', detail: i === 0 ? null : `secret ${i + 1}` }),
    );

    /** Header values come as Latin-1 (RFC 9110 section 5.5), the query as UTF-8. */
    function readGiven(request: IncomingRequest): Buffer | null {
      if (query !== undefined) {
        const value = request.query.get(query);
        return value === null ? null : Buffer.from(value, 'utf8');
      }
      const value = request.headers[header];
      if (value === undefined) return null;
      return Buffer.from(header === 'authorization' ? value.replace(bearer, '') : value, 'latin1');
    }

    return {
      verify(request) {
        const given = readGiven(request);
        if (given === null || given.length === 0) {
          return { ok: false, code: 'token_missing', message: `${where} is missing, which should carry the token` };
        }
        const found = secrets.find((key) => isSameSecret(given, key.digest));
        const verification = verifications[found];
        return verification === undefined
          ? { ok: false, code: 'token_wrong', message: `the token in ${where} is not the one of this source` }
          : { ok: true, verification };
      },
      sign() {
        if (query !== undefined) return null;
        const { secret } = secrets.first();
        return { [header]: header === 'authorization' ? `Bearer ${secret}` : secret };
      },
      problem: secrets.problem,
      challenge: 'Bearer',
      isOpen: false,
      codesWithoutBody: ['token_missing', 'token_wrong'],
      masking: {
        clearHeaders: query === undefined ? [header] : [],
        clearQuery: query === undefined ? [] : [query],
        keepHeaders: [],
      },
    };
  },
});
