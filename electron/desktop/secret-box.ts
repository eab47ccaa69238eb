import { safeStorage } from 'electron';
import type { SecretBox } from '../runtime/runtime-types.ts';

/**
 * The operating system's keychain, once the app is ready; undefined where there is none. On Linux without a keyring
 * Chromium falls back to a password that is the same everywhere (`basic_text`): our own key file is better than that.
 */
export function openSecretBox(): SecretBox | undefined {
  if (!safeStorage.isEncryptionAvailable()) return undefined;
  if (process.platform === 'linux') {
    const backend = safeStorage.getSelectedStorageBackend();
    if (backend === 'basic_text' || backend === 'unknown') return undefined;
  }
  return {
    encrypt: (text) => safeStorage.encryptString(text),
    decrypt: (bytes) => safeStorage.decryptString(bytes),
  };
}
