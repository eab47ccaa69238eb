import { CONDITION_LIMITS } from '../conditions/tree.ts';
import { formatFieldPath, parseFieldPath } from '../conditions/values/paths.ts';
import { compareOrderables, isWildcard, orderableOf } from './literals.ts';
import type { TermPosition, TermResult } from './parse-results.ts';
import { type PositionedValue, readValues } from './parse-values.ts';
import type { FieldOp, FieldTerm, Query, QueryValue } from './query.ts';

const PREFIXES: readonly { text: string; op: FieldOp }[] = [
  { text: '>=', op: 'gte' },
  { text: '<=', op: 'lte' },
  { text: '!=', op: 'ne' },
  { text: '>', op: 'gt' },
  { text: '<', op: 'lt' },
  { text: '~', op: 'contains' },
];

/** Reads `payload.amount:>100` from its value on and adds it to the query. A prefix holds for the whole comma list. */
export function parseFieldTerm(
  text: string,
  key: string,
  keyStart: number,
  position: TermPosition,
  query: Query,
): TermResult {
  const path = parseFieldPath(key);
  if (!path.ok) {
    const start = keyStart + path.offset;
    return { ok: false, error: { message: path.message, start, end: Math.max(keyStart + key.length, start + 1) } };
  }
  const prefix = PREFIXES.find((candidate) => text.startsWith(candidate.text, position.valueStart));
  const read = readValues(text, position.valueStart + (prefix?.text.length ?? 0), position.start);
  if (!read.ok) return read;
  const meaning = readMeaning(prefix?.op ?? 'eq', read.values);
  if (typeof meaning === 'string') {
    return { ok: false, error: { message: meaning, start: position.valueStart, end: read.end } };
  }
  const negated = meaning.inverted === true ? !position.negated : position.negated;
  query.fields.push({ path: formatFieldPath(path.path), op: meaning.op, values: meaning.values, negated });
  return { ok: true, end: read.end };
}

type Meaning = Pick<FieldTerm, 'op' | 'values'> & { inverted?: true };

/** The operator and its values, or what is wrong with them. */
function readMeaning(op: FieldOp, values: PositionedValue[]): Meaning | string {
  const plain = values.map(({ text, quoted }) => ({ text, quoted }));
  const [value] = plain;
  if (value === undefined) return 'A value is missing';
  const isSingle = plain.length === 1;
  if (op === 'eq' || op === 'ne') {
    if (isSingle && !value.quoted && value.text === '*') {
      return op === 'eq' ? { op: 'exists', values: [] } : { op: 'exists', values: [], inverted: true };
    }
    const range = isSingle && op === 'eq' ? readRange(value) : null;
    if (range !== null) return range;
    const long = plain.find((each) => isWildcard(each) && each.text.length > CONDITION_LIMITS.globLength);
    if (long !== undefined) return `A pattern has at most ${CONDITION_LIMITS.globLength} characters`;
    return { op, values: plain };
  }
  if (op === 'contains') {
    const long = plain.find((each) => each.text.length > CONDITION_LIMITS.containsLength);
    return long === undefined
      ? { op, values: plain }
      : `~ looks for at most ${CONDITION_LIMITS.containsLength} characters`;
  }
  if (!isSingle) return 'A comparison takes one number or time, not a list';
  return orderableOf(value) === null ? 'A comparison needs a number or an ISO time' : { op, values: plain };
}

/** `1..5`, `..5`, `2024-01-01..`; null when the dots are just part of a text. */
function readRange(value: QueryValue): Meaning | string | null {
  if (value.quoted) return null;
  const dots = value.text.indexOf('..');
  if (dots === -1) return null;
  const from = { text: value.text.slice(0, dots), quoted: false };
  const to = { text: value.text.slice(dots + 2), quoted: false };
  const low = orderableOf(from);
  const high = orderableOf(to);
  if (low !== null && to.text === '') return { op: 'gte', values: [from] };
  if (high !== null && from.text === '') return { op: 'lte', values: [to] };
  if (low === null || high === null) return null;
  const order = compareOrderables(low, high);
  if (order === null) return 'A range needs two numbers or two times';
  if (order > 0) return 'A range takes the smaller value first';
  return { op: 'between', values: [from, to] };
}
