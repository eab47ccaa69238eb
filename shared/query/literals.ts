import type { JsonScalar } from '../conditions/tree.ts';
import { isoTimeMs } from '../conditions/values/iso-time.ts';
import { compareNumbers, type ExactNumber, readNumber } from '../exact-json/exact-number.ts';
import type { QueryValue, TimeBound } from './query.ts';

/** The JSON values a query value stands for: a bare `1` is 1 and "1", a quoted one "1" alone. */
export function literalsOf(value: QueryValue): JsonScalar[] {
  if (value.quoted) return [value.text];
  if (value.text === 'true') return [true, value.text];
  if (value.text === 'false') return [false, value.text];
  if (value.text === 'null') return [null, value.text];
  const number = readNumber(value.text);
  return number === null ? [value.text] : [number, value.text];
}

export function isWildcard(value: QueryValue): boolean {
  return !value.quoted && value.text.includes('*');
}

/** A number or, as text, an ISO time. */
export type Orderable = number | ExactNumber | string;

/** What the value is in an order: a number (bare only) or an ISO time, as conditions take it; else null. */
export function orderableOf(value: QueryValue): Orderable | null {
  const number = value.quoted ? null : readNumber(value.text);
  if (number !== null) return number;
  return Number.isNaN(isoTimeMs(value.text)) ? null : value.text;
}

/** Negative, zero or positive; null for a number and a time, between which there is no order. */
export function compareOrderables(a: Orderable, b: Orderable): number | null {
  if (typeof a === 'string') return typeof b === 'string' ? isoTimeMs(a) - isoTimeMs(b) : null;
  return typeof b === 'string' ? null : compareNumbers(a, b);
}

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
]);

/** `2h` is an age; a date or a time is an instant (UTC where it names no zone). Null for anything else. */
export function readTimeBound(text: string): TimeBound | null {
  const age = /^([0-9]{1,6})([smhdw])$/.exec(text);
  const unitMs = UNIT_MS.get(age?.[2] ?? '');
  if (age !== null && unitMs !== undefined) return { kind: 'age', text, ageMs: Number(age[1]) * unitMs };
  const atMs = isoTimeMs(text);
  return Number.isNaN(atMs) ? null : { kind: 'at', text, atMs };
}
