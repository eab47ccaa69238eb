import { comparableNumber, compareNumbers } from '../../exact-json/exact-number.ts';
import { flatfileValueProblem, WHOLE_EVENT } from '../flatfile/flatfile-leaf.ts';
import { findOperator, type OperatorInfo } from '../operators.ts';
import { compileRegex } from '../patterns/regex.ts';
import { checkTypePattern, TYPE_PATTERNS_MAX } from '../patterns/type-pattern.ts';
import { CONDITION_LIMITS, type JsonObject, type JsonValue, type Leaf, OPERATOR_NAMES } from '../tree.ts';
import { isoTimeMs } from '../values/iso-time.ts';
import { parseFieldPath } from '../values/paths.ts';
import { nearestWord } from './nearest-word.ts';
import type { ParseState } from './parse-state.ts';
import { copyJson } from './parse-value.ts';

const LEAF_KEYS = ['field', 'op', 'value', 'ignoreCase'];

type Path = (string | number)[];
type Fail = (at: Path, message: string) => void;

/** Reads `{field, op, value?, ignoreCase?}`; what is wrong goes to `state.errors`, all of it, not only the first. */
export function parseLeaf(input: JsonObject, path: Path, state: ParseState): Leaf | null {
  const before = state.errors.length;
  const fail: Fail = (at, message) => {
    state.errors.push({ path: [...path, ...at], message });
  };
  for (const key of Object.keys(input)) {
    if (LEAF_KEYS.includes(key)) continue;
    const word = nearestWord(key, LEAF_KEYS);
    fail([key], `A clause has no "${key}"${word === null ? '' : `; did you mean "${word}"?`}`);
  }
  const field = readFieldName(input.field, input.op, fail);
  const operator = readOperator(input.op, fail);
  if (operator === null) return null;
  const ignoreCase = readIgnoreCase(input.ignoreCase, operator, fail);
  const value = readValue(input, operator, ignoreCase, path, fail);
  if (state.errors.length > before) return null;
  return {
    field,
    op: operator.name,
    ...(value === undefined ? {} : { value }),
    ...(ignoreCase ? { ignoreCase: true } : {}),
  };
}

function readFieldName(field: unknown, op: unknown, fail: Fail): string {
  if (op === 'flatfile') {
    if (field !== WHOLE_EVENT) fail(['field'], `"flatfile" checks the whole event: its field is "${WHOLE_EVENT}"`);
    return WHOLE_EVENT;
  }
  if (typeof field !== 'string') {
    fail(['field'], field === undefined ? 'The clause has no field' : 'A field is text such as payload.status');
    return '';
  }
  const parsed = parseFieldPath(field);
  if (!parsed.ok) fail(['field'], parsed.message);
  return field;
}

function readOperator(op: unknown, fail: Fail): OperatorInfo | null {
  if (op === undefined) {
    fail(['op'], 'The clause has no operator ("op")');
    return null;
  }
  const operator = typeof op === 'string' ? findOperator(op) : undefined;
  if (operator !== undefined) return operator;
  const word = typeof op === 'string' ? nearestWord(op, OPERATOR_NAMES) : null;
  const shown = typeof op === 'string' ? `"${op.slice(0, 40)}"` : typeof op;
  const hint = word === null ? `The operators are ${OPERATOR_NAMES.join(', ')}` : `Did you mean "${word}"?`;
  fail(['op'], `There is no operator ${shown}. ${hint}`);
  return null;
}

function readIgnoreCase(ignoreCase: unknown, operator: OperatorInfo, fail: Fail): boolean {
  if (ignoreCase === undefined || ignoreCase === false) return false;
  if (ignoreCase !== true) fail(['ignoreCase'], 'ignoreCase is true or false');
  else if (!operator.ignoreCase) fail(['ignoreCase'], `ignoreCase has no meaning for "${operator.name}"`);
  return true;
}

function readValue(
  input: JsonObject,
  operator: OperatorInfo,
  ignoreCase: boolean,
  path: Path,
  fail: Fail,
): JsonValue | undefined {
  if (operator.arity === 'none') {
    // `{op: "exists", value: true}` is what other tools write and says the same.
    if (input.value !== undefined && input.value !== true) fail(['value'], `"${operator.name}" takes no value`);
    return undefined;
  }
  if (input.value === undefined) {
    fail(['value'], `"${operator.name}" needs a value`);
    return undefined;
  }
  const copied = copyJson(input.value, [...path, 'value']);
  if (!copied.ok) {
    fail(copied.error.path.slice(path.length), copied.error.message);
    return undefined;
  }
  checkValue(operator, copied.value, ignoreCase, fail);
  return copied.value;
}

function checkValue(operator: OperatorInfo, value: JsonValue, ignoreCase: boolean, fail: Fail): void {
  const { name } = operator;
  switch (name) {
    case 'in':
    case 'notIn':
      if (!Array.isArray(value)) fail(['value'], `"${name}" needs a list of values`);
      return;
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      if (kindOfOrderable(value) === null) fail(['value'], `"${name}" needs a number or an ISO time`);
      return;
    case 'between':
      checkRange(value, fail);
      return;
    case 'contains':
    case 'notContains':
      if (typeof value === 'string' && value.length > CONDITION_LIMITS.containsLength) {
        fail(['value'], `"${name}" looks for at most ${CONDITION_LIMITS.containsLength} characters`);
      }
      return;
    case 'typePattern':
      checkTypePatterns(value, fail);
      return;
    case 'segmentGlob':
      checkSegmentGlobs(value, fail);
      return;
    case 'flatfile': {
      const problem = flatfileValueProblem(value);
      if (problem !== null) fail(['value', ...problem.path], problem.message);
      return;
    }
    case 'like':
    case 'notLike':
    case 'startsWith':
    case 'endsWith':
    case 'glob':
    case 'matches':
      if (typeof value !== 'string') fail(['value'], `"${name}" needs text`);
      else if (
        (name === 'glob' || name === 'like' || name === 'notLike') &&
        value.length > CONDITION_LIMITS.globLength
      ) {
        fail(['value'], `A pattern has at most ${CONDITION_LIMITS.globLength} characters`);
      } else if (name === 'matches') {
        const compiled = compileRegex(value, ignoreCase);
        if (!compiled.ok) fail(['value'], compiled.message);
      }
      return;
    default:
      return;
  }
}

function checkRange(value: JsonValue, fail: Fail): void {
  const [low, high] = Array.isArray(value) ? value : [];
  if (!Array.isArray(value) || value.length !== 2 || low === undefined || high === undefined) {
    fail(['value'], '"between" needs two values: [from, to]');
    return;
  }
  const kind = kindOfOrderable(low);
  if (kind === null || kind !== kindOfOrderable(high)) {
    fail(['value'], '"between" needs two numbers or two ISO times');
  } else if (compareOrderables(low, high) > 0) {
    fail(['value'], '"between" takes the smaller value first');
  }
}

function checkTypePatterns(value: JsonValue, fail: Fail): void {
  const patterns = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(patterns) || patterns.length === 0 || patterns.length > TYPE_PATTERNS_MAX) {
    fail(['value'], `"typePattern" needs a pattern or a list of 1 to ${TYPE_PATTERNS_MAX}`);
    return;
  }
  for (const [index, pattern] of patterns.entries()) {
    const at = typeof value === 'string' ? ['value'] : ['value', index];
    const message = typeof pattern === 'string' ? checkTypePattern(pattern) : 'A type pattern must be text';
    if (message !== null) fail(at, message);
  }
}

function checkSegmentGlobs(value: JsonValue, fail: Fail): void {
  const patterns = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(patterns) || patterns.length === 0) {
    fail(['value'], '"segmentGlob" needs a pattern or a list of them');
    return;
  }
  for (const [index, pattern] of patterns.entries()) {
    const at = typeof value === 'string' ? ['value'] : ['value', index];
    if (typeof pattern !== 'string') fail(at, 'A topic pattern must be text');
    else if (pattern.length > CONDITION_LIMITS.globLength) {
      fail(at, `A pattern has at most ${CONDITION_LIMITS.globLength} characters`);
    }
  }
}

function kindOfOrderable(value: JsonValue): 'number' | 'time' | null {
  if (comparableNumber(value) !== null) return 'number';
  return typeof value === 'string' && !Number.isNaN(isoTimeMs(value)) ? 'time' : null;
}

/** Of two of one kind. */
function compareOrderables(a: JsonValue, b: JsonValue): number {
  const numberA = comparableNumber(a);
  const numberB = comparableNumber(b);
  if (numberA !== null && numberB !== null) return compareNumbers(numberA, numberB);
  return typeof a === 'string' && typeof b === 'string' ? isoTimeMs(a) - isoTimeMs(b) : Number.NaN;
}
