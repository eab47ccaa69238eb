import type { Intake } from '../../intake/intake-types.ts';
import type { RegisteredSource } from '../../sources/source-registry.ts';
import type { Refusal } from '../answer/answer.ts';
import type { ReceiverLimits } from '../limits.ts';
import { createRateLimiter } from './rate-limit.ts';

/** Of the queue's limits, for verified deliveries. */
const verifiedShare = 1.25;

export interface Load {
  /** `isOpen`: the deliveries in question are accepted without proof of their sender. */
  checkQueue(isOpen: boolean): Refusal | null;
  /** Spends the source's rate: call it for deliveries that would be accepted as far as their sender is concerned. */
  checkRate(source: RegisteredSource, nowMs: number): Refusal | null;
  noteUnverified(slug: string, nowMs: number): void;
  /** More requests fail verification than are worth receiving whole. */
  isFlooded(slug: string, nowMs: number): boolean;
}

/** What is turned away because there is too much of it. Unverified requests spend nothing that verified ones need. */
export function createLoad(pressure: Intake['pressure'], limits: ReceiverLimits): Load {
  const rates = createRateLimiter();
  const failures = createRateLimiter();

  return {
    checkQueue(isOpen) {
      const { waiting, bytes } = pressure();
      const share = isOpen ? 1 : verifiedShare;
      if (waiting < limits.maxWaiting * share && bytes < limits.maxWaitingBytes * share) return null;
      return {
        status: 503,
        code: 'overloaded',
        message: `${waiting} deliveries with ${bytes} bytes are waiting for the disk`,
        toSender: { code: 'overloaded', message: 'too many deliveries are waiting to be stored; try again later' },
        retryAfterSeconds: 2,
        keepsBody: false,
      };
    },

    checkRate({ spec, preset }, nowMs) {
      const rate = spec.rateLimit ?? preset?.info.defaults.rateLimit ?? 'off';
      if (rate === 'off') return null;
      const waitSeconds = rates.take(spec.slug, rate, nowMs);
      if (waitSeconds === 0) return null;
      return {
        status: 429,
        code: 'rate_limited',
        message: `more than ${rate.perSecond} deliveries a second to this source: raise its rateLimit or set it to off`,
        toSender: { code: 'rate_limited', message: 'too many deliveries; try again later' },
        retryAfterSeconds: waitSeconds,
      };
    },

    noteUnverified(slug, nowMs) {
      failures.take(slug, limits.failedVerifications, nowMs);
    },

    isFlooded: (slug, nowMs) => failures.isEmpty(slug, limits.failedVerifications, nowMs),
  };
}
