import { compareDecimals, type Decimal, printDecimal, readDecimal } from './decimal.ts';

declare const exact: unique symbol;

/**
 * A JSON number as it was sent, where a double would print it differently: `9007199254740993`, `1e400`, `-0`, `1.0`.
 * At run time it is a boxed string of its digits, the one built-in beside Date that structured clone (Electron's IPC,
 * worker threads) hands over as what it is, and that no JSON document can spell. Numbers that a double prints back digit
 * for digit stay plain numbers. Use `isExactNumber` and `String(value)`; `JSON.stringify` would write it as text, so
 * values that may hold one go through `stringifyExact`.
 */
export interface ExactNumber {
  readonly [exact]: true;
  toString(): string;
}

/** RFC 8259, section 6. */
export const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

export const isExactNumber = (value: unknown): value is ExactNumber => value instanceof String;

/** `digits` is a number as JSON writes it; throws for anything else. */
export function exactNumber(digits: string): ExactNumber {
  const box: unknown = jsonNumber.test(digits) ? new String(digits) : null;
  if (!isExactNumber(box)) throw new TypeError(`"${digits.slice(0, 40)}" is not a JSON number`);
  return box;
}

/** Whether the value is one that this module made: a box that came over IPC may hold any text. */
export const isSoundExactNumber = (value: unknown): value is ExactNumber =>
  isExactNumber(value) && jsonNumber.test(String(value));

const decimals = new WeakMap<ExactNumber, Decimal>();

function decimalOf(value: number | ExactNumber): Decimal {
  if (typeof value === 'number') return readDecimal(String(value));
  const known = decimals.get(value);
  if (known !== undefined) return known;
  const decimal = readDecimal(String(value));
  decimals.set(value, decimal);
  return decimal;
}

/**
 * Negative, zero or positive, by value and without rounding: `1.0` is 1, and 9007199254740993 is more than
 * 9007199254740992. A plain number stands for the digits it prints.
 */
export function compareNumbers(a: number | ExactNumber, b: number | ExactNumber): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  return compareDecimals(decimalOf(a), decimalOf(b));
}

/** The same number as a double where a double holds its value (`1.0`, `1e3`, `-0`), else the value itself. */
export function plainNumber(value: ExactNumber): number | ExactNumber {
  const number = Number(value);
  return Number.isFinite(number) && compareNumbers(value, number) === 0 ? number : value;
}

/** The same text for equal numbers, however they were sent: what a search index looks them up by. */
export function canonicalNumber(value: ExactNumber): string {
  const plain = plainNumber(value);
  return typeof plain === 'number' ? String(plain) : printDecimal(decimalOf(plain));
}

/** A number written in text: plain where a double holds its value, else exact; null where it is no JSON number. */
export function readNumber(text: string): number | ExactNumber | null {
  if (!jsonNumber.test(text)) return null;
  const number = Number(text);
  return String(number) === text ? number : plainNumber(exactNumber(text));
}

/** What may be compared as a number, in the form that `===` can compare wherever a double holds it; else null. */
export function comparableNumber(value: unknown): number | ExactNumber | null {
  if (typeof value === 'number') return value;
  return isExactNumber(value) ? plainNumber(value) : null;
}
