/** The one condition tree that listeners store, the editor edits and every filter syntax compiles to. */

import { type ExactNumber, isExactNumber } from '../exact-json/exact-number.ts';

export type JsonScalar = string | number | boolean | null | ExactNumber;
export type JsonValue = JsonScalar | JsonValue[] | { [key: string]: JsonValue };

export const OPERATOR_NAMES = [
  'eq',
  'ne',
  'in',
  'notIn',
  'gt',
  'gte',
  'lt',
  'lte',
  'between',
  'contains',
  'notContains',
  'startsWith',
  'endsWith',
  'glob',
  'matches',
  'exists',
  'missing',
  'isNull',
  'isNotNull',
  'like',
  'notLike',
  'typePattern',
  'segmentGlob',
  'flatfile',
] as const;

export type Operator = (typeof OPERATOR_NAMES)[number];

export interface Leaf {
  /** A path (paths.ts); for `flatfile`, which looks at the whole event, the word `event`. */
  field: string;
  op: Operator;
  value?: JsonValue;
  ignoreCase?: true;
}

/** An empty `all` is true, an empty `any` is false. */
export type Conditions = { all: Conditions[] } | { any: Conditions[] } | { not: Conditions } | Leaf;

/** What conditions see of an event. `context` and `payload` are JSON values of any shape. */
export interface ConditionInput {
  type: string;
  source: string;
  system: string;
  context: unknown;
  payload: unknown;
  headers: Record<string, string>;
}

export const MATCH_ALL: Conditions = { all: [] };

/**
 * Bounds on what a person may store, so that neither parsing nor one check can be made expensive.
 * `containsLength` stays at 1,000 because the native substring search degrades to length × text beyond a few hundred
 * characters (4,000 against 1 MiB took 0.7 s); `regexProgramSize` × characters read is the cost of `matches`.
 */
export const CONDITION_LIMITS = {
  depth: 32,
  leaves: 500,
  pathSegments: 12,
  pathLength: 1_024,
  listLength: 1_000,
  valueDepth: 16,
  valueNodes: 2_000,
  textLength: 10_000,
  containsLength: 1_000,
  globLength: 256,
  regexLength: 1_000,
  regexProgramSize: 500,
} as const;

export function isLeaf(node: Conditions): node is Leaf {
  return 'field' in node;
}

export type JsonObject = { [key: string]: unknown };

/** Whether the value is an object with keys: not null, not a list, not an exact number. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);
}
