import { createHash } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { accountNameKey } from '../../shared/contract/operators.ts';
import { throttleKey } from './throttle-key.ts';

const perPair = { points: 5, duration: 60 };
/** Of the computations that may wait for their turn (password.ts), so that one address cannot keep everybody else out. */
const runningPerAddress = 4;

export interface PasswordThrottle {
  /** Counts an attempt. Seconds until this name is tried again from this address; 0: check it, then say how it ended. */
  begin(name: string, address: string): Promise<number>;
  /** `unchecked`: it counts no longer. */
  end(name: string, address: string, how: 'right' | 'wrong' | 'unchecked'): Promise<void>;
}

/**
 * 5 wrong passwords for one name from one address within a minute, and its sixth waits for the minute to end, the right one
 * too: a guess must not be told from a hit. By name and address, so that a stranger elsewhere cannot keep anybody out, and
 * never for longer than a minute. Counted before the check, since guesses may come all at the same moment.
 */
export function createPasswordThrottle(): PasswordThrottle {
  const pairs = new RateLimiterMemory(perPair);
  const running = new Map<string, number>();
  // Names are as long as a stranger likes.
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
