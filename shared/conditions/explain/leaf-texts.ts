import { canonicalType } from '../patterns/type-pattern.ts';
import { isObject, type Leaf } from '../tree.ts';
import { describeTextDifference, type TextDifference, textSimilarity } from './text-difference.ts';

/** Pairs of texts that are compared, at 20 µs each. */
const maxPairs = 100;

/** How near a leaf that failed was to passing, by the texts it compares. */
export interface NearText {
  /** From 0 to 1; of the two texts that are most alike. */
  closeness: number;
  /** When they read alike. */
  difference: TextDifference | null;
}

/** Null for a leaf that asks for no whole texts, or where the event has none. */
export function nearestText(leaf: Leaf, seen: readonly unknown[]): NearText | null {
  const wanted = wantedTexts(leaf);
  return wanted.length === 0 ? null : nearest(wanted, textsIn(seen));
}

/** The same for an event's type and the patterns of a listener; separators count as equal, patterns do not count. */
export function nearestType(patterns: readonly string[], type: string): NearText | null {
  return nearest(patterns.filter(isLiteral), [type], canonicalType);
}

function nearest(wanted: readonly string[], seen: readonly string[], form?: (text: string) => string): NearText | null {
  let best: NearText | null = null;
  let pairs = 0;
  for (const one of wanted) {
    for (const other of seen) {
      pairs += 1;
      if (pairs > maxPairs) return best;
      const difference = describeTextDifference(one, other, form);
      if (difference !== null) return { closeness: 1, difference };
      const closeness = textSimilarity(one, other);
      if (best === null || closeness > best.closeness) best = { closeness, difference: null };
    }
  }
  return best;
}

const isLiteral = (text: string): boolean => !/[*?]/.test(text);
const isText = (value: unknown): value is string => typeof value === 'string';

/** The element of a list counts as the list does. */
const textsIn = (values: readonly unknown[]): string[] =>
  values.flatMap((value): unknown[] => (Array.isArray(value) ? value : [value])).filter(isText);

function wantedTexts({ op, value }: Leaf): string[] {
  switch (op) {
    case 'eq':
    case 'in':
    case 'contains':
      return textsIn([value]);
    case 'glob':
    case 'typePattern':
    case 'segmentGlob':
      return textsIn([value]).filter(isLiteral);
    case 'like':
      return textsIn([value]).filter((text) => !/[%_]/.test(text));
    case 'flatfile':
      return isObject(value) ? textsIn(Object.values(value)).filter(isLiteral) : [];
    default:
      return [];
  }
}
