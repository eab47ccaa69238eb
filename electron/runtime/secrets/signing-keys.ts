import { CompactSign, type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose';
import { z } from 'zod';
import { AppError } from '../../../shared/contract/errors.ts';
import type { KeyAlgorithm, SigningKey } from '../../../shared/contract/keys.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import type { SignToken } from '../../sources/source-types.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { isoTime } from '../../store/database/times.ts';
import { addSigningKey, readSigningKeys, type StoredSigningKey } from '../../store/definitions/signing-keys.ts';
import { readStoredJson } from '../../store/events/events.ts';
import type { Writer } from '../../store/write/writer.ts';
import type { SecretSealer } from './secret-sealer.ts';

/** This installation's own keys: made when the first is needed, private parts sealed like every secret. */
export interface SigningKeys {
  signToken: SignToken;
  list(): SigningKey[];
  /** The new key's algorithm is that of the one before unless told otherwise. */
  rotate(algorithm?: KeyAlgorithm): Promise<SigningKey>;
  /** JSON of the public keys (RFC 7517). */
  jwks(): Promise<string>;
}

export interface SigningKeyDeps {
  db: ReadableDb;
  writer: Writer;
  sealer: SecretSealer;
  /** `iss` of what is signed. */
  issuer(): string;
  nowMs: () => number;
}

const firstAlgorithm: KeyAlgorithm = 'RS256';
/** What NIST SP 800-57 takes for safe beyond 2030 would be 3072, at three times the time a signature takes. */
const modulusLength = 2048;

const jwkSchema = z.record(z.string(), z.unknown());
/** The name that a key is sealed under. */
export const sealedNameOf = (kid: string): string => `signing-key:${kid}`;

export function createSigningKeys({ db, writer, sealer, issuer, nowMs }: SigningKeyDeps): SigningKeys {
  /** Newest first; the current one and the one before. */
  let keys = readSigningKeys(db);
  let opened: { kid: string; key: CryptoKey } | null = null;
  let making: Promise<StoredSigningKey> | null = null;

  async function make(algorithm: KeyAlgorithm): Promise<StoredSigningKey> {
    const pair = await generateKeyPair(algorithm, { extractable: true, modulusLength });
    const publicJwk = await exportJWK(pair.publicKey);
    const kid = await calculateJwkThumbprint(publicJwk);
    const made: StoredSigningKey = {
      kid,
      algorithm,
      publicJwk: JSON.stringify({ ...publicJwk, kid, alg: algorithm, use: 'sig' }),
      sealed: sealer.seal(sealedNameOf(kid), JSON.stringify(await exportJWK(pair.privateKey))),
      createdAtMs: nowMs(),
    };
    await writer.write(({ db: handle }) => addSigningKey(handle, made));
    keys = readSigningKeys(db);
    opened = { kid, key: pair.privateKey };
    return made;
  }

  /** One after the other: two that need the first key at once share it. */
  function makeOnce(algorithm: KeyAlgorithm): Promise<StoredSigningKey> {
    making ??= make(algorithm).finally(() => {
      making = null;
    });
    return making;
  }

  async function open(stored: StoredSigningKey): Promise<CryptoKey> {
    if (opened?.kid === stored.kid) return opened.key;
    let text: string;
    try {
      text = sealer.open(sealedNameOf(stored.kid), stored.sealed);
    } catch (error) {
      const unreadable = new AppError('unavailable', 'The signing key cannot be opened; rotate it to get a new one.');
      unreadable.cause = error;
      throw unreadable;
    }
    const key = await importJWK(jwkSchema.parse(JSON.parse(text)), stored.algorithm);
    if (key instanceof Uint8Array)
      throw new AppError('unavailable', 'The signing key is not a private key; rotate it.');
    opened = { kid: stored.kid, key };
    return key;
  }

  const current = async (): Promise<StoredSigningKey> => keys[0] ?? (await makeOnce(firstAlgorithm));

  const show = ({ kid, algorithm, createdAtMs }: StoredSigningKey, state: SigningKey['state']): SigningKey => ({
    id: kid,
    algorithm,
    state,
    createdAt: isoTime(createdAtMs),
  });

  return {
    async signToken(claims) {
      const stored = await current();
      const key = await open(stored);
      // Printed here: SignJWT would write exact numbers as text.
      const payload = stringifyExact({ ...claims, iss: issuer(), iat: Math.floor(nowMs() / 1000) });
      return new CompactSign(new TextEncoder().encode(payload))
        .setProtectedHeader({ alg: stored.algorithm, kid: stored.kid, typ: 'JWT' })
        .sign(key);
    },
    list: () => keys.map((key, index) => show(key, index === 0 ? 'current' : 'previous')),
    async rotate(algorithm) {
      await making;
      return show(await makeOnce(algorithm ?? keys[0]?.algorithm ?? firstAlgorithm), 'current');
    },
    async jwks() {
      await current();
      // A damaged one must not make the others unreadable.
      const readable = keys.filter(({ publicJwk }) => readStoredJson(publicJwk).isReadable);
      return `{"keys":[${readable.map(({ publicJwk }) => publicJwk).join(',')}]}`;
    },
  };
}
