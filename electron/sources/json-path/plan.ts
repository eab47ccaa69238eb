import { type JSONPathQuery, jsonpath } from 'json-p3';
import type { Json } from '../../../shared/contract/common.ts';
import { AppError } from '../../../shared/contract/errors.ts';

const { selectors, expressions } = jsonpath;

/** A compiled query as it is carried out by `search.ts`: the library parses, its own evaluation has no bound. */
export interface Query {
  segments: readonly Segment[];
  /** Names and indexes alone: finds one value at most. */
  isSingular: boolean;
  /**
   * Where one value can be reached on several ways, so that it pays to remember what was searched in vain. Without,
   * `$..a..b` costs the product of the document's size and depth, and each further `..` that much again.
   */
  remembers: boolean;
}

export interface Segment {
  isDescendant: boolean;
  selectors: readonly Selector[];
}

export type Selector =
  | { kind: 'name'; name: string }
  | { kind: 'index'; index: number }
  | { kind: 'slice'; start: number | undefined; stop: number | undefined; step: number }
  | { kind: 'wildcard' }
  | { kind: 'filter'; test: Logical };

export type Logical =
  | { kind: 'not'; test: Logical }
  | { kind: 'and' | 'or'; left: Logical; right: Logical }
  | { kind: 'compare'; operator: string; left: Value; right: Value }
  | { kind: 'exists'; from: 'root' | 'current'; query: Query }
  | { kind: 'match' | 'search'; text: Value; pattern: Value };

export type Value =
  | { kind: 'literal'; value: Json }
  | { kind: 'found'; from: 'root' | 'current'; query: Query }
  | { kind: 'length'; of: Value }
  | { kind: 'count' | 'value'; from: 'root' | 'current'; query: Query };

export function planQuery(query: JSONPathQuery): Query {
  const segments = query.segments.map(
    (segment): Segment => ({
      isDescendant: segment.toString({ form: 'canonical' }).startsWith('..'),
      selectors: segment.selectors.map(planSelector),
    }),
  );
  const repeats = segments.filter(({ isDescendant, selectors: some }) => isDescendant || some.length > 1);
  return { segments, isSingular: query.singularQuery(), remembers: repeats.length > 1 };
}

const unknown = (what: unknown): AppError =>
  new AppError('invalid_input', `uses "${String(what)}", which is not part of RFC 9535`);

function planSelector(selector: jsonpath.JSONPathSelector): Selector {
  if (selector instanceof selectors.NameSelector) return { kind: 'name', name: selector.name };
  if (selector instanceof selectors.IndexSelector) return { kind: 'index', index: selector.index };
  if (selector instanceof selectors.WildcardSelector) return { kind: 'wildcard' };
  if (selector instanceof selectors.FilterSelector) {
    return { kind: 'filter', test: planLogical(selector.expression.expression) };
  }
  if (selector instanceof selectors.SliceSelector) {
    const { start, stop, step } = selector;
    return { kind: 'slice', start, stop, step: step ?? 1 };
  }
  throw unknown(selector);
}

const isFunction = (
  expression: jsonpath.expressions.FilterExpression,
): expression is jsonpath.expressions.FunctionExtension => expression instanceof expressions.FunctionExtension;

function planLogical(expression: jsonpath.expressions.FilterExpression): Logical {
  if (expression instanceof expressions.LogicalExpression) return planLogical(expression.expression);
  if (expression instanceof expressions.PrefixExpression) return { kind: 'not', test: planLogical(expression.right) };
  if (expression instanceof expressions.InfixExpression) {
    const { left, operator, right } = expression;
    if (operator === '&&' || operator === '||') {
      return { kind: operator === '&&' ? 'and' : 'or', left: planLogical(left), right: planLogical(right) };
    }
    return { kind: 'compare', operator, left: planValue(left), right: planValue(right) };
  }
  if (expression instanceof expressions.FilterQuery) return { kind: 'exists', ...planNodes(expression) };
  if (isFunction(expression)) {
    const { name, args } = expression;
    const [text, pattern] = args;
    if ((name === 'match' || name === 'search') && text !== undefined && pattern !== undefined) {
      return { kind: name, text: planValue(text), pattern: planValue(pattern) };
    }
  }
  throw unknown(expression);
}

function planNodes(expression: jsonpath.expressions.FilterExpression | undefined): {
  from: 'root' | 'current';
  query: Query;
} {
  if (!(expression instanceof expressions.FilterQuery)) throw unknown(expression);
  return {
    from: expression instanceof expressions.RootQuery ? 'root' : 'current',
    query: planQuery(expression.path),
  };
}

function planValue(expression: jsonpath.expressions.FilterExpression): Value {
  if (expression instanceof expressions.FilterQuery) return { kind: 'found', ...planNodes(expression) };
  if (expression instanceof expressions.NullLiteral) return { kind: 'literal', value: null };
  if (
    expression instanceof expressions.StringLiteral ||
    expression instanceof expressions.NumberLiteral ||
    expression instanceof expressions.BooleanLiteral
  ) {
    return { kind: 'literal', value: expression.value };
  }
  if (isFunction(expression)) {
    const { name, args } = expression;
    const [first] = args;
    if (name === 'length' && first !== undefined) return { kind: 'length', of: planValue(first) };
    if (name === 'count' || name === 'value') return { kind: name, ...planNodes(first) };
  }
  throw unknown(expression);
}
