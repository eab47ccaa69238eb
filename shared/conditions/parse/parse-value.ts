import { isSoundExactNumber, plainNumber } from '../../exact-json/exact-number.ts';
import { CONDITION_LIMITS, isObject, type JsonValue } from '../tree.ts';
import type { ConditionError } from './parse-state.ts';

export type CopyResult = { ok: true; value: JsonValue } | { ok: false; error: ConditionError };

/** A bounded copy of a value from outside, or the first thing in it that JSON does not have. */
export function copyJson(input: unknown, path: (string | number)[]): CopyResult {
  let nodes = 0;
  let failure: ConditionError | null = null;
  const fail = (at: (string | number)[], message: string): null => {
    failure ??= { path: at, message };
    return null;
  };
  const copy = (value: unknown, at: (string | number)[], depth: number): JsonValue => {
    nodes += 1;
    if (failure !== null) return null;
    if (nodes > CONDITION_LIMITS.valueNodes)
      return fail(path, `A value has at most ${CONDITION_LIMITS.valueNodes} parts`);
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'string') {
      if (value.length <= CONDITION_LIMITS.textLength) return value;
      return fail(at, `Text to compare with has at most ${CONDITION_LIMITS.textLength} characters`);
    }
    if (typeof value === 'number') return Number.isFinite(value) ? value : fail(at, 'A number must be finite');
    if (isSoundExactNumber(value)) {
      if (String(value).length <= CONDITION_LIMITS.textLength) return plainNumber(value);
      return fail(at, `A number to compare with has at most ${CONDITION_LIMITS.textLength} digits`);
    }
    if (depth >= CONDITION_LIMITS.valueDepth)
      return fail(at, `A value nests at most ${CONDITION_LIMITS.valueDepth} deep`);
    if (Array.isArray(value)) {
      if (value.length > CONDITION_LIMITS.listLength) {
        return fail(at, `A list has at most ${CONDITION_LIMITS.listLength} values`);
      }
      // Array.from also visits the holes of a sparse list.
      return Array.from(value, (part: unknown, index) => copy(part, [...at, index], depth + 1));
    }
    if (isObject(value)) {
      const copied: { [key: string]: JsonValue } = {};
      for (const key of Object.keys(value)) {
        // Assigning it would set the prototype instead of a key.
        if (key === '__proto__') return fail([...at, key], '"__proto__" cannot be a key of a value');
        copied[key] = copy(value[key], [...at, key], depth + 1);
        if (failure !== null) return null;
      }
      return copied;
    }
    return fail(at, value === undefined ? 'A value is missing here' : `JSON has no ${typeof value}`);
  };
  const value = copy(input, path, 0);
  return failure === null ? { ok: true, value } : { ok: false, error: failure };
}
