import { compileSegmentGlobs, isLiteralText, onlyLiteral } from './segment-glob.ts';
import type { JsonValue } from './tree.ts';

/**
 * The vendor's test of one value against the values of a filter: texts are globs over the value's text (`"1"` takes 1),
 * numbers and booleans are compared as they are, null takes null and what is undefined, a list passes if an element does,
 * and the empty text never passes. An empty text in a filter takes everything else.
 */
export function compileFlatfileValues(wanted: readonly JsonValue[]): (value: unknown) => boolean {
  const patterns = wanted.filter((one) => typeof one === 'string').map((pattern) => (pattern === '' ? '**' : pattern));
  const fits = compileSegmentGlobs(patterns);
  const takesNull = wanted.includes(null);
  const plain = new Set<unknown>(wanted.filter((one) => typeof one === 'number' || typeof one === 'boolean'));
  const other = (value: unknown): boolean => {
    if (value === undefined || value === null) return takesNull;
    if (Array.isArray(value)) return value.some(test);
    // Where an object has a "toString" of its own, theirs throws.
    if (typeof value === 'object') return fits('[object Object]');
    return (plain.size > 0 && plain.has(value)) || (patterns.length > 0 && fits(String(value)));
  };
  const literal = onlyLiteral(patterns);
  // Of most values that are looked at nothing but their length and first unit is.
  const test =
    literal === null
      ? (value: unknown): boolean => (typeof value === 'string' ? fits(value) : other(value))
      : (value: unknown): boolean => (typeof value === 'string' ? isLiteralText(literal, value) : other(value));
  return test;
}
