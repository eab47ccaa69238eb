import type { RateLimit } from '../../shared/contract/sources.ts';

/**
 * Default rate limits of the presets. A limit only makes sense for senders that deliver again later what was answered
 * 429: it then spreads a burst over time. From any other sender each refused delivery is lost.
 */

/** For senders that do not repeat a delivery, or stop delivering after a few refusals: only overload refuses those. */
export const noRateLimit: RateLimit = 'off';

/** For senders that repeat, and unknown ones: above every burst seen in practice, a twelfth of what the store takes. */
export const highRateLimit: RateLimit = { perSecond: 1000, burst: 5000 };
