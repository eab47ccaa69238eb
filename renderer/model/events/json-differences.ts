import type { Json } from '../../../shared/contract/common.ts';
import { isJsonRecord } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';

export interface JsonDifference {
  /** Names and list indexes, from the root. */
  path: readonly string[];
  /** Undefined: not present. */
  before: Json | undefined;
  after: Json | undefined;
}

/** Beyond this many they are not listed. */
export const maxDifferences = 500;

/**
 * Where two values differ, deepest values first compared; the order of names does not count, that of list items does.
 * At most `maxDifferences + 1`, so that a caller can tell that there are more.
 */
export function jsonDifferences(before: Json | undefined, after: Json | undefined): JsonDifference[] {
  const found: JsonDifference[] = [];
  const left: JsonDifference[] = [{ path: [], before, after }];
  for (let pair = left.pop(); pair !== undefined && found.length <= maxDifferences; pair = left.pop()) {
    const parts = partsOf(pair);
    if (parts !== null) left.push(...parts.reverse());
    else if (!isSame(pair.before, pair.after)) found.push(pair);
  }
  return found;
}

const isSame = (a: Json | undefined, b: Json | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && stringifyExact(a) === stringifyExact(b));

/** The parts of two objects or two lists; null where the values themselves are compared. */
function partsOf({ path, before, after }: JsonDifference): JsonDifference[] | null {
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => ({
      path: [...path, String(index)],
      before: before[index],
      after: after[index],
    }));
  }
  if (!isJsonRecord(before) || !isJsonRecord(after)) return null;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((name) => ({
    path: [...path, name],
    before: ownValue(before, name),
    after: ownValue(after, name),
  }));
}

const ownValue = (of: { [name: string]: Json }, name: string): Json | undefined =>
  Object.hasOwn(of, name) ? of[name] : undefined;

/** `value` with its names in the order of `like`, for a comparison line by line. */
export function orderedLike(value: Json, like: Json | undefined): Json {
  if (Array.isArray(value)) {
    return value.map((item, index) => orderedLike(item, Array.isArray(like) ? like[index] : undefined));
  }
  if (!isJsonRecord(value)) return value;
  const order = isJsonRecord(like) ? like : {};
  const names = [...new Set([...Object.keys(order), ...Object.keys(value)])].filter((name) =>
    Object.hasOwn(value, name),
  );
  // Own fields, whatever they are called.
  return Object.fromEntries(names.map((name) => [name, orderedLike(value[name] ?? null, ownValue(order, name))]));
}
