import { createHash } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { throttleKey } from './login-throttle.ts';

const perPair = { points: 5, duration: 60 };

export interface PasswordThrottle {
  /** Seconds until this name is tried again from this address; 0: now. */
  waitSeconds(name: string, address: string): Promise<number>;
  failed(name: string, address: string): Promise<void>;
  succeeded(name: string, address: string): Promise<void>;
}

/**
 * 5 wrong passwords for one name from one address within a minute, and its sixth waits for the minute to end, the right one
 * too: a guess must not be told from a hit. By name and address, so that a stranger elsewhere cannot keep anybody out, and
 * never for longer than a minute.
 */
export function createPasswordThrottle(): PasswordThrottle {
  const pairs = new RateLimiterMemory(perPair);
  // Names are as long as a stranger likes.
  const keyOf = (name: string, address: string): string =>
    `${createHash('sha256').update(name.toLowerCase()).digest('base64')} ${throttleKey(address)}`;
  return {
    async waitSeconds(name, address) {
      const state = await pairs.get(keyOf(name, address));
      if (state === null || state.consumedPoints < perPair.points) return 0;
      return Math.max(1, Math.ceil(state.msBeforeNext / 1000));
    },
    async failed(name, address) {
      await pairs.penalty(keyOf(name, address));
    },
    async succeeded(name, address) {
      await pairs.delete(keyOf(name, address));
    },
  };
}
