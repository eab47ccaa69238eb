import { durationSchema, printDuration } from '../../../shared/contract/duration.ts';
import type { PresetField } from '../../../shared/contract/sources.ts';

/** How far a signed time may be from this machine's clock, either way. */
export const toleranceSchema = durationSchema(1000, 24 * 3_600_000);

export const toleranceField = (defaultValue: string): PresetField => ({
  path: 'verify.tolerance',
  label: 'Tolerance',
  kind: 'duration',
  defaultValue,
  help: 'Maximum difference between the timestamp of a delivery and this machine’s clock, in either direction.',
});

const untimelyCodes = ['timestamp_malformed', 'timestamp_in_future', 'timestamp_too_old'] as const;

/** Codes of refusals that the headers of a signature over time and body lead to, whatever the body is. */
export const signedHeaderCodes: readonly string[] = ['signature_missing', 'signature_malformed', ...untimelyCodes];

interface Untimely {
  code: (typeof untimelyCodes)[number];
  message: string;
}

/** What is wrong with a time that a signature covers, in seconds since 1970 as its header gives it; null when nothing is. */
export function checkTime(timestamp: string, receivedAtMs: number, toleranceMs: number): Untimely | null {
  if (!/^\d{1,12}$/.test(timestamp)) {
    return { code: 'timestamp_malformed', message: 'the timestamp is not a whole number of seconds since 1970' };
  }
  // Whole seconds, as the sender counts: else one that is exactly at the limit would be refused for its fraction.
  return checkAge(Number(timestamp) * 1000, Math.floor(receivedAtMs / 1000) * 1000, toleranceMs);
}

/** The same for a time that is already known in milliseconds. */
export function checkAge(signedAtMs: number, receivedAtMs: number, toleranceMs: number): Untimely | null {
  const aheadMs = signedAtMs - receivedAtMs;
  if (Math.abs(aheadMs) <= toleranceMs) return null;
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const allowed = printDuration(toleranceMs);
  return aheadMs > 0
    ? {
        code: 'timestamp_in_future',
        message: `the timestamp is ${seconds} s ahead of this machine's clock, more than the ${allowed} allowed`,
      }
    : { code: 'timestamp_too_old', message: `the timestamp is ${seconds} s old, more than the ${allowed} allowed` };
}
