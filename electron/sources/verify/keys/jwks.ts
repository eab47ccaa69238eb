import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { SecretRef } from '../../../../shared/contract/common.ts';
import { AppError } from '../../../../shared/contract/errors.ts';
import { literalOf, type Reach, refuseAddress } from '../../../outgoing/outgoing-address.ts';
import { parseJson } from '../../body/json-text.ts';
import type { ReadSecret } from '../../source-types.ts';
import { createRemoteKeys } from './remote-jwks.ts';

const jwkSchema = z.looseObject({ kty: z.string() });
const keySetSchema = z.object({ keys: z.array(jwkSchema).max(200) });

/**
 * The public keys of a JWK set, or of a single JWK, as text or object. A shared secret (`oct`) is left out: whoever
 * checks with one could sign with it. Throws AppError that says what is wrong, without quoting the key set.
 */
export function parseKeySet(given: unknown): JSONWebKeySet {
  let value = given;
  if (typeof given === 'string') {
    const parsed = parseJson(given);
    if (!parsed.ok) throw new AppError('invalid_input', `the key set ${parsed.message}`);
    value = parsed.value;
  }
  const single = jwkSchema.safeParse(value);
  const set = keySetSchema.safeParse(single.success ? { keys: [single.data] } : value);
  if (!set.success) throw new AppError('invalid_input', 'is not a JWK set: {"keys": [{"kty": …}, …]}');
  if (set.data.keys.some((key) => key.d !== undefined)) {
    throw new AppError(
      'invalid_input',
      'holds a private key, which must stay with its owner: give the public keys only',
    );
  }
  const keys = set.data.keys.filter(({ kty }) => kty !== 'oct');
  if (keys.length === 0) throw new AppError('invalid_input', 'holds no public key');
  return { keys };
}

function isLoopback(hostname: string): boolean {
  const literal = literalOf(hostname);
  return hostname === 'localhost' || (literal !== null && refuseAddress(literal, 'loopback') === null);
}

/** Plain http has been allowed for this machine alone, and stays so. */
function reachOf(url: string, { allowPrivate, allowLoopbackHttp }: JwksSettings): Reach {
  if (url.toLowerCase().startsWith('http:')) return 'loopback';
  return allowPrivate === true || (allowLoopbackHttp === true && isLoopback(new URL(url).hostname))
    ? 'private'
    : 'public';
}

function urlProblem(text: string, allowLoopbackHttp: boolean): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) return 'must be an address such as https://idp.example.com/.well-known/jwks.json';
  if (url.username !== '' || url.password !== '') return 'must not contain a user name or password';
  const literal = literalOf(url.hostname);
  const refusal = literal === null ? null : refuseAddress(literal, 'private');
  if (refusal !== null) return `must lead elsewhere: ${literal} ${refusal}`;
  if (url.protocol === 'https:') return null;
  if (url.protocol === 'http:' && allowLoopbackHttp && isLoopback(url.hostname)) return null;
  return 'must start with https://, since whoever can change the keys on the way can sign as the sender';
}

/** Where the sender's public keys are: exactly one of the places. */
export const jwksSchema = z
  .strictObject({
    url: z.string().max(2000, 'must be at most 2000 characters').optional(),
    file: z.string().min(1, 'must be a path').optional(),
    env: z.string().min(1, 'must be the name of an environment variable').optional(),
    secret: z.string().min(1, 'must be the name of a stored secret').optional(),
    inline: z.union([z.string(), z.record(z.string(), z.json())]).optional(),
    allowLoopbackHttp: z.boolean().optional(),
    /** Keys may be served inside this network or on this machine. */
    allowPrivate: z.boolean().optional(),
  })
  .superRefine((settings, context) => {
    const { allowLoopbackHttp, allowPrivate, ...places } = settings;
    const given = Object.values(places).filter((place) => place !== undefined);
    if (given.length !== 1) {
      context.addIssue({
        code: 'custom',
        message: 'must say where the keys are: one of url, file, env, secret or inline',
      });
    }
    const problem = settings.url === undefined ? null : urlProblem(settings.url, allowLoopbackHttp ?? false);
    if (problem !== null) context.addIssue({ code: 'custom', path: ['url'], message: problem });
    if (settings.inline === undefined) return;
    try {
      parseKeySet(settings.inline);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      context.addIssue({ code: 'custom', path: ['inline'], message: error.message });
    }
  });
export type JwksSettings = z.infer<typeof jwksSchema>;

export interface KeySource {
  /** Throws jose's `JWKSNoMatchingKey`, or AppError `unavailable` when the keys cannot be read. */
  getKey: JWTVerifyGetKey;
  problem(): string | null;
}

type KeySet = ReturnType<typeof createLocalJWKSet>;

/** Reads the keys at each use as any secret is, so that a changed file counts at once. */
function createReadKeys(ref: SecretRef, readSecret: ReadSecret): KeySource {
  let known: { text: string; keys: KeySet } | null = null;
  const read = (): KeySet => {
    try {
      const text = readSecret(ref);
      if (known?.text !== text) known = { text, keys: createLocalJWKSet(parseKeySet(text)) };
      return known.keys;
    } catch (error) {
      if (error instanceof AppError) throw new AppError('unavailable', `verify.jwks: ${error.message}`);
      throw error;
    }
  };
  return {
    getKey: async (header, token) => read()(header, token),
    problem() {
      try {
        read();
        return null;
      } catch (error) {
        if (error instanceof AppError) return error.message;
        throw error;
      }
    },
  };
}

function refOf({ file, env, secret }: JwksSettings): SecretRef | null {
  if (file !== undefined) return { file };
  if (env !== undefined) return { env };
  return secret === undefined ? null : { secret };
}

/** Takes settings that the schema accepts. */
export function createKeySource(settings: JwksSettings, readSecret: ReadSecret): KeySource {
  const ref = refOf(settings);
  if (ref !== null) return createReadKeys(ref, readSecret);
  if (settings.url === undefined) {
    return { getKey: createLocalJWKSet(parseKeySet(settings.inline)), problem: () => null };
  }
  const remote = createRemoteKeys(settings.url, reachOf(settings.url, settings), parseKeySet);
  return {
    async getKey(header, token) {
      const keys = await remote.current();
      try {
        return await keys(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        // The sender may have changed its keys a moment ago.
        const fresh = await remote.refresh();
        if (fresh === null) throw error;
        return fresh(header, token);
      }
    },
    problem: remote.problem,
  };
}
