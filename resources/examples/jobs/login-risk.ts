// Decides about a login or registration that Next Identity asks about: allow, challenge or block, with claims that say
// why. Made for a listener with `mode: enrich`, which answers the request with it, so it looks at the event alone.
//
// Event: payload with what is known of the login: ip, country, usualCountry, failedAttempts, isNewDevice, email.
// Environment:
//   RISK_BLOCKED_COUNTRIES  e.g. "KP,SY"
//   RISK_BLOCKED_DOMAINS    of e-mail addresses, e.g. "mailinator.com"
//   RISK_CHALLENGE_FROM     points, 40
//   RISK_BLOCK_FROM         points, 80
import { defineJob } from 'signalbox';
import { envNumber } from './lib/send-request.ts';

interface Login {
  email?: unknown;
  country?: unknown;
  usualCountry?: unknown;
  failedAttempts?: unknown;
  isNewDevice?: unknown;
}

const listOf = (name: string): Set<string> =>
  new Set(
    (process.env[name] ?? '')
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
  );

const lower = (value: unknown): string => (typeof value === 'string' ? value.trim().toLowerCase() : '');

export default defineJob<Login | null>((event, run) => {
  const { email, country, usualCountry, failedAttempts, isNewDevice } = event.payload ?? {};
  const reasons: string[] = [];
  let points = 0;
  const add = (reason: string, more: number): void => {
    reasons.push(reason);
    points += more;
  };

  const from = lower(country);
  const failed = typeof failedAttempts === 'number' && failedAttempts > 0 ? failedAttempts : 0;
  if (listOf('RISK_BLOCKED_COUNTRIES').has(from)) add('blocked_country', 100);
  if (listOf('RISK_BLOCKED_DOMAINS').has(lower(email).split('@').at(-1) ?? '')) add('blocked_domain', 100);
  if (from !== '' && lower(usualCountry) !== '' && from !== lower(usualCountry)) add('unusual_country', 30);
  if (isNewDevice === true) add('new_device', 20);
  if (failed >= 3) add('failed_attempts', Math.min(60, failed * 10));

  const action =
    points >= envNumber('RISK_BLOCK_FROM', 80)
      ? 'block'
      : points >= envNumber('RISK_CHALLENGE_FROM', 40)
        ? 'challenge'
        : 'allow';
  run.log(`${action}: ${points} points (${reasons.join(', ') || 'nothing unusual'})`);
  return { action, custom_claims: { risk_score: Math.min(100, points), risk_reasons: reasons } };
});
