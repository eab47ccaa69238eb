import type { RateLimit } from '../../../../shared/contract/sources.ts';
import type { DirectAnswer, IncomingRequest } from '../../source-types.ts';

export interface PermissionSettings {
  rateLimit: RateLimit;
  /** Names that senders may give themselves, such as `eventgrid.azure.net`; any when absent. */
  origins?: readonly string[];
}

/** An origin is a DNS name (section 4.1.1); anything else has no place in an answer's header. */
const originShape = /^[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$/;

function allowedRate(asked: string | undefined, rateLimit: RateLimit): string {
  const wanted = asked !== undefined && /^[1-9]\d{0,8}$/.test(asked) ? Number(asked) : null;
  if (rateLimit === 'off') return wanted === null ? '*' : String(wanted);
  const perMinute = Math.max(1, Math.floor(rateLimit.perSecond * 60));
  return String(Math.min(perMinute, wanted ?? perMinute));
}

/**
 * The answer to a sender that asks for permission to deliver (HTTP 1.1 Web Hooks for Event Delivery, section 4), or null
 * for any other request. Given in the answer itself: a `WebHook-Request-Callback` is never called, since whoever asks
 * could have this machine call any address.
 */
export function answerPermission(request: IncomingRequest, settings: PermissionSettings): DirectAnswer | null {
  if (request.method !== 'OPTIONS') return null;
  const origin = request.headers['webhook-request-origin']?.trim();
  if (origin === undefined) return null;
  const isAllowed =
    originShape.test(origin) &&
    (settings.origins === undefined || settings.origins.some((name) => name.toLowerCase() === origin.toLowerCase()));
  if (!isAllowed) return { status: 403, headers: { allow: 'POST' }, body: 'this origin may not deliver here' };
  return {
    status: 200,
    headers: {
      allow: 'POST',
      'webhook-allowed-origin': origin,
      'webhook-allowed-rate': allowedRate(request.headers['webhook-request-rate']?.trim(), settings.rateLimit),
    },
    body: '',
  };
}
