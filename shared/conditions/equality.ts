import { compareNumbers, type ExactNumber, isExactNumber, plainNumber } from '../exact-json/exact-number.ts';
import { isObject, type JsonValue } from './tree.ts';

/** Text with its case folded. The two lower-case sigmas are one letter: JavaScript picks between them by context. */
export function foldCase(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ');
}

/**
 * A test for "equal to this value": strict types, numbers by their exact values however they are written, lists and
 * objects by their parts whatever the order of the keys.
 * With `ignoreCase`, texts (not keys) are compared folded. The depth of the work is that of the expected value.
 */
export function equalTo(expected: JsonValue, ignoreCase: boolean): (actual: unknown) => boolean {
  if (typeof expected === 'string' && ignoreCase) {
    const folded = foldCase(expected);
    return (actual) => typeof actual === 'string' && foldCase(actual) === folded;
  }
  if (typeof expected === 'number') {
    return (actual) => actual === expected || (isExactNumber(actual) && plainNumber(actual) === expected);
  }
  if (typeof expected !== 'object' || expected === null) return (actual) => actual === expected;
  if (isExactNumber(expected)) return equalToExact(expected);
  if (Array.isArray(expected)) {
    const tests = expected.map((part) => equalTo(part, ignoreCase));
    return (actual) =>
      Array.isArray(actual) && actual.length === tests.length && tests.every((test, index) => test(actual[index]));
  }
  const entries = Object.entries(expected).map(([key, part]) => ({ key, test: equalTo(part, ignoreCase) }));
  return (actual) =>
    isObject(actual) &&
    Object.keys(actual).length === entries.length &&
    entries.every(({ key, test }) => Object.hasOwn(actual, key) && test(actual[key]));
}

function equalToExact(expected: ExactNumber): (actual: unknown) => boolean {
  const plain = plainNumber(expected);
  if (typeof plain === 'number') return equalTo(plain, false);
  return (actual) => isExactNumber(actual) && compareNumbers(actual, expected) === 0;
}

/** Equal to any of the values; a set where the values are plain, so that long lists cost no more than short ones. */
export function equalToAny(values: readonly JsonValue[], ignoreCase: boolean): (actual: unknown) => boolean {
  const plain = new Set<unknown>();
  const tests: ((actual: unknown) => boolean)[] = [];
  for (const value of values) {
    const key = plainKey(value, ignoreCase);
    if (typeof key === 'object' && key !== null) tests.push(equalTo(value, ignoreCase));
    else plain.add(key);
  }
  return (actual) => {
    const key = plainKey(actual, ignoreCase);
    return plain.has(key) || tests.some((test) => test(actual));
  };
}

function plainKey(value: unknown, ignoreCase: boolean): unknown {
  if (typeof value === 'string') return ignoreCase ? foldCase(value) : value;
  return isExactNumber(value) ? plainNumber(value) : value;
}
