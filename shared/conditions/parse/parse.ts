import { CONDITION_LIMITS, type Conditions, isObject, type JsonObject, MATCH_ALL } from '../tree.ts';
import { parseFieldPath } from '../values/paths.ts';
import { nearestWord } from './nearest-word.ts';
import { parseLeaf } from './parse-leaf.ts';
import { type ConditionsResult, countLeaf, type ParseState } from './parse-state.ts';
import { copyJson } from './parse-value.ts';

const MAX_ERRORS = 50;

/**
 * Reads conditions from outside: the tree, the short form (`{"payload.status": ["a", "b"], "type": "x"}`: all of, a list
 * meaning "one of"), also as a clause inside a tree, or undefined, null or `{}` for "every event". Never throws.
 */
export function parseConditions(input: unknown): ConditionsResult {
  if (input === undefined || input === null) return { ok: true, conditions: { ...MATCH_ALL } };
  if (isObject(input) && Object.keys(input).length === 0) return { ok: true, conditions: { all: [] } };
  const state: ParseState = { errors: [], leaves: 0 };
  const conditions = parseClause(input, [], 1, state);
  if (conditions === null || state.errors.length > 0) return { ok: false, errors: state.errors };
  return { ok: true, conditions };
}

const TREE_KEYS = ['all', 'any', 'not', 'field', 'op', 'value', 'ignoreCase'];

function parseClause(input: unknown, path: (string | number)[], depth: number, state: ParseState): Conditions | null {
  if (state.errors.length >= MAX_ERRORS) return null;
  const fail = (message: string): null => {
    state.errors.push({ path, message });
    return null;
  };
  if (Array.isArray(input))
    return fail('A clause is an object; for a list of clauses write {"all": […]} or {"any": […]}');
  if (!isObject(input)) return fail('A clause is an object: {"field", "op", "value"}, {"all"}, {"any"} or {"not"}');
  if (depth > CONDITION_LIMITS.depth) return fail(`Clauses nest at most ${CONDITION_LIMITS.depth} deep`);

  const keys = Object.keys(input);
  if (keys.length === 0) return fail('This clause is empty');
  const groups = keys.filter((key) => key === 'all' || key === 'any' || key === 'not');
  const [group] = groups;
  if (group !== undefined) {
    const extra = keys.find((key) => key !== group);
    if (extra !== undefined) return fail(`A clause has one key: "${group}" and "${extra}" cannot be combined`);
    const inside = input[group];
    if (group === 'not') {
      const inner = parseClause(inside, [...path, 'not'], depth + 1, state);
      return inner === null ? null : { not: inner };
    }
    if (!Array.isArray(inside)) {
      state.errors.push({ path: [...path, group], message: `"${group}" holds a list of clauses` });
      return null;
    }
    const clauses = inside.map((clause, index) => parseClause(clause, [...path, group, index], depth + 1, state));
    const parsed = clauses.filter((clause) => clause !== null);
    return group === 'all' ? { all: parsed } : { any: parsed };
  }
  if (keys.includes('field') || keys.includes('op')) {
    countLeaf(path, state);
    return parseLeaf(input, path, state);
  }
  return parseShortForm(input, keys, path, depth, state);
}

function parseShortForm(
  input: JsonObject,
  keys: string[],
  path: (string | number)[],
  depth: number,
  state: ParseState,
): Conditions | null {
  if (depth + 1 > CONDITION_LIMITS.depth) {
    state.errors.push({ path, message: `Clauses nest at most ${CONDITION_LIMITS.depth} deep` });
    return null;
  }
  const clauses: Conditions[] = [];
  for (const key of keys) {
    if (state.errors.length >= MAX_ERRORS) return null;
    const at = [...path, key];
    countLeaf(at, state);
    const field = parseFieldPath(key);
    if (!field.ok) {
      const word = key.includes('.') ? null : nearestWord(key, TREE_KEYS);
      const hint = word === null ? '' : `; did you mean "${word}"?`;
      state.errors.push({ path: at, message: `"${key}" is not a field path: ${field.message}${hint}` });
      continue;
    }
    const value = input[key];
    if (isObject(value)) {
      const message = `The short form takes a value or a list of values; for an operator write {"field": "${key}", "op": …, "value": …}`;
      state.errors.push({ path: at, message });
      continue;
    }
    const copied = copyJson(value, at);
    if (!copied.ok) state.errors.push(copied.error);
    else clauses.push({ field: key, op: Array.isArray(value) ? 'in' : 'eq', value: copied.value });
  }
  return { all: clauses };
}
