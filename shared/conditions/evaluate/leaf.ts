import { comparableNumber, compareNumbers, isExactNumber } from '../../exact-json/exact-number.ts';
import { compileFlatfileLeaf } from '../flatfile/flatfile-leaf.ts';
import { compileRegex } from '../patterns/regex.ts';
import { compileSegmentGlobs } from '../patterns/segment-glob.ts';
import { compileTypePattern } from '../patterns/type-pattern.ts';
import { compileLike, compileWildcard } from '../patterns/wildcard.ts';
import type { ConditionInput, JsonValue, Leaf } from '../tree.ts';
import { equalTo, equalToAny, foldCase } from '../values/equality.ts';
import { isoTimeMs } from '../values/iso-time.ts';
import { anyValueAt, type FieldPath, parseFieldPath } from '../values/paths.ts';

export type EventTest = (event: ConditionInput) => boolean;
type ValueTest = (value: unknown) => boolean;

const always: ValueTest = () => true;

/**
 * Compiles one leaf that `parseConditions` has let through; the rules are those of operators.ts. Throws when the leaf
 * could not have come from there (an unreadable path, a value of the wrong kind).
 */
export function compileLeaf(leaf: Leaf): EventTest {
  if (leaf.op === 'flatfile') return compileFlatfileLeaf(leaf);
  const parsed = parseFieldPath(leaf.field);
  if (!parsed.ok) throw new Error(`The field "${leaf.field}" cannot be read: ${parsed.message}`);
  const path = parsed.path;
  const fold = leaf.ignoreCase === true;
  const any = (test: ValueTest): EventTest => compileAny(path, test);

  switch (leaf.op) {
    case 'eq':
      return any(itselfOrElement(equalTo(requiredValue(leaf), fold)));
    case 'ne':
      return not(any(itselfOrElement(equalTo(requiredValue(leaf), fold))));
    case 'in':
      return any(itselfOrElement(equalToAny(listOf(leaf), fold)));
    case 'notIn':
      return not(any(itselfOrElement(equalToAny(listOf(leaf), fold))));
    case 'gt':
      return any(itselfOrElement(ordered(leaf, requiredValue(leaf), (a, b) => a > b)));
    case 'gte':
      return any(itselfOrElement(ordered(leaf, requiredValue(leaf), (a, b) => a >= b)));
    case 'lt':
      return any(itselfOrElement(ordered(leaf, requiredValue(leaf), (a, b) => a < b)));
    case 'lte':
      return any(itselfOrElement(ordered(leaf, requiredValue(leaf), (a, b) => a <= b)));
    case 'between': {
      const [low, high] = listOf(leaf);
      if (low === undefined || high === undefined) throw new Error('between needs two values');
      const isAtLeast = ordered(leaf, low, (a, b) => a >= b);
      const isAtMost = ordered(leaf, high, (a, b) => a <= b);
      return any(itselfOrElement((value) => isAtLeast(value) && isAtMost(value)));
    }
    case 'contains':
      return any(containing(requiredValue(leaf), fold));
    case 'notContains':
      return not(any(containing(requiredValue(leaf), fold)));
    case 'startsWith': {
      const head = textOf(leaf);
      return any(itselfOrElement(onText(head, fold, (wanted) => (text) => text.startsWith(wanted))));
    }
    case 'endsWith': {
      const tail = textOf(leaf);
      return any(itselfOrElement(onText(tail, fold, (wanted) => (text) => text.endsWith(wanted))));
    }
    case 'glob':
      return any(itselfOrElement(onText(textOf(leaf), fold, compileWildcard)));
    case 'matches':
      return matching(path, textOf(leaf), fold);
    case 'exists':
      return any(always);
    case 'missing':
      return not(any(always));
    case 'isNull':
      return any(itselfOrElement((value) => value === null));
    case 'isNotNull': {
      const exists = any(always);
      const isNull = any(itselfOrElement((value) => value === null));
      return (event) => exists(event) && !isNull(event);
    }
    case 'like':
      return any(itselfOrElement(onText(textOf(leaf), fold, compileLike)));
    case 'notLike':
      return not(any(itselfOrElement(onText(textOf(leaf), fold, compileLike))));
    case 'segmentGlob': {
      const fits = compileSegmentGlobs(textsOf(leaf));
      return any(itselfOrElement((actual) => typeof actual === 'string' && fits(actual)));
    }
    case 'typePattern': {
      const pattern = compileTypePattern(textsOf(leaf));
      return any(itselfOrElement((actual) => typeof actual === 'string' && pattern.matches(actual)));
    }
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';

const not =
  (test: EventTest): EventTest =>
  (event) =>
    !test(event);

/** Most leaves read a plain text field; those skip the walk. */
function compileAny(path: FieldPath, test: ValueTest): EventTest {
  switch (path.root) {
    case 'type':
      return (event) => event.type !== undefined && test(event.type);
    case 'source':
      return (event) => event.source !== undefined && test(event.source);
    case 'system':
      return (event) => event.system !== undefined && test(event.system);
    default:
      return (event) => anyValueAt(path, event, test);
  }
}

function itselfOrElement(test: ValueTest): ValueTest {
  return (value) => test(value) || (Array.isArray(value) && value.some(test));
}

function onText(wanted: string, fold: boolean, compile: (wanted: string) => (text: string) => boolean): ValueTest {
  const test = compile(fold ? foldCase(wanted) : wanted);
  return (value) => typeof value === 'string' && test(fold ? foldCase(value) : value);
}

/** In a list only whole elements count, not parts of them: `["urgently"]` does not contain "urgent". */
function containing(wanted: JsonValue, fold: boolean): ValueTest {
  const isElement = equalTo(wanted, fold);
  const isPart =
    typeof wanted === 'string' ? onText(wanted, fold, (part) => (text) => text.includes(part)) : () => false;
  return (value) => (Array.isArray(value) ? value.some(isElement) : isPart(value));
}

function ordered(leaf: Leaf, wanted: JsonValue, compare: (actual: number, wanted: number) => boolean): ValueTest {
  const number = comparableNumber(wanted);
  if (typeof number === 'number') {
    return (value) =>
      typeof value === 'number'
        ? compare(value, number)
        : isExactNumber(value) && compare(compareNumbers(value, number), 0);
  }
  if (number !== null) {
    return (value) => (typeof value === 'number' || isExactNumber(value)) && compare(compareNumbers(value, number), 0);
  }
  const wantedMs = typeof wanted === 'string' ? isoTimeMs(wanted) : Number.NaN;
  if (Number.isNaN(wantedMs)) throw new Error(`${leaf.op} compares numbers or ISO times`);
  // NaN, for a text that is no time, compares as false with everything.
  return (value) => typeof value === 'string' && compare(isoTimeMs(value), wantedMs);
}

function matching(path: FieldPath, pattern: string, fold: boolean): EventTest {
  const compiled = compileRegex(pattern, fold);
  if (!compiled.ok) throw new Error(compiled.message);
  const { regex } = compiled;
  return (event) => {
    let left = regex.maxCharacters;
    const test: ValueTest = (value) => {
      if (typeof value !== 'string' || left <= 0) return false;
      const text = value.length > left ? value.slice(0, left) : value;
      // An empty text is not free: a list may hold a million of them.
      left -= text.length + 1;
      return regex.test(text);
    };
    return anyValueAt(path, event, itselfOrElement(test));
  };
}

function requiredValue(leaf: Leaf): JsonValue {
  if (leaf.value === undefined) throw new Error(`${leaf.op} needs a value`);
  return leaf.value;
}

function listOf(leaf: Leaf): readonly JsonValue[] {
  if (!Array.isArray(leaf.value)) throw new Error(`${leaf.op} needs a list of values`);
  return leaf.value;
}

const textsOf = (leaf: Leaf): string[] => (typeof leaf.value === 'string' ? [leaf.value] : listOf(leaf).filter(isText));

function textOf(leaf: Leaf): string {
  if (typeof leaf.value !== 'string') throw new Error(`${leaf.op} needs text`);
  return leaf.value;
}
