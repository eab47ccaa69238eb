import ipaddr from 'ipaddr.js';
import { RateLimiterMemory } from 'rate-limiter-flexible';

const perAddress = { points: 10, duration: 5 * 60 };
const overall = { points: 200, duration: 60 };
const overallKey = 'all';

export interface LoginThrottle {
  /** Seconds until a token from this address is looked at again; 0 when it is now. */
  waitSeconds(address: string): Promise<number>;
  /** Counts a wrong token. */
  failed(address: string): Promise<void>;
  succeeded(address: string): Promise<void>;
}

/** One IPv6 customer has a whole /64: counted as one, or guessing would cost nothing but changing addresses. */
function throttleKey(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return parsed.toByteArray().slice(0, 8).join('.');
}

/**
 * Holds back whoever presents wrong tokens: 10 in 5 minutes from one address, 200 a minute from all. What is kept is
 * bounded by the second limit: an attempt that is held back is not counted.
 */
export function createLoginThrottle(): LoginThrottle {
  const byAddress = new RateLimiterMemory(perAddress);
  const together = new RateLimiterMemory(overall);

  async function waitOf(limiter: RateLimiterMemory, key: string): Promise<number> {
    const state = await limiter.get(key);
    if (state === null || state.consumedPoints < limiter.points) return 0;
    return Math.max(1, Math.ceil(state.msBeforeNext / 1000));
  }

  return {
    async waitSeconds(address) {
      return Math.max(await waitOf(together, overallKey), await waitOf(byAddress, throttleKey(address)));
    },
    async failed(address) {
      // `penalty` counts without refusing; the refusal is ours to word.
      await Promise.all([byAddress.penalty(throttleKey(address)), together.penalty(overallKey)]);
    },
    async succeeded(address) {
      await byAddress.delete(throttleKey(address));
    },
  };
}
