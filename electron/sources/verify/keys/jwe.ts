import { createPrivateKey, type KeyObject } from 'node:crypto';
import { compactDecrypt, errors } from 'jose';
import type { SecretRef } from '../../../../shared/contract/common.ts';
import { AppError } from '../../../../shared/contract/errors.ts';
import type { ReadSecret } from '../../source-types.ts';
import { createSecretList } from '../secret-list.ts';
import { printHeader, type Refused, refuse } from './jwt-problems.ts';

/** Encryption to our public key; a password or a shared key says nothing of who may read. */
const keyAlgorithms = [
  'RSA-OAEP',
  'RSA-OAEP-256',
  'RSA-OAEP-384',
  'RSA-OAEP-512',
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'ECDH-ES+A192KW',
  'ECDH-ES+A256KW',
];

function readPrivateKey(text: string): KeyObject {
  const trimmed = text.trim();
  try {
    return trimmed.startsWith('{')
      ? createPrivateKey({ key: JSON.parse(trimmed), format: 'jwk' })
      : createPrivateKey(trimmed);
  } catch {
    // The platform's message may quote the key.
    throw new AppError('unavailable', 'is not a private key as PEM (without a password) or JWK');
  }
}

export interface Decryption {
  /** What was encrypted, as text. Rejects with AppError when a key that would be needed cannot be read. */
  decrypt(token: string): Promise<{ ok: true; inner: string } | Refused>;
  problem(): string | null;
}

/** Opens encrypted tokens (RFC 7516) with our private key, or with the one before while it is being rotated. */
export function createDecryption(
  settings: { decryptionKey?: SecretRef | undefined; previousDecryptionKey?: SecretRef | undefined },
  readSecret: ReadSecret,
): Decryption {
  const decryptionKeys = createSecretList(
    { secret: settings.decryptionKey, previousSecret: settings.previousDecryptionKey },
    readSecret,
    readPrivateKey,
    {
      secret: 'verify.decryptionKey',
      previousSecret: 'verify.previousDecryptionKey',
      secrets: 'verify.decryptionKey',
    },
  );

  async function decrypt(token: string): Promise<{ ok: true; inner: string } | Refused> {
    if (decryptionKeys.count === 0) {
      return refuse('token_encrypted', 'the token is encrypted, and this source has no private key to read it with');
    }
    const keys: KeyObject[] = [];
    let unreadable: AppError | null = null;
    try {
      decryptionKeys.find((key) => keys.push(key) === 0);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      unreadable = error;
    }
    for (const key of keys) {
      try {
        const { plaintext } = await compactDecrypt(token, key, { keyManagementAlgorithms: keyAlgorithms });
        return { ok: true, inner: Buffer.from(plaintext).toString('utf8').trim() };
      } catch (error) {
        // Whatever else is thrown comes of the token or of a key of another kind; the next key may fit.
        if (error instanceof errors.JOSEAlgNotAllowed) {
          return refuse(
            'algorithm_not_allowed',
            `the encryption is not allowed here (its header: ${printHeader(token)})`,
          );
        }
      }
    }
    if (unreadable !== null) throw unreadable;
    return refuse('decryption_failed', 'the token cannot be decrypted with the private key of this source');
  }

  return { decrypt, problem: decryptionKeys.problem };
}
