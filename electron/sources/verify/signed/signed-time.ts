import { z } from 'zod';
import { durationMs } from '../../../../shared/contract/duration.ts';
import { headerNameSchema } from '../header-name.ts';
import { checkAge, toleranceSchema } from '../tolerance.ts';

const units = ['s', 'ms', 'us', 'iso'] as const;
type Unit = (typeof units)[number];

/** Where the time that a signature covers is: in a header, or in a pair of the signature's own header. */
export const signedTimeSchema = z
  .strictObject({
    header: headerNameSchema.optional(),
    pair: z.string().min(1, 'must not be empty').max(30, 'must be at most 30 characters').optional(),
    /** Told by its size when absent: seconds, milliseconds or microseconds since 1970, or ISO 8601. */
    unit: z.enum(units).optional(),
    tolerance: toleranceSchema.default('5m'),
  })
  .superRefine(({ header, pair }, context) => {
    if ((header === undefined) === (pair === undefined)) {
      context.addIssue({ code: 'custom', message: 'must have either "header" or "pair", where the time is' });
    }
  });
export type SignedTime = z.output<typeof signedTimeSchema>;

const perMs: Readonly<Record<Exclude<Unit, 'iso'>, number>> = { s: 0.001, ms: 1, us: 1000 };

/** Counts a thousand apart: 10¹¹ seconds are in the year 5138, 10¹¹ milliseconds in 1973. */
const unitOf = (count: number): 's' | 'ms' | 'us' => (count < 1e11 ? 's' : count < 1e14 ? 'ms' : 'us');

/** RFC 3339, with a fraction of any length. */
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since 1970 and how exact they are; null for what is no time. */
export function readSignedTime(text: string, unit?: Unit): { atMs: number; stepMs: number } | null {
  if (isoTime.test(text) && (unit === undefined || unit === 'iso')) {
    // The clock reads no more than milliseconds.
    const atMs = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
    return Number.isNaN(atMs) ? null : { atMs, stepMs: text.includes('.') ? 1 : 1000 };
  }
  if (unit === 'iso' || !/^\d{1,16}$/.test(text)) return null;
  const count = Number(text);
  const actual = unit ?? unitOf(count);
  return { atMs: Math.floor(count / perMs[actual]), stepMs: actual === 's' ? 1000 : 1 };
}

/** What is wrong with a signed time; null when nothing is. */
export function checkSignedTime(text: string, receivedAtMs: number, { unit, tolerance }: SignedTime) {
  const read = readSignedTime(text, unit);
  if (read === null) {
    const expected = unit === undefined ? 'seconds, milliseconds or microseconds since 1970, nor ISO 8601' : unit;
    return {
      code: 'timestamp_malformed' as const,
      message: `the timestamp is not ${unit === undefined ? expected : `a time in the unit "${expected}"`}`,
    };
  }
  // As exact as the sender counts: else one that is exactly at the limit would be refused for its fraction.
  const nowMs = Math.floor(receivedAtMs / read.stepMs) * read.stepMs;
  return checkAge(read.atMs, nowMs, durationMs(tolerance));
}

/** The time as this sender writes it. */
export function writeSignedTime(nowMs: number, unit: Unit = 's'): string {
  return unit === 'iso' ? new Date(nowMs).toISOString() : String(Math.floor(nowMs * perMs[unit]));
}
