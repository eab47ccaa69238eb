import { canonicalNumber, comparableNumber, isExactNumber } from '../../exact-json/exact-number.ts';
import { compileSegmentGlobs, isLiteralText, onlyLiteral } from '../patterns/segment-glob.ts';
import type { JsonValue } from '../tree.ts';
import { equalToAny } from '../values/equality.ts';

/**
 * The vendor's test of one value against the values of a filter: texts are globs over the value's text (`"1"` takes 1),
 * numbers and booleans are compared as they are (theirs rounds numbers that a double cannot hold, here they are exact), null takes null and what is undefined, a list passes if an element does,
 * and the empty text never passes. An empty text in a filter takes everything else.
 */
export function compileFlatfileValues(wanted: readonly JsonValue[]): (value: unknown) => boolean {
  const patterns = wanted.filter((one) => typeof one === 'string').map((pattern) => (pattern === '' ? '**' : pattern));
  const fits = compileSegmentGlobs(patterns);
  const takesNull = wanted.includes(null);
  const plain = wanted.filter((one) => comparableNumber(one) !== null || typeof one === 'boolean');
  const isPlain = equalToAny(plain, false);
  const other = (value: unknown): boolean => {
    if (value === undefined || value === null) return takesNull;
    if (Array.isArray(value)) return value.some(test);
    if (isExactNumber(value)) return isPlain(value) || fits(canonicalNumber(value));
    // Where an object has a "toString" of its own, theirs throws.
    if (typeof value === 'object') return fits('[object Object]');
    return (plain.length > 0 && isPlain(value)) || (patterns.length > 0 && fits(String(value)));
  };
  const literal = onlyLiteral(patterns);
  // Of most values that are looked at nothing but their length and first unit is.
  const test =
    literal === null
      ? (value: unknown): boolean => (typeof value === 'string' ? fits(value) : other(value))
      : (value: unknown): boolean => (typeof value === 'string' ? isLiteralText(literal, value) : other(value));
  return test;
}
