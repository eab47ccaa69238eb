import {
  canonicalNumber,
  compareNumbers,
  type ExactNumber,
  isExactNumber,
  plainNumber,
} from '../../exact-json/exact-number.ts';
import { isObject, type JsonValue } from '../tree.ts';

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
  const composite = new Set<string>();
  let largest = 0;
  for (const value of values) {
    const key = plainKey(value, ignoreCase);
    if (typeof key !== 'object' || key === null) plain.add(key);
    else if (isExactNumber(key)) tests.push(equalTo(value, ignoreCase));
    else {
      const text = canonicalText(value, ignoreCase, Number.POSITIVE_INFINITY) ?? '';
      composite.add(text);
      largest = Math.max(largest, text.length);
    }
  }
  return (actual) => {
    const key = plainKey(actual, ignoreCase);
    if (typeof key !== 'object' || key === null) return plain.has(key);
    if (isExactNumber(key)) return tests.some((test) => test(actual));
    if (composite.size === 0) return false;
    const text = canonicalText(actual, ignoreCase, largest);
    return text !== null && composite.has(text);
  };
}

function plainKey(value: unknown, ignoreCase: boolean): unknown {
  if (typeof value === 'string') return ignoreCase ? foldCase(value) : value;
  return isExactNumber(value) ? plainNumber(value) : value;
}

/**
 * One text for values that are equal, or null for those that would need more than `maxLength`: a value from outside is
 * read no further than the longest that it could be equal to.
 */
function canonicalText(value: unknown, ignoreCase: boolean, maxLength: number): string | null {
  let left = maxLength;
  const put = (text: string): string | null => {
    left -= text.length;
    return left < 0 ? null : text;
  };
  const write = (part: unknown): string | null => {
    if (typeof part === 'string') {
      // Folding makes no text shorter than a third.
      if (part.length > 3 * left) return null;
      return put(JSON.stringify(ignoreCase ? foldCase(part) : part));
    }
    if (isExactNumber(part)) return put(`#${canonicalNumber(part)}`);
    if (typeof part === 'number') return put(`#${part}`);
    if (typeof part !== 'object' || part === null) return put(String(part));
    const isList = Array.isArray(part);
    const keys = isList ? [] : Object.keys(part);
    if ((isList ? part.length : keys.length) > left) return null;
    keys.sort();
    let text = put(isList ? '[' : '{');
    const add = (more: string | null): void => {
      text = text === null || more === null ? null : text + more;
    };
    if (Array.isArray(part)) {
      for (const inner of part) {
        if (text === null) return null;
        add(write(inner));
        add(put(','));
      }
    } else if (isObject(part)) {
      for (const key of keys) {
        if (text === null) return null;
        add(put(`${JSON.stringify(key)}:`));
        add(write(part[key]));
        add(put(','));
      }
    }
    add(put(isList ? ']' : '}'));
    return text;
  };
  return write(value);
}
