import { errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { durationMs, durationSchema } from '../../../../shared/contract/duration.ts';
import { AppError } from '../../../../shared/contract/errors.ts';
import { type Claims, decodeClaims, findToken, isSignedToken, usualTokenFields } from '../../body/jwt-text.ts';
import type { IncomingRequest, Verified } from '../../source-types.ts';
import { createDecryption } from '../keys/jwe.ts';
import { createKeySource, jwksSchema } from '../keys/jwks.ts';
import { explainJwtError, printHeader, refuse } from '../keys/jwt-problems.ts';
import { secretSchema } from '../secret-list.ts';
import { defineScheme } from '../verify-scheme.ts';

/** Signatures with a key pair only: with a shared secret (HS…) the public key could be taken for the secret. */
export const jwtAlgorithms = ['RS256', 'ES256', 'PS256', 'EdDSA'] as const;

const namesSchema = z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(20)], {
  error: 'must be a text or a list of texts',
});

const schema = z.strictObject({
  scheme: z.literal('jwt'),
  jwks: jwksSchema,
  issuer: namesSchema,
  audience: namesSchema,
  algorithms: z
    .array(z.enum(jwtAlgorithms))
    .min(1, 'must name at least one algorithm')
    .default([...jwtAlgorithms]),
  tolerance: durationSchema(0, 3_600_000).default('1m'),
  maxAge: durationSchema(1000, 30 * 24 * 3_600_000).default('1h'),
  decryptionKey: secretSchema.optional(),
  previousDecryptionKey: secretSchema.optional(),
  tokenFields: z.array(z.string().min(1).max(100)).min(1).max(20).default(usualTokenFields),
});

const claimsOfRequests = new WeakMap<IncomingRequest, Claims>();

/** What a verified token says; undefined for a request that this scheme has not verified. */
export const verifiedClaims = (request: IncomingRequest): Claims | undefined => claimsOfRequests.get(request);

/** RFC 8417 section 2.3 names `secevent+jwt`; general senders say `JWT` or nothing. Others are tokens for other ends. */
function isEventType(typ: unknown): boolean {
  if (typ === undefined) return true;
  return typeof typ === 'string' && ['secevent+jwt', 'jwt'].includes(typ.toLowerCase().replace(/^application\//, ''));
}

/** A signed token as the body (RFC 8417), encrypted or not, checked against the sender's published keys. */
export const jwt = defineScheme({
  id: 'jwt',
  label: 'Signed token (JWT)',
  schema,
  fields: [
    {
      path: 'verify.jwks.url',
      label: 'JWKS URL',
      kind: 'text',
      example: 'https://idp.example.com/.well-known/jwks.json',
      help:
        'Where the sender publishes its public keys. HTTPS only. Cached for an hour, and fetched again when a ' +
        'token names an unknown key, at most once a minute. Set this, a file, or an inline JWKS.',
    },
    {
      path: 'verify.jwks.allowPrivate',
      label: 'Allow private addresses',
      kind: 'boolean',
      help:
        'Lets the JWKS URL point to this machine or a private network (10.x, 192.168.x, …), for an identity provider you ' +
        'host. When off, only public addresses are fetched.',
    },
    { path: 'verify.jwks.file', label: 'JWKS file', kind: 'text', example: 'jwks.json' },
    {
      path: 'verify.jwks.inline',
      label: 'Inline JWKS',
      kind: 'text',
      example: '{"keys": [ … ]}',
      help: 'A JWK set or a single JWK, public keys only.',
    },
    {
      path: 'verify.issuer',
      label: 'Issuer',
      kind: 'text',
      required: true,
      help: 'The exact value of the iss claim; a list to accept several.',
    },
    {
      path: 'verify.audience',
      label: 'Audience',
      kind: 'text',
      required: true,
      help: 'A value the aud claim must be or contain; a list to accept any of several.',
    },
    {
      path: 'verify.algorithms',
      label: 'Algorithms',
      kind: 'list',
      defaultValue: jwtAlgorithms.join(', '),
      help: `Of ${jwtAlgorithms.join(', ')}; all of them when empty. Unsigned tokens and shared secrets are never accepted.`,
    },
    {
      path: 'verify.tolerance',
      label: 'Tolerance',
      kind: 'duration',
      defaultValue: '1m',
      help: 'Maximum difference between the clocks of the sender and this machine, in either direction.',
    },
    {
      path: 'verify.maxAge',
      label: 'Maximum token age',
      kind: 'duration',
      defaultValue: '1h',
      help:
        'How long a token is accepted after it was issued. One hour covers the retries, which end after 30 ' +
        'minutes.',
    },
    {
      path: 'verify.decryptionKey',
      label: 'Private key for encrypted tokens',
      kind: 'secret',
      help: 'PEM or JWK. Only if the sender encrypts its tokens.',
    },
    {
      path: 'verify.previousDecryptionKey',
      label: 'Previous private key',
      kind: 'secret',
      help: 'Also tried. Set it during a rotation and clear it afterwards.',
    },
    {
      path: 'verify.tokenFields',
      label: 'Token fields',
      kind: 'list',
      defaultValue: usualTokenFields.join(', '),
      help: 'Path of the token, if the body is JSON or a form that contains it.',
    },
  ],
  prepare(settings, readSecret) {
    const keySource = createKeySource(settings.jwks, readSecret);
    const decryption = createDecryption(settings, readSecret);
    const options = {
      issuer: settings.issuer,
      audience: settings.audience,
      algorithms: [...settings.algorithms],
      clockTolerance: durationMs(settings.tolerance) / 1000,
      maxTokenAge: durationMs(settings.maxAge) / 1000,
    };

    async function verifyToken(token: string, request: IncomingRequest, prefix: string): Promise<Verified> {
      try {
        const check = { ...options, currentDate: new Date(request.receivedAtMs) };
        const { protectedHeader } = await verifyWithAny(token, check);
        if (!isEventType(protectedHeader.typ)) {
          return refuse('token_type_wrong', `the token is of the type "${protectedHeader.typ}", which is no event's`);
        }
        const decoded = decodeClaims(token);
        if (!decoded.ok) return refuse('token_malformed', decoded.message);
        claimsOfRequests.set(request, decoded);
        const kid = protectedHeader.kid === undefined ? '' : `, key ${protectedHeader.kid.slice(0, 100)}`;
        const detail = `${prefix}${protectedHeader.alg}${kid}`;
        return { ok: true, verification: { state: 'verified', scheme: 'jwt', detail } };
      } catch (error) {
        if (error instanceof AppError) throw error;
        const refused = explainJwtError(error, printHeader(token), settings.maxAge);
        if (refused === null) throw error;
        return refused;
      }
    }

    /** A token without a key id may be of any of several keys. */
    async function verifyWithAny(token: string, check: typeof options & { currentDate: Date }) {
      try {
        return await jwtVerify(token, keySource.getKey, check);
      } catch (error) {
        if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
        for await (const key of error) {
          try {
            return await jwtVerify(token, key, check);
          } catch (inner) {
            if (!(inner instanceof errors.JWSSignatureVerificationFailed)) throw inner;
          }
        }
        throw error;
      }
    }

    return {
      async verify(request) {
        const found = findToken(request, settings.tokenFields);
        if (found.kind === 'none') {
          return refuse(
            'token_missing',
            `the body is no token, and holds none in a field of the name ${settings.tokenFields.join(', ')}`,
          );
        }
        if (found.kind === 'jws') return verifyToken(found.token, request, '');
        const decrypted = await decryption.decrypt(found.token);
        if (!decrypted.ok) return decrypted;
        return isSignedToken(decrypted.inner)
          ? verifyToken(decrypted.inner, request, 'encrypted, ')
          : refuse('token_malformed', 'the encrypted content is not a signed token, so its author is unknown');
      },
      sign: () => null,
      problem: () => decryption.problem() ?? keySource.problem(),
      challenge: 'Bearer',
      isOpen: false,
      codesWithoutBody: [],
      masking: { clearHeaders: [], clearQuery: [], keepHeaders: [] },
    };
  },
});
