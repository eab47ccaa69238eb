import type { Operator } from './tree.ts';

/** One operator as the editor and the docs show it. */
export interface OperatorInfo {
  name: Operator;
  /** Reads between field and value: "payload.size [is more than] 10". */
  label: string;
  arity: 'none' | 'one' | 'two' | 'many';
  /** `orderable`: a number or an ISO time. `pattern`: wildcards. `regex`: RE2 syntax. */
  valueKind: 'none' | 'any' | 'text' | 'orderable' | 'pattern' | 'regex';
  /** Whether `ignoreCase` may be set. */
  ignoreCase: boolean;
  /** What the operator says when the event does not have the field. */
  whenMissing: boolean;
  /** One line, for people. */
  meaning: string;
}

const info = (
  name: Operator,
  label: string,
  arity: OperatorInfo['arity'],
  valueKind: OperatorInfo['valueKind'],
  meaning: string,
  more: { ignoreCase?: true; whenMissing?: true } = {},
): OperatorInfo => ({
  name,
  label,
  arity,
  valueKind,
  meaning,
  ignoreCase: more.ignoreCase ?? false,
  whenMissing: more.whenMissing ?? false,
});

/**
 * The operators and the rules they share:
 * - Types are strict: 10000 is not "10000". Objects and lists are equal when all their parts are.
 * - A field that is a list passes when the list itself or any of its elements does. The negative operators (`ne`,
 *   `notIn`, `notContains`, `notLike`, `isNotNull`) are the opposite of their positives: no element may be equal.
 * - A missing field fails every operator but `missing`, `ne`, `notIn`, `notContains` and `notLike`. A field that is null is there.
 * - Order exists between two numbers or between two ISO times, and nowhere else.
 */
export const OPERATORS: readonly OperatorInfo[] = [
  info('eq', 'is', 'one', 'any', 'Equal, type included; a list passes if it or any element is equal.', {
    ignoreCase: true,
  }),
  info('ne', 'is not', 'one', 'any', 'Not equal; a list passes if no element is equal. Also true when missing.', {
    ignoreCase: true,
    whenMissing: true,
  }),
  info('in', 'is one of', 'many', 'any', 'Equal to one of the values.', { ignoreCase: true }),
  info('notIn', 'is none of', 'many', 'any', 'Equal to none of the values. Also true when missing.', {
    ignoreCase: true,
    whenMissing: true,
  }),
  info('gt', 'is more than', 'one', 'orderable', 'A larger number, or a later time.'),
  info('gte', 'is at least', 'one', 'orderable', 'An equal or larger number, or the same or a later time.'),
  info('lt', 'is less than', 'one', 'orderable', 'A smaller number, or an earlier time.'),
  info('lte', 'is at most', 'one', 'orderable', 'An equal or smaller number, or the same or an earlier time.'),
  info('between', 'is between', 'two', 'orderable', 'From the first to the second number or time, both included.'),
  info('contains', 'contains', 'one', 'any', 'Text with this part, or a list with this element.', {
    ignoreCase: true,
  }),
  info('notContains', 'does not contain', 'one', 'any', 'The opposite of contains. Also true when missing.', {
    ignoreCase: true,
    whenMissing: true,
  }),
  info('startsWith', 'starts with', 'one', 'text', 'Text that starts with this value.', { ignoreCase: true }),
  info('endsWith', 'ends with', 'one', 'text', 'Text that ends with this value.', { ignoreCase: true }),
  info('glob', 'is like', 'one', 'pattern', 'The whole text matches a pattern: * is any text, ? one character.', {
    ignoreCase: true,
  }),
  info('matches', 'matches', 'one', 'regex', 'An RE2 regular expression matches part of the text.', {
    ignoreCase: true,
  }),
  info('exists', 'exists', 'none', 'none', 'The field is present, even if its value is null.'),
  info('missing', 'is missing', 'none', 'none', 'The field is not present.', { whenMissing: true }),
  info('isNull', 'is null', 'none', 'none', 'The field is present and its value is null.'),
  info('isNotNull', 'is not null', 'none', 'none', 'The field is present and its value is not null.'),
  info(
    'like',
    'is like (SQL)',
    'one',
    'text',
    'The whole text matches: % is any text, _ one character, \\% a literal %.',
    {
      ignoreCase: true,
    },
  ),
  info('notLike', 'is not like (SQL)', 'one', 'text', 'The opposite of like (SQL). Also true when missing.', {
    ignoreCase: true,
    whenMissing: true,
  }),
  info(
    'typePattern',
    'matches type',
    'many',
    'pattern',
    'Matches an event type pattern: * within a segment, ** across segments.',
  ),
  info(
    'segmentGlob',
    'matches topic',
    'many',
    'pattern',
    'Matches a Flatfile topic pattern; only : separates segments.',
  ),
  info(
    'flatfile',
    'has (Flatfile)',
    'one',
    'any',
    'Matches a clause of a Flatfile filter, such as {"key": "value"}. The field is "event".',
  ),
];

const byName: ReadonlyMap<string, OperatorInfo> = new Map(OPERATORS.map((operator) => [operator.name, operator]));

export function findOperator(name: string): OperatorInfo | undefined {
  return byName.get(name);
}

export function operatorInfo(op: Operator): OperatorInfo {
  const found = byName.get(op);
  if (found === undefined) throw new Error(`There is no operator "${op}"`);
  return found;
}
