import { isExactNumber } from '../../exact-json/exact-number.ts';
import { CONDITION_LIMITS, type ConditionInput, isObject, type JsonValue, type Leaf } from '../tree.ts';
import { compileKeySearch } from './flatfile-keys.ts';
import { compileFlatfileValues } from './flatfile-values.ts';

/** The field of a leaf whose operator looks at the event as a whole. */
export const WHOLE_EVENT = 'event';

/**
 * `flatfile`: one key of a vendor filter with its values, `{"payload.status": ["ready", "complete"]}`. It has the
 * answers of `@flatfile/listener` 1.1, except that a list element with a "toString" key of its own counts as
 * `[object Object]`, where theirs throws, and that a hostile value takes no longer than another one of its length.
 */
export function compileFlatfileLeaf(leaf: Leaf): (event: ConditionInput) => boolean {
  const { key, values } = entryOf(leaf);
  return compileKeySearch(key).some(compileFlatfileValues(values));
}

/** What the event has under keys that fit, for explanations. */
export function flatfileReader(leaf: Leaf): (event: ConditionInput) => unknown[] {
  const search = compileKeySearch(entryOf(leaf).key);
  return (event) => search.valuesIn(event).filter((value) => value !== undefined);
}

function entryOf(leaf: Leaf): { key: string; values: readonly JsonValue[] } {
  const problem = flatfileValueProblem(leaf.value);
  if (problem !== null) throw new Error(problem.message);
  const [entry] = isObject(leaf.value) ? Object.entries(leaf.value) : [];
  const [key, value] = entry ?? ['', null];
  return { key, values: Array.isArray(value) ? value : [value] };
}

export interface ValueProblem {
  path: (string | number)[];
  message: string;
}

export function flatfileValueProblem(value: JsonValue | undefined): ValueProblem | null {
  const entries = isObject(value) ? Object.entries(value) : [];
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) {
    return { path: [], message: 'One key with its value or list of values, such as {"payload.status": "ready"}' };
  }
  const [key, wanted] = entry;
  return keyProblem(key) ?? valuesProblem(key, wanted);
}

function keyProblem(key: string): ValueProblem | null {
  if (key.length <= CONDITION_LIMITS.globLength) return null;
  return { path: [key], message: `A key has at most ${CONDITION_LIMITS.globLength} characters` };
}

function valuesProblem(key: string, wanted: unknown): ValueProblem | null {
  const list: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
  for (const [index, one] of list.entries()) {
    const path = Array.isArray(wanted) ? [key, index] : [key];
    if (typeof one === 'object' && one !== null && !isExactNumber(one)) {
      return { path, message: 'Values must be text, numbers, booleans or null, as in Flatfile' };
    }
    if (typeof one === 'string' && one.length > CONDITION_LIMITS.globLength) {
      return { path, message: `A pattern has at most ${CONDITION_LIMITS.globLength} characters` };
    }
  }
  return null;
}
