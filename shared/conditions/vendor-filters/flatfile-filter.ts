import { flatten } from '../flatfile/flatfile-keys.ts';
import { flatfileValueProblem, WHOLE_EVENT } from '../flatfile/flatfile-leaf.ts';
import type { ConditionError, ConditionsResult } from '../parse/parse-state.ts';
import { copyJson } from '../parse/parse-value.ts';
import { CONDITION_LIMITS, type Conditions, isObject, type JsonValue, type Leaf } from '../tree.ts';

/**
 * A filter as given to the vendor's `listener.on(topic, filter, …)`, as conditions: the topic one clause, each key of
 * the record another. `topic` is a pattern, a list (any of them; none takes nothing) or, when absent or empty, every
 * topic. Keys and values that the vendor's listener would take but never match (objects in lists) are refused here, as
 * is a key `__proto__`, which there changes what the other keys mean. Errors point into the record, or at `topic`.
 */
export function parseFlatfileFilter(filter: unknown, topic?: unknown): ConditionsResult {
  const errors: ConditionError[] = [];
  const clauses: Conditions[] = [...topicClauses(topic, errors)];
  if (filter !== undefined && filter !== null) clauses.push(...recordClauses(filter, errors));
  if (clauses.length > CONDITION_LIMITS.leaves) {
    errors.push({ path: [], message: `Conditions have at most ${CONDITION_LIMITS.leaves} fields to check` });
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, conditions: { all: clauses } };
}

function topicClauses(topic: unknown, errors: ConditionError[]): Conditions[] {
  if (topic === undefined || topic === null) return [];
  if (topic === '') return [{ field: 'type', op: 'segmentGlob', value: ['**'] }];
  if (Array.isArray(topic) && topic.length === 0) return [{ any: [] }];
  const patterns: unknown[] = Array.isArray(topic) ? topic : [topic];
  if (patterns.length > CONDITION_LIMITS.listLength) {
    errors.push({ path: ['topic'], message: `A list has at most ${CONDITION_LIMITS.listLength} values` });
    return [];
  }
  const texts: string[] = [];
  for (const [index, pattern] of patterns.entries()) {
    const path = Array.isArray(topic) ? ['topic', index] : ['topic'];
    if (typeof pattern !== 'string') errors.push({ path, message: 'A topic pattern must be text such as job:*' });
    else if (pattern.length > CONDITION_LIMITS.globLength) {
      errors.push({ path, message: `A pattern has at most ${CONDITION_LIMITS.globLength} characters` });
    } else texts.push(pattern);
  }
  return [{ field: 'type', op: 'segmentGlob', value: texts }];
}

function recordClauses(filter: unknown, errors: ConditionError[]): Leaf[] {
  if (!isObject(filter)) {
    errors.push({ path: [], message: 'A Flatfile filter is an object such as {"job": "space:configure"}' });
    return [];
  }
  const copied = copyJson(filter, []);
  if (!copied.ok) {
    errors.push(copied.error);
    return [];
  }
  const record = isObject(copied.value) ? copied.value : {};
  const clauses: Leaf[] = [];
  for (const [key, value] of flatten(record)) {
    const wanted = jsonOf(value);
    const problem = flatfileValueProblem({ [key]: wanted });
    if (problem === null) clauses.push({ field: WHOLE_EVENT, op: 'flatfile', value: { [key]: wanted } });
    else errors.push({ path: pathIn(record, problem.path), message: problem.message });
  }
  return clauses;
}

/** What stands in a copy made by `copyJson`, whose types are lost by flattening. */
function jsonOf(value: unknown): JsonValue {
  const copied = copyJson(value, []);
  return copied.ok ? copied.value : null;
}

/** `payload.status` may stand in the record as that key or as nested objects. */
function pathIn(record: object, path: readonly (string | number)[]): (string | number)[] {
  const [key, ...rest] = path;
  if (typeof key !== 'string' || Object.hasOwn(record, key)) return [...path];
  return [...key.split('.'), ...rest];
}
