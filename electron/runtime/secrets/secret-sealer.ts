import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import { AppError } from '../../../shared/contract/errors.ts';
import { errorCode } from '../../../shared/error-code.ts';
import { errorText } from '../../../shared/error-text.ts';
import type { SecretBox } from '../runtime-types.ts';

/** Makes stored secrets unreadable without the key. A value opens only under the name that it was sealed for. */
export interface SecretSealer {
  seal(name: string, value: string): Buffer;
  /** Throws AppError, which says what to do. */
  open(name: string, sealed: Buffer): string;
  /** Why nothing can be sealed; null: it can, as far as is known. */
  problem(): string | null;
}

/** First byte of what is stored: which key it needs, so that the other mode can say so. */
const withKeyFile = 1;
const withKeychain = 2;

const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

const unavailable = (message: string, cause?: unknown): AppError => {
  const error = new AppError('unavailable', message);
  if (cause !== undefined) error.cause = cause;
  return error;
};

function assertKind(name: string, sealed: Buffer, kind: number): void {
  const found = sealed[0];
  if (found === kind) return;
  if (found === withKeychain) {
    throw unavailable(
      `The secret "${name}" was stored with the desktop app's keychain, which is not available here; set it again.`,
    );
  }
  if (found === withKeyFile) {
    throw unavailable(`The secret "${name}" was stored with a key file and not with the keychain; set it again.`);
  }
  throw unavailable(`The stored secret "${name}" is damaged; set it again.`);
}

/**
 * AES-256-GCM with a key file (0600) of the data directory, made when the first secret is sealed. A random nonce of 96
 * bits a value is what NIST SP 800-38D § 8.2.2 allows for 2³² of them; the name is bound as additional data.
 */
export function sealWithKeyFile(keyFile: string, hasSecrets: () => boolean): SecretSealer {
  let key: Buffer | null = null;

  /** Null without a file. */
  function readKeyFile(): Buffer | null {
    let text: string;
    try {
      text = readFileSync(keyFile, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw unavailable(`The key file ${keyFile} cannot be read, so stored secrets cannot be opened.`, error);
    }
    const bytes = Buffer.from(text.trim(), 'base64');
    if (bytes.length !== keyBytes) {
      throw unavailable(
        `The key file ${keyFile} contains no Signalbox key: it is damaged, cut or another file. Put the right one back from your copy. If there is none, remove the file and the stored secrets, and set them again.`,
      );
    }
    return bytes;
  }

  function readKey(): Buffer | null {
    key ??= readKeyFile();
    return key;
  }

  function decryptWith(found: Buffer, name: string, sealed: Buffer): string {
    const nonceEnd = 1 + nonceBytes;
    const tagEnd = nonceEnd + tagBytes;
    const decipher = createDecipheriv('aes-256-gcm', found, sealed.subarray(1, nonceEnd), { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(name, 'utf8'));
    decipher.setAuthTag(sealed.subarray(nonceEnd, tagEnd));
    return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]).toString('utf8');
  }

  function readOrMakeKey(): Buffer {
    const found = readKey();
    if (found !== null) return found;
    // A new key would make the secrets already stored unreadable for good, unseen.
    if (hasSecrets()) throw missingKey();
    const made = randomBytes(keyBytes);
    writeFileAtomic.sync(keyFile, `${made.toString('base64')}\n`, { mode: 0o600 });
    key = made;
    return made;
  }

  const missingKey = (): AppError =>
    unavailable(
      `The key file ${keyFile} is missing, so stored secrets cannot be opened; put it back, or remove the stored secrets and set them again.`,
    );

  return {
    seal(name, value) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', readOrMakeKey(), nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(name, 'utf8'));
      const encrypted = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(withKeyFile), nonce, cipher.getAuthTag(), encrypted]);
    },
    open(name, sealed) {
      assertKind(name, sealed, withKeyFile);
      const found = readKey();
      if (found === null) throw missingKey();
      try {
        return decryptWith(found, name, sealed);
      } catch (error) {
        // The right file may have been put back since the key was read.
        const fresh = readKeyFile();
        if (fresh !== null && !fresh.equals(found)) {
          key = fresh;
          return this.open(name, sealed);
        }
        throw unavailable(
          `The secret "${name}" does not open with the key in ${keyFile}; put the right key file back, or set the secret again.`,
          error,
        );
      }
    },
    problem() {
      try {
        if (readKey() !== null || !hasSecrets()) return null;
        return missingKey().message;
      } catch (error) {
        return errorText(error);
      }
    },
  };
}

/** With the operating system's keychain. It knows no additional data, so the name is sealed with the value. */
export function sealWithKeychain(box: SecretBox): SecretSealer {
  return {
    seal: (name, value) => Buffer.concat([Buffer.of(withKeychain), box.encrypt(`${name}\n${value}`)]),
    open(name, sealed) {
      assertKind(name, sealed, withKeychain);
      const text = decrypt(box, name, sealed.subarray(1));
      const head = `${name}\n`;
      if (!text.startsWith(head))
        throw unavailable(`The stored secret "${name}" belongs to another name; set it again.`);
      return text.slice(head.length);
    },
    problem: () => null,
  };
}

function decrypt(box: SecretBox, name: string, bytes: Buffer): string {
  try {
    return box.decrypt(bytes);
  } catch (error) {
    throw unavailable(`The secret "${name}" does not open with this user's keychain; set it again.`, error);
  }
}
