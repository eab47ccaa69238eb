import type { Json } from '../../../shared/contract/common.ts';
import { compareNumbers, type ExactNumber, isExactNumber } from '../../../shared/exact-json/exact-number.ts';
import { isJsonRecord } from '../../../shared/exact-json/parse-exact.ts';
import type { Steps } from './steps.ts';

/** Comparing texts reads about this many characters in the time of a step. */
const charactersPerStep = 64;

const takeForTexts = (a: string, b: string, steps: Steps): void =>
  steps.take(Math.ceil(Math.min(a.length, b.length) / charactersPerStep));

/** By their exact values; null unless both are numbers. */
function orderOfNumbers(a: Json | undefined, b: Json | undefined, steps: Steps): number | null {
  if (!isNumber(a) || !isNumber(b)) return null;
  if (typeof a === 'object' || typeof b === 'object') takeForTexts(String(a), String(b), steps);
  return compareNumbers(a, b);
}

const isNumber = (value: Json | undefined): value is number | ExactNumber =>
  typeof value === 'number' || isExactNumber(value);

/** RFC 9535 section 2.3.5.2.2; undefined is Nothing, which equals itself alone. */
export function equals(a: Json | undefined, b: Json | undefined, steps: Steps): boolean {
  steps.take();
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length !== b.length) return false;
    takeForTexts(a, b, steps);
    return a === b;
  }
  if (a === b) return true;
  if (typeof a !== 'object' && typeof b !== 'object') return false;
  const order = orderOfNumbers(a, b, steps);
  if (order !== null) return order === 0;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    return a.every((value, index) => equals(value, b[index], steps));
  }
  if (!isJsonRecord(a) || !isJsonRecord(b)) return false;
  const names = Object.keys(a);
  const others = Object.keys(b).length;
  steps.take(4 * (names.length + others));
  return names.length === others && names.every((name) => Object.hasOwn(b, name) && equals(a[name], b[name], steps));
}

/** Texts by their characters, numbers by their value; nothing else has an order. */
export function isLess(a: Json | undefined, b: Json | undefined, steps: Steps): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  const order = orderOfNumbers(a, b, steps);
  if (order !== null) return order < 0;
  if (typeof a !== 'string' || typeof b !== 'string') return false;
  takeForTexts(a, b, steps);
  return a < b;
}
