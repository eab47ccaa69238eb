import { RateLimiterMemory } from 'rate-limiter-flexible';
import { throttleKey } from '../../accounts/throttle-key.ts';

const perAddress = { points: 10, duration: 5 * 60 };
const overall = { points: 200, duration: 60 };
const overallKey = 'all';

export interface WrongToken {
  /** Seconds until a wrong token from this address counts as a plain mistake again; 0 while it does. */
  waitSeconds: number;
  /** False for those that a line in the log has already announced: a flood of guesses must not flood the log. */
  isNews: boolean;
}

export interface LoginThrottle {
  /** Counts a wrong token. The right one never gets here, so nobody can lock out who has it. */
  failed(address: string): Promise<WrongToken>;
  succeeded(address: string): Promise<void>;
}

/**
 * Bounds what wrong tokens cost: 10 in 5 minutes from one address and 200 a minute from all are answered and logged one
 * by one. What is kept is bounded by the second limit: a token that is held back is not counted.
 */
export function createLoginThrottle(): LoginThrottle {
  const byAddress = new RateLimiterMemory(perAddress);
  const together = new RateLimiterMemory(overall);
  let announcedUntilMs = Number.NEGATIVE_INFINITY;

  async function waitOf(limiter: RateLimiterMemory, key: string): Promise<number> {
    const state = await limiter.get(key);
    if (state === null || state.consumedPoints < limiter.points) return 0;
    return Math.max(1, Math.ceil(state.msBeforeNext / 1000));
  }

  /** One line a minute says that tokens are held back, whatever their number and addresses. */
  function announce(): boolean {
    const nowMs = performance.now();
    if (nowMs < announcedUntilMs) return false;
    announcedUntilMs = nowMs + overall.duration * 1000;
    return true;
  }

  return {
    async failed(address) {
      const key = throttleKey(address);
      const waitSeconds = Math.max(await waitOf(together, overallKey), await waitOf(byAddress, key));
      if (waitSeconds > 0) return { waitSeconds, isNews: announce() };
      // `penalty` counts without refusing; the refusal is ours to word.
      await Promise.all([byAddress.penalty(key), together.penalty(overallKey)]);
      return { waitSeconds: 0, isNews: true };
    },
    async succeeded(address) {
      await byAddress.delete(throttleKey(address));
    },
  };
}
