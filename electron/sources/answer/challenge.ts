import { createHmac } from 'node:crypto';
import { type Json, type SecretRef, secretRefSchema } from '../../../shared/contract/common.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { ChallengeSpec } from '../../../shared/contract/source-answers.ts';
import type { SourceSpec } from '../../../shared/contract/sources.ts';
import { fieldOf, isJsonObject } from '../body/json-object.ts';
import { compilePathSetting, startPathReading } from '../json-path/path-setting.ts';
import type { DirectAnswer, IncomingRequest, PreparedSource, ReadBody, ReadSecret } from '../source-types.ts';
import { isSameSecret, secretDigest } from '../verify/compare.ts';

/** What is sent back is one line of no more than this; anything else is an ordinary delivery. */
const maxValueLength = 2048;
const oneLine = /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u;

/**
 * A token whose HMAC is answered. Nothing else: the answer would be a signature that anyone can ask for, and what
 * senders sign (JSON, or parts joined by colons and dots) never looks like this.
 */
const tokenPattern = /^[A-Za-z0-9_+/=-]{1,256}$/;

/** A challenge in the body has few fields and all of them text, so that no delivery is taken for one. */
const maxFields = 6;

type Handshake = (request: IncomingRequest, body: ReadBody) => Promise<DirectAnswer | null>;
type Write = (value: string, mac: string | null) => Pick<DirectAnswer, 'headers' | 'body'>;

export interface ChallengeContext {
  slug: string;
  readSecret: ReadSecret;
  verify: PreparedSource['verify'];
  isOpen: boolean;
  /** The source's own secret, which keys an HMAC where the challenge names none. */
  secret: SecretRef | undefined;
}

function refuse(slug: string, name: string, message: string): never {
  throw new AppError('invalid_input', `source "${slug}": challenge.${name} ${message}`, [
    { path: ['challenge', name], message },
  ]);
}

const noStore = { 'cache-control': 'no-store' };
const plain = (body: string): ReturnType<Write> => ({ headers: noStore, body });
const json = (value: Record<string, string>): ReturnType<Write> => ({
  headers: { ...noStore, 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
});

/** The last name of `$.payload.plainToken`, or the name itself. */
const lastName = (path: string): string => /([^.[\]'"$]+)['"\]]*$/.exec(path)?.[1] ?? path;

function compileWrite(slug: string, settings: ChallengeSpec): Write {
  const { answer, hmacOf, header, field } = settings;
  if (answer === 'text') return (value, mac) => plain(mac ?? value);
  if (answer !== undefined && 'header' in answer) {
    const name = answer.header.toLowerCase();
    return (value, mac) => ({ headers: { ...noStore, [name]: mac ?? value }, body: '' });
  }
  if (answer !== undefined) return (value, mac) => json({ [answer.field]: mac ?? value });
  if (hmacOf !== undefined) {
    const name = lastName(hmacOf);
    if (name === 'plainToken') return (value, mac) => json({ plainToken: value, encryptedToken: mac ?? '' });
    if (name === 'crc_token') return (_value, mac) => json({ response_token: mac ?? '' });
    return refuse(
      slug,
      'answer',
      `is needed for hmacOf: ${hmacOf}, such as {field: response_token}; only plainToken and crc_token go without`,
    );
  }
  if (header !== undefined) return (value) => json({ verification: value });
  if (field !== undefined) return (value) => json({ [lastName(field)]: value });
  return (value) => plain(value);
}

type Find = (request: IncomingRequest, body: ReadBody) => Json | undefined;

function compileFind(slug: string, kind: string, name: string): Find {
  if (!name.startsWith('$')) return (_request, body) => (body.kind === 'json' ? fieldOf(body.value, name) : undefined);
  const find = compilePathSetting(slug, kind, name, 'challenge');
  return (_request, body) => (body.kind === 'json' ? find(body.value, startPathReading()) : undefined);
}

const isChallengeBody = (body: ReadBody, when: ChallengeSpec['when']): boolean => {
  if (body.kind !== 'json' || !isJsonObject(body.value)) return false;
  if (when !== undefined) {
    const document = body.value;
    return Object.entries(when).every(([name, text]) => fieldOf(document, name) === text);
  }
  const values = Object.values(body.value);
  return values.length <= maxFields && values.every((value) => typeof value === 'string');
};

/** A query challenge by POST has no body: what has one is a delivery, whatever its address says. */
const isBare = (request: IncomingRequest): boolean => request.body.length === 0;

/**
 * Answers the requests by which a sender checks the address, before verification. Throws AppError `invalid_input` for
 * settings that do not fit together.
 */
export function compileChallenge(settings: ChallengeSpec, context: ChallengeContext): Handshake {
  const { slug, readSecret } = context;
  const write = compileWrite(slug, settings);
  const answer = (value: Json | undefined, what: string, mac?: (text: string) => string): DirectAnswer | null => {
    if (typeof value !== 'string' || value.length > maxValueLength || !oneLine.test(value)) return null;
    return {
      status: 200,
      ...write(value, mac?.(value) ?? null),
      tried: `The sender checked the address. ${what} was answered.`,
    };
  };

  const { query, header, field, hmacOf } = settings;
  if (query !== undefined) {
    const proof = settings.verify === undefined ? null : readProof(settings.verify);
    return async (request) => {
      const value = request.query.get(query);
      if (value === null || !isBare(request)) return null;
      // WebSub: anyone can ask a hub to end a subscription, which it then asks here.
      if (proof === null && request.query.get('hub.mode') === 'unsubscribe') {
        const tried = 'A hub asked whether to end the subscription, and was answered no. Let it expire instead.';
        return { status: 404, body: '', tried };
      }
      if (proof !== null) {
        const given = Buffer.from(request.query.get(proof.query) ?? '', 'utf8');
        if (!isSameSecret(given, secretDigest(Buffer.from(readSecret(proof.secret), 'utf8')))) {
          const tried = `A challenge was not answered: ${proof.query} does not hold the secret that this source expects.`;
          return { status: 403, body: '', tried };
        }
      }
      return answer(value, `The query parameter ${query}`);
    };
  }
  if (header !== undefined) {
    const name = header.toLowerCase();
    return async (request) => (isBare(request) ? answer(request.headers[name], `The header ${name}`) : null);
  }
  if (field !== undefined) {
    const find = compileFind(slug, 'field', field);
    return async (request, body) =>
      isChallengeBody(body, settings.when) ? answer(find(request, body), `The field ${field}`) : null;
  }
  return compileHmac(hmacOf ?? '', settings, context, answer);
}

/** Meta's, and what others have taken from it. */
const verifyToken = 'hub.verify_token';

function readProof(verify: NonNullable<ChallengeSpec['verify']>): { query: string; secret: SecretRef } {
  if ('secret' in verify && typeof verify.secret === 'object') {
    return { query: ('query' in verify ? verify.query : undefined) ?? verifyToken, secret: verify.secret };
  }
  const ref = secretRefSchema.parse(verify);
  return { query: verifyToken, secret: ref };
}

function compileHmac(
  name: string,
  settings: ChallengeSpec,
  { slug, readSecret, verify, isOpen, secret: own }: ChallengeContext,
  answer: (value: Json | undefined, what: string, mac: (text: string) => string) => DirectAnswer | null,
): Handshake {
  const secret = settings.secret ?? own;
  if (secret === undefined) {
    return refuse(slug, 'secret', 'is missing: name the key of the HMAC here, or a secret in "verify"');
  }
  const isOfX = name === 'crc_token';
  const encoding = settings.encoding ?? (isOfX ? 'base64' : 'hex');
  const prefix = settings.prefix ?? (isOfX ? 'sha256=' : '');
  const findInBody = compileFind(slug, 'hmacOf', name);
  const mac = (text: string): string => {
    const key = readSecret(secret);
    if (key === '') throw new AppError('unavailable', 'challenge: the secret is empty');
    return prefix + createHmac('sha256', key).update(text).digest(encoding);
  };

  return async (request, body) => {
    const inQuery = isBare(request) ? request.query.get(name) : null;
    const found = inQuery ?? findInBody(request, body) ?? findIn(body, name);
    if (typeof found !== 'string' || !tokenPattern.test(found)) return null;
    // A signed challenge, as Zoom's, is answered only when its signature fits.
    if (inQuery === null && !isOpen && !(await isVerified(verify, request))) return null;
    return answer(found, `The HMAC of ${name}`, mac);
  };
}

/** Zoom's token is one level down. */
const findIn = (body: ReadBody, name: string): Json | undefined =>
  body.kind === 'json' ? fieldOf(fieldOf(body.value, 'payload'), name) : undefined;

/** The first secret of a source's `verify`. */
export function ownSecret({ verify = {} }: SourceSpec): SecretRef | undefined {
  const { secret, secrets } = verify;
  const parsed = secretRefSchema.safeParse(secret ?? (Array.isArray(secrets) ? secrets[0] : undefined));
  return parsed.success ? parsed.data : undefined;
}

/** Whether a handshake carries a valid signature. An unreadable secret counts as no: the delivery then says so with 503. */
export async function isVerified(verify: PreparedSource['verify'], request: IncomingRequest): Promise<boolean> {
  try {
    return (await verify(request)).ok;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** Whether a body could be signed with what `hmacOf` answers to anyone: such a signature proves nothing. */
export const looksLikeToken = (body: Buffer): boolean =>
  body.length === 0 || (body.length <= 256 && tokenPattern.test(body.toString('latin1')));
