import { comparableNumber } from '../../exact-json/exact-number.ts';
import { nearestWord } from '../parse/nearest-word.ts';
import { parseLeaf } from '../parse/parse-leaf.ts';
import { type ConditionError, type ConditionsResult, countLeaf, type ParseState } from '../parse/parse-state.ts';
import { CONDITION_LIMITS, type Conditions, isObject, type JsonObject, type Leaf, type Operator } from '../tree.ts';
import { formatFieldPath } from '../values/paths.ts';

type Path = (string | number)[];

/**
 * A filter as RevoEngine has it: `and`, `or` and `not` around `{field, op, value}`, over `message.…` (the payload here),
 * `metadata.…` (the context) and `type`. Null, undefined and `{}` take every event. Errors point into the filter given.
 *
 * RevoEngine does not document what its operators say of a missing field or of lists. Here a missing field is null to
 * `isNull` (as in SQL, whose `like` it has), the negative operators are true of it, and a list passes when an element
 * does.
 */
export function parseRevoengineFilter(input: unknown): ConditionsResult {
  if (input === undefined || input === null) return { ok: true, conditions: { all: [] } };
  if (isObject(input) && Object.keys(input).length === 0) return { ok: true, conditions: { all: [] } };
  const state: ParseState = { errors: [], leaves: 0 };
  const conditions = parseNode(input, [], 1, state);
  if (conditions === null || state.errors.length > 0) return { ok: false, errors: firstOf(state.errors) };
  return { ok: true, conditions };
}

const MAX_ERRORS = 50;
const firstOf = (errors: ConditionError[]): ConditionError[] => errors.slice(0, MAX_ERRORS);

const GROUPS = ['and', 'or', 'not'] as const;
type Group = (typeof GROUPS)[number];

const isGroup = (key: string): key is Group => GROUPS.some((group) => group === key);

function parseNode(input: unknown, path: Path, depth: number, state: ParseState): Conditions | null {
  const fail = (message: string, at: Path = []): null => {
    state.errors.push({ path: [...path, ...at], message });
    return null;
  };
  if (state.errors.length >= MAX_ERRORS) return null;
  if (!isObject(input)) return fail('A clause is {"field", "op", "value"}, {"and": […]}, {"or": […]} or {"not": {…}}');
  if (depth > CONDITION_LIMITS.depth) return fail(`Clauses nest at most ${CONDITION_LIMITS.depth} deep`);
  const keys = Object.keys(input);
  const group = keys.find(isGroup);
  if (group === undefined) return parseRevoengineLeaf(input, path, state);
  const extra = keys.find((key) => key !== group);
  if (extra !== undefined) return fail(`A clause has one key: "${group}" and "${extra}" cannot be combined`);
  const inside = input[group];
  if (group === 'not') {
    const inner = parseNode(inside, [...path, 'not'], depth + 1, state);
    return inner === null ? null : { not: inner };
  }
  if (!Array.isArray(inside)) return fail(`"${group}" holds a list of clauses`, [group]);
  if (group === 'or' && inside.length === 0) return fail('An empty "or" matches no event; remove it', [group]);
  const clauses = inside
    .map((clause, index) => parseNode(clause, [...path, group, index], depth + 1, state))
    .filter((clause) => clause !== null);
  return group === 'and' ? { all: clauses } : { any: clauses };
}

type Ours = { op: Operator; ignoreCase?: true; orMissing?: true; numbersOnly?: true };

const OPERATORS: Readonly<Record<string, Ours>> = {
  eq: { op: 'eq' },
  ne: { op: 'ne' },
  gt: { op: 'gt', numbersOnly: true },
  gte: { op: 'gte', numbersOnly: true },
  lt: { op: 'lt', numbersOnly: true },
  lte: { op: 'lte', numbersOnly: true },
  in: { op: 'in' },
  notIn: { op: 'notIn' },
  isNull: { op: 'isNull', orMissing: true },
  isNotNull: { op: 'isNotNull' },
  contains: { op: 'contains' },
  startsWith: { op: 'startsWith' },
  endsWith: { op: 'endsWith' },
  like: { op: 'like' },
  notLike: { op: 'notLike' },
  ilike: { op: 'like', ignoreCase: true },
  notILike: { op: 'notLike', ignoreCase: true },
};
const OPERATOR_NAMES = Object.keys(OPERATORS);

function parseRevoengineLeaf(input: JsonObject, path: Path, state: ParseState): Conditions | null {
  const before = state.errors.length;
  const fail = (key: string, message: string): void => {
    state.errors.push({ path: [...path, key], message });
  };
  countLeaf(path, state);
  for (const key of Object.keys(input)) {
    if (key === 'field' || key === 'op' || key === 'value') continue;
    const word = nearestWord(key, ['field', 'op', 'value', ...GROUPS]);
    fail(key, `A clause has no "${key}"${word === null ? '' : `; did you mean "${word}"?`}`);
  }
  const field = readField(input.field, fail);
  const ours = readOperator(input.op, fail);
  if (field === null || ours === null || state.errors.length > before) return null;
  const { op, ignoreCase, orMissing, numbersOnly } = ours;
  if (numbersOnly && comparableNumber(input.value) === null) {
    fail('value', `"${String(input.op)}" compares numbers only`);
    return null;
  }
  // A null where no value is expected means the same as none.
  const hasValue = input.value !== undefined && !((op === 'isNull' || op === 'isNotNull') && input.value === null);
  const draft: JsonObject = { field, op };
  if (hasValue) draft.value = input.value;
  if (ignoreCase) draft.ignoreCase = true;
  const leaf = parseLeaf(draft, path, state);
  if (leaf === null || !orMissing) return leaf;
  const missing: Leaf = { field, op: 'missing' };
  return { any: [leaf, missing] };
}

function readOperator(op: unknown, fail: (key: string, message: string) => void): Ours | null {
  if (typeof op === 'string' && Object.hasOwn(OPERATORS, op)) return OPERATORS[op] ?? null;
  const word = typeof op === 'string' ? nearestWord(op, OPERATOR_NAMES) : null;
  const hint = word === null ? `The operators are ${OPERATOR_NAMES.join(', ')}` : `Did you mean "${word}"?`;
  fail('op', op === undefined ? 'The clause has no operator ("op")' : `RevoEngine has no such operator. ${hint}`);
  return null;
}

const ROOTS = { message: 'payload', metadata: 'context' } as const;

function readField(field: unknown, fail: (key: string, message: string) => void): string | null {
  if (typeof field !== 'string') {
    fail('field', field === undefined ? 'The clause has no field' : 'A field is text such as message.status');
    return null;
  }
  const [root, ...segments] = field.split('.');
  if (segments.length + 1 > CONDITION_LIMITS.pathSegments) {
    fail('field', `A field path has at most ${CONDITION_LIMITS.pathSegments} segments`);
    return null;
  }
  if (segments.some((segment) => segment === '')) {
    fail('field', 'A part of the path is empty: remove the extra dot');
    return null;
  }
  if (root === 'type' && segments.length === 0) return 'type';
  if (root === 'message' || root === 'metadata') return formatFieldPath({ root: ROOTS[root], segments });
  fail('field', `Fields of RevoEngine are type, message.… and metadata.…; got "${field.slice(0, 80)}"`);
  return null;
}
