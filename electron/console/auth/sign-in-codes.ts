import { randomBytes } from 'node:crypto';
import { hashSecret } from '../../accounts/secret-text.ts';

const lifetimeMs = 10 * 60 * 1000;
const maxOpen = 50;

export interface SignInCode {
  code: string;
  expiresAtMs: number;
}

export interface SignInUrl {
  /** For a browser on this machine, or where the console listens. */
  url: string;
  /** The same through the proxy, where there is one. */
  publicUrl: string | null;
  expiresAtMs: number;
}

export interface SignInCodes {
  /** A new code: 192 random bits, for one browser, good for 10 minutes. */
  create(): SignInCode;
  /** Whether the code is one of ours, unused and not too old; it is used up with that. */
  redeem(code: string): boolean;
}

/**
 * Codes for addresses that sign a browser in once. Unlike the console token, such an address may stand in a terminal's
 * history or a service's log. Kept in memory only; the oldest go first when there are too many.
 */
export function createSignInCodes(nowMs: () => number = Date.now): SignInCodes {
  // Keys are hashes, so that finding one tells nothing by its timing.
  const expiry = new Map<string, number>();

  return {
    create() {
      const code = randomBytes(24).toString('base64url');
      const expiresAtMs = nowMs() + lifetimeMs;
      expiry.set(hashSecret(code), expiresAtMs);
      for (const oldest of expiry.keys()) {
        if (expiry.size <= maxOpen) break;
        expiry.delete(oldest);
      }
      return { code, expiresAtMs };
    },
    redeem(code) {
      const key = hashSecret(code);
      const expiresAtMs = expiry.get(key);
      expiry.delete(key);
      return expiresAtMs !== undefined && expiresAtMs > nowMs();
    },
  };
}
