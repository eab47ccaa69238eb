import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { z } from 'zod';
import type { Verification } from '../../../../shared/contract/events.ts';
import type { IncomingRequest, Verified } from '../../source-types.ts';
import { isSameMac } from '../compare.ts';
import { checkSecretShape, createSecretList, secretFields, secretShape } from '../secret-list.ts';
import { decodeSignature } from '../signature-text.ts';
import { addressesOf } from '../signed/signed-content.ts';
import { defineScheme } from '../verify-scheme.ts';

const header = 'x-twilio-signature';

/** Names in order, each followed by its values: what Twilio signs behind the address of a form. */
function formContent(body: Buffer): string {
  const params = new URLSearchParams(body.toString('utf8'));
  const names = [...new Set(params.keys())].sort();
  return names.flatMap((name) => [...new Set(params.getAll(name))].sort().map((value) => name + value)).join('');
}

/** What is signed behind the address; null for a body that the signature does not cover. */
function coveredContent({ body, headers, query }: Pick<IncomingRequest, 'body' | 'headers' | 'query'>): string | null {
  if (body.length === 0) return '';
  if (headers['content-type']?.toLowerCase().startsWith('application/x-www-form-urlencoded')) return formContent(body);
  const digest = query.get('bodySHA256');
  return digest !== null && createHash('sha256').update(body).digest('hex') === digest.toLowerCase() ? '' : null;
}

const wrong = (code: string, message: string): Verified => ({ ok: false, code, message });

/** Twilio: HMAC-SHA1 over the address and the fields of the form, keyed with the auth token of the account. */
export const twilio = defineScheme({
  id: 'twilio',
  label: "Twilio's signature",
  schema: z
    .strictObject({
      scheme: z.literal('twilio'),
      url: z.url('must be a whole address such as https://hooks.example.com/in/twilio').optional(),
      ...secretShape,
    })
    .superRefine(checkSecretShape),
  fields: [
    ...secretFields('Auth token', 'From the Account page of the Twilio Console. Use the primary auth token.'),
    {
      path: 'verify.url',
      label: 'Address',
      kind: 'text',
      help:
        'The address as configured in Twilio, which signs it. Without it, the public address in the settings and what ' +
        'the Host header says are tried.',
    },
  ],
  prepare(settings, readSecret) {
    const secrets = createSecretList(settings, readSecret, (secret) => createSecretKey(secret.trim(), 'utf8'));
    return {
      verify(request) {
        const value = request.headers[header];
        if (!value)
          return wrong('signature_missing', `the header ${header} is missing, which should carry the signature`);
        const given = decodeSignature(value.trim(), 'base64');
        if (given === null) return wrong('signature_malformed', `the header ${header} is not base64`);
        const content = coveredContent(request);
        if (content === null) {
          const message = 'the body is not a form, and the address has no bodySHA256 that matches it: it is not signed';
          return wrong('signature_mismatch', message);
        }
        const urls = settings.url === undefined ? addressesOf(request) : [settings.url];
        const found = secrets.find((key) =>
          urls.some((url) => isSameMac(given, createHmac('sha1', key).update(url).update(content).digest())),
        );
        if (found === -1) {
          return wrong(
            'signature_mismatch',
            `the signature in ${header} does not match the address and the form: check the auth token, and that the ` +
              'public address in the settings is the one that Twilio has',
          );
        }
        const detail = found === 0 ? null : `secret ${found + 1}`;
        const verification: Verification = { state: 'verified', scheme: 'twilio', detail };
        return { ok: true, verification };
      },
      sign({ body, contentType, url }) {
        const address = settings.url ?? url;
        const content = coveredContent({
          body,
          headers: { 'content-type': contentType },
          query: new URLSearchParams(),
        });
        if (address === undefined || content === null) return null;
        return { [header]: createHmac('sha1', secrets.first()).update(address).update(content).digest('base64') };
      },
      problem: secrets.problem,
      challenge: 'HMAC',
      isOpen: false,
      codesWithoutBody: ['signature_missing', 'signature_malformed'],
      masking: { clearHeaders: [], clearQuery: [], keepHeaders: [header] },
    };
  },
});
