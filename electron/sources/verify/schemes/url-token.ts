import { z } from 'zod';
import type { Verification } from '../../../../shared/contract/events.ts';
import type { IncomingRequest } from '../../source-types.ts';
import { addressRangesSchema, createAddressList } from '../address-list.ts';
import { isSameSecret, secretDigest } from '../compare.ts';
import { headerNameSchema } from '../header-name.ts';
import { createSecretList, secretSchema } from '../secret-list.ts';
import { defineScheme } from '../verify-scheme.ts';

const schema = z
  .strictObject({
    scheme: z.literal('url-token'),
    token: secretSchema.optional(),
    previousToken: secretSchema.optional(),
    tokens: z.array(secretSchema).min(1, 'must name at least one token').max(5, 'must be at most 5').optional(),
    query: z.string().min(1, 'must not be empty').max(100, 'must be at most 100 characters').default('token'),
    header: headerNameSchema.default('authorization'),
    allowFrom: addressRangesSchema.optional(),
  })
  .superRefine((settings, context) => {
    const problem = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (settings.tokens !== undefined && settings.token !== undefined) {
      problem('tokens', 'cannot be combined with "token": give one of them');
    }
    if (settings.previousToken !== undefined && settings.token === undefined) {
      problem('previousToken', 'needs "token" beside it: the one that takes its place');
    }
    if (settings.token === undefined && settings.tokens === undefined && settings.allowFrom === undefined) {
      problem('token', 'is missing: give a token, allowFrom, or both; or say scheme: none');
    }
  });

const bearer = /^bearer +/i;

/** Names of scripts, which a sender may insist on having at the end of an address. */
const scriptName = /^[\w-]{1,60}\.(?:php|asp|aspx|cgi|htm|html|jsp|pl|py)$/i;

/**
 * A path behind the slug with everything masked that could be a token, also a wrong one or one of yesterday: all but
 * the names of scripts.
 */
export const maskSubpath = (subpath: string): string =>
  subpath
    .split('/')
    .map((segment) => (segment === '' || scriptName.test(segment) ? segment : '***'))
    .join('/');

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

interface Candidate {
  where: string;
  bytes: Buffer;
}

/** More segments than this are not looked at. */
const maxSegments = 8;

/**
 * For senders that can set nothing but an address: a token in its path, its query or (where they can) a header, the
 * sender's own address, or both. Addresses alone are no proof, so such deliveries count as unverified.
 */
export const urlToken = defineScheme({
  id: 'url-token',
  label: 'Token in the address, sender’s address',
  schema,
  fields: [
    {
      path: 'verify.token',
      label: 'Token',
      kind: 'secret',
      help:
        'Part of the address for the sender: in the path (/in/<source>/<token>/listen.php) or as ?token=…. It can ' +
        'also be sent in a header. Masked before anything is stored. Required unless addresses are listed below.',
    },
    {
      path: 'verify.previousToken',
      label: 'Previous token',
      kind: 'secret',
      help: 'Also accepted. Set it during a rotation and clear it afterwards.',
    },
    { path: 'verify.query', label: 'Query parameter', kind: 'text', defaultValue: 'token' },
    {
      path: 'verify.header',
      label: 'Header',
      kind: 'text',
      defaultValue: 'authorization',
      help: 'Header that may carry the token instead; in "authorization" it follows "Bearer".',
    },
    {
      path: 'verify.allowFrom',
      label: 'Addresses',
      kind: 'list',
      example: '203.0.113.0/24',
      help:
        'Addresses and ranges of the sender. Leave empty to allow any. Behind a reverse proxy, add the proxy to ' +
        'the trusted proxies in the settings; otherwise every sender has the address of the proxy.',
    },
  ],
  prepare(settings, readSecret) {
    const { query, header, allowFrom } = settings;
    const hasToken = settings.token !== undefined || settings.tokens !== undefined;
    const findRange = allowFrom === undefined ? null : createAddressList(allowFrom);
    const secrets = createSecretList(
      { secret: settings.token, previousSecret: settings.previousToken, secrets: settings.tokens },
      readSecret,
      (secret) => ({ digest: secretDigest(Buffer.from(secret, 'utf8')), secret }),
      { secret: 'verify.token', previousSecret: 'verify.previousToken', secrets: 'verify.tokens' },
    );

    /** Header values come as Latin-1 (RFC 9110 section 5.5), path and query as UTF-8. */
    function findCandidates(request: IncomingRequest): Candidate[] {
      const candidates: Candidate[] = [];
      const inHeader = request.headers[header];
      if (inHeader !== undefined) {
        const value = header === 'authorization' ? inHeader.replace(bearer, '') : inHeader;
        candidates.push({ where: `the header ${header}`, bytes: Buffer.from(value, 'latin1') });
      }
      const inQuery = request.query.get(query);
      if (inQuery !== null) candidates.push({ where: 'the query', bytes: Buffer.from(inQuery, 'utf8') });
      for (const segment of request.subpath.split('/', maxSegments)) {
        if (segment !== '' && !scriptName.test(segment)) {
          candidates.push({ where: 'the path', bytes: Buffer.from(decodeSegment(segment), 'utf8') });
        }
      }
      return candidates.filter(({ bytes }) => bytes.length > 0);
    }

    return {
      verify(request) {
        const range = findRange?.(request.remoteAddress) ?? null;
        if (findRange !== null && range === null) {
          return {
            ok: false,
            code: 'address_not_allowed',
            message:
              `${request.remoteAddress} is not among the addresses of this source: add it to allowFrom, or, when it is ` +
              'that of a reverse proxy, trust that proxy in the settings',
          };
        }
        if (!hasToken) return { ok: true, verification: { state: 'none', scheme: 'address', detail: `from ${range}` } };
        const candidates = findCandidates(request);
        if (candidates.length === 0) {
          return {
            ok: false,
            code: 'token_missing',
            message: `the token is neither in the path nor in the query parameter "${query}" nor in the header ${header}`,
          };
        }
        let where = '';
        const found = secrets.find((key) => {
          const match = candidates.find(({ bytes }) => isSameSecret(bytes, key.digest));
          where = match?.where ?? where;
          return match !== undefined;
        });
        if (found === -1) {
          const places = [...new Set(candidates.map((candidate) => candidate.where))].join(', ');
          return {
            ok: false,
            code: 'token_wrong',
            message: `the value in ${places} is not the token of this source`,
          };
        }
        const parts = [where, found === 0 ? null : `token ${found + 1}`, range === null ? null : `from ${range}`];
        const verification: Verification = {
          state: 'verified',
          scheme: 'url-token',
          detail: parts.filter((part) => part !== null).join(', '),
        };
        return { ok: true, verification };
      },
      sign() {
        if (!hasToken) return {};
        const { secret } = secrets.first();
        return { [header]: header === 'authorization' ? `Bearer ${secret}` : secret };
      },
      problem: secrets.problem,
      challenge: 'Bearer',
      isOpen: !hasToken,
      codesWithoutBody: ['address_not_allowed', 'token_missing', 'token_wrong'],
      masking: { clearHeaders: [header], clearQuery: [query], keepHeaders: [] },
    };
  },
});
