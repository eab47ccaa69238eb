import { compileSegmentGlobs } from './segment-glob.ts';
import type { JsonValue } from './tree.ts';

/**
 * The vendor's test of one value against the values of a filter: texts are globs over the value's text (`"1"` takes 1),
 * numbers and booleans are compared as they are, null takes null and what is undefined, a list passes if an element does,
 * and the empty text never passes. An empty text in a filter takes everything else.
 */
export function compileFlatfileValues(wanted: readonly JsonValue[]): (value: unknown) => boolean {
  const fits = compileSegmentGlobs(
    wanted.filter((one) => typeof one === 'string').map((pattern) => (pattern === '' ? '**' : pattern)),
  );
  const takesNull = wanted.includes(null);
  const plain = new Set<unknown>(wanted.filter((one) => typeof one === 'number' || typeof one === 'boolean'));
  const test = (value: unknown): boolean => {
    if (typeof value === 'string') return fits(value);
    if (value === undefined || value === null) return takesNull;
    if (Array.isArray(value)) return value.some(test);
    if (typeof value !== 'object') return (plain.size > 0 && plain.has(value)) || fits(String(value));
    // Where an object has a "toString" of its own, theirs throws.
    return fits('[object Object]');
  };
  return test;
}
