import type { RateLimit } from '../../../../shared/contract/sources.ts';
import { formatCount } from '../../../ui/text/format.ts';

/** `off`, or `1,000 per second`. */
export const perSecondText = (limit: RateLimit): string =>
  limit === 'off' ? 'off' : `${formatCount(limit.perSecond)} per second`;

/** `off`, or `1,000 per second, bursts of 5,000`. */
export const rateLimitText = (limit: RateLimit): string =>
  limit === 'off' ? 'off' : `${perSecondText(limit)}, bursts of ${formatCount(limit.burst)}`;
