import { isExactNumber } from '../../exact-json/exact-number.ts';
import { compileLeaf } from '../evaluate/leaf.ts';
import { flatfileReader } from '../flatfile/flatfile-leaf.ts';
import { type ConditionInput, type Conditions, isLeaf, isObject, type JsonValue, type Leaf } from '../tree.ts';
import { parseFieldPath, readField } from '../values/paths.ts';
import { type NearText, nearestText } from './leaf-texts.ts';

/**
 * Why a tree passed or not, clause by clause. `distance` is the least number of leaves that would have to come out the
 * other way for the clause to pass: 0 when it passes, and the smallest first is the nearest miss.
 */
export type Explanation =
  | { kind: 'all' | 'any' | 'not'; passed: boolean; distance: number; children: Explanation[] }
  | LeafExplanation;

export interface LeafExplanation {
  kind: 'leaf';
  passed: boolean;
  distance: number;
  field: string;
  op: Leaf['op'];
  expected?: JsonValue;
  ignoreCase: boolean;
  seen: SeenValue;
  /** Of a leaf that failed over a text: how near it was. */
  near?: NearText;
  children: [];
}

/** `value` is a truncated copy; when the path has several values it is the list of the first ones and `count` is set. */
export interface SeenValue {
  present: boolean;
  value?: JsonValue;
  count?: number;
}

/** The distance of a clause that no event can pass, such as an empty `any`. Finite, since JSON has no Infinity. */
export const UNREACHABLE = 1_000_000;

/** For explaining many events with one tree. Unlike the compiled conditions it looks at every clause. */
export function compileExplainer(tree: Conditions): (event: ConditionInput) => Explanation {
  const explain = compileNode(tree);
  return (event) => explain(event).explanation;
}

interface Explained {
  explanation: Explanation;
  /** Leaves to turn so that the clause fails; what `not` needs to know of its inside. */
  distanceToFail: number;
}

type NodeExplainer = (event: ConditionInput) => Explained;

function compileNode(node: Conditions): NodeExplainer {
  if (isLeaf(node)) return compileLeafExplainer(node);
  if ('not' in node) {
    const explainInner = compileNode(node.not);
    return (event) => {
      const inner = explainInner(event);
      return {
        explanation: {
          kind: 'not',
          passed: !inner.explanation.passed,
          distance: inner.distanceToFail,
          children: [inner.explanation],
        },
        distanceToFail: inner.explanation.distance,
      };
    };
  }
  const kind = 'all' in node ? 'all' : 'any';
  const explainers = ('all' in node ? node.all : node.any).map(compileNode);
  return (event) => {
    const inner = explainers.map((explain) => explain(event));
    const toPass = inner.map((child) => child.explanation.distance);
    const toFail = inner.map((child) => child.distanceToFail);
    const distance = kind === 'all' ? sum(toPass) : least(toPass);
    const distanceToFail = kind === 'all' ? least(toFail) : sum(toFail);
    const children = inner.map((child) => child.explanation);
    return { explanation: { kind, passed: distance === 0, distance, children }, distanceToFail };
  };
}

const sum = (distances: number[]): number =>
  Math.min(
    UNREACHABLE,
    distances.reduce((total, one) => total + one, 0),
  );
const least = (distances: number[]): number => distances.reduce((low, one) => Math.min(low, one), UNREACHABLE);

function compileLeafExplainer(leaf: Leaf): NodeExplainer {
  const test = compileLeaf(leaf);
  const read = leafReader(leaf);
  return (event) => {
    const passed = test(event);
    const values = read(event);
    const near = passed ? null : nearestText(leaf, values);
    const explanation: LeafExplanation = {
      kind: 'leaf',
      passed,
      distance: passed ? 0 : 1,
      field: leaf.field,
      op: leaf.op,
      ...(leaf.value === undefined ? {} : { expected: leaf.value }),
      ignoreCase: leaf.ignoreCase === true,
      seen: lookAt(values),
      ...(near === null ? {} : { near }),
      children: [],
    };
    return { explanation, distanceToFail: passed ? 1 : 0 };
  };
}

const SHOWN_TEXT = 200;
const SHOWN_ITEMS = 10;
const SHOWN_DEPTH = 3;

function leafReader(leaf: Leaf): (event: ConditionInput) => unknown[] {
  if (leaf.op === 'flatfile') return flatfileReader(leaf);
  const parsed = parseFieldPath(leaf.field);
  if (!parsed.ok) throw new Error(parsed.message);
  return (event) => readField(parsed.path, event);
}

function lookAt(values: readonly unknown[]): SeenValue {
  if (values.length === 0) return { present: false };
  if (values.length === 1) return { present: true, value: truncatedCopy(values[0], SHOWN_DEPTH) };
  return { present: true, value: truncatedCopy(values, SHOWN_DEPTH + 1), count: values.length };
}

function truncatedCopy(value: unknown, depth: number): JsonValue {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string') return value.length <= SHOWN_TEXT ? value : `${value.slice(0, SHOWN_TEXT)}…`;
  if (isExactNumber(value)) {
    const digits = String(value);
    return digits.length <= SHOWN_TEXT ? value : `${digits.slice(0, SHOWN_TEXT)}…`;
  }
  if (Array.isArray(value)) {
    if (depth <= 0) return value.length === 0 ? [] : `[${value.length} values]`;
    const shown = value.slice(0, SHOWN_ITEMS).map((part) => truncatedCopy(part, depth - 1));
    return value.length > SHOWN_ITEMS ? [...shown, `… ${value.length - SHOWN_ITEMS} more`] : shown;
  }
  if (isObject(value)) {
    const keys = Object.keys(value).filter((key) => key !== '__proto__');
    if (depth <= 0) return keys.length === 0 ? {} : `{${keys.length} keys}`;
    const copy: { [key: string]: JsonValue } = {};
    for (const key of keys.slice(0, SHOWN_ITEMS)) copy[key] = truncatedCopy(value[key], depth - 1);
    if (keys.length > SHOWN_ITEMS) copy['…'] = `${keys.length - SHOWN_ITEMS} more`;
    return copy;
  }
  return String(typeof value);
}
