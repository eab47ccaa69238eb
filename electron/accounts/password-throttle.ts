import { createHash } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { accountNameKey } from '../../shared/contract/operators.ts';
import { throttleKey } from './throttle-key.ts';

const perPair = { points: 5, duration: 60 };
/** At most so many checks of one address run or wait (password.ts), so that one address cannot block all others. */
const runningPerAddress = 4;

export interface PasswordThrottle {
  /** Counts an attempt. Seconds to wait for this name and address; 0: check the password, then call `end`. */
  begin(name: string, address: string): Promise<number>;
  /** `unchecked`: the attempt is not counted. */
  end(name: string, address: string, how: 'right' | 'wrong' | 'unchecked'): Promise<void>;
}

/**
 * Allows 5 wrong passwords for one name from one address in a minute. Then even the right one is rejected until the minute
 * ends: the response must not tell a guess from a hit. Counted by name and address, so that requests from elsewhere cannot
 * lock an operator out; and before the check, since guesses may arrive at the same moment. Wrong console tokens differ:
 * they cost no hash, and the right one is always accepted (console/auth/login-throttle.ts).
 */
export function createPasswordThrottle(): PasswordThrottle {
  const pairs = new RateLimiterMemory(perPair);
  const running = new Map<string, number>();
  // Hashed, since a name in a request can be of any length.
  const keyOf = (name: string, address: string): string =>
    `${createHash('sha256').update(accountNameKey(name)).digest('base64')} ${throttleKey(address)}`;

  return {
    async begin(name, address) {
      const from = throttleKey(address);
      const others = running.get(from) ?? 0;
      if (others >= runningPerAddress) return 1;
      running.set(from, others + 1);
      const state = await pairs.penalty(keyOf(name, address));
      if (state.consumedPoints <= perPair.points) return 0;
      leave(from);
      return Math.max(1, Math.ceil(state.msBeforeNext / 1000));
    },
    async end(name, address, how) {
      leave(throttleKey(address));
      if (how === 'right') await pairs.delete(keyOf(name, address));
      if (how === 'unchecked') await pairs.reward(keyOf(name, address));
    },
  };

  function leave(from: string): void {
    const left = (running.get(from) ?? 1) - 1;
    if (left > 0) running.set(from, left);
    else running.delete(from);
  }
}
