import { compileTypePattern, firstSegment, type TypePattern } from '../patterns/type-pattern.ts';
import { type Conditions, isLeaf, type Leaf } from '../tree.ts';
import { compileLeaf } from './leaf.ts';

/** What a tree says about the types of events that can pass it, whatever else stands in them. */
export interface TypeGate {
  /** False only when no event of this source and type passes. */
  admits(source: string, type: string): boolean;
  /** Which types there can be, as keys for an index; null when the tree does not narrow them so. */
  keys: TypeKeys | null;
}

/** Types by `looseType(type)`, or by `firstSegment(type)`. */
export type TypeKeys = { loose: readonly string[] } | { first: readonly string[] };

/**
 * The type with every separator written as `:`, once, and none at the end: types that any kind of pattern without
 * wildcards takes alike have the same.
 */
export function looseType(type: string): string {
  const single = type.replace(/[:./]+/g, ':');
  return single.endsWith(':') ? single.slice(0, -1) : single;
}

export function compileTypeGate(tree: Conditions): TypeGate {
  const test = compileAdmits(tree) ?? (() => true);
  return { admits: (source, type) => test({ source, type }), keys: keysOf(tree) };
}

type Test = (event: { source: string; type: string }) => boolean;

const NOTHING = { system: '', context: {}, payload: {}, headers: {} };

/** Null where it depends on more than source and type, so that anything may come of it. */
function compileAdmits(tree: Conditions): Test | null {
  if (isLeaf(tree)) {
    if (tree.field !== 'type' && tree.field !== 'source') return null;
    const test = compileLeaf(tree);
    return (event) => test({ ...NOTHING, ...event });
  }
  if ('all' in tree) {
    const tests = tree.all.map(compileAdmits).filter((test) => test !== null);
    return tests.length === 0 && tree.all.length > 0 ? null : (event) => tests.every((test) => test(event));
  }
  if ('any' in tree) {
    const tests = tree.any.map(compileAdmits).filter((test) => test !== null);
    return tests.length < tree.any.length ? null : (event) => tests.some((test) => test(event));
  }
  // What may be true under some events may be false under others, unless source and type are all there is to it.
  const inner = isAboutTypeAlone(tree.not) ? compileAdmits(tree.not) : null;
  return inner === null ? null : (event) => !inner(event);
}

function isAboutTypeAlone(tree: Conditions): boolean {
  if (isLeaf(tree)) return tree.field === 'type' || tree.field === 'source';
  if ('not' in tree) return isAboutTypeAlone(tree.not);
  return ('all' in tree ? tree.all : tree.any).every(isAboutTypeAlone);
}

function keysOf(tree: Conditions): TypeKeys | null {
  if (isLeaf(tree)) return tree.field === 'type' && tree.ignoreCase !== true ? keysOfLeaf(tree) : null;
  if ('not' in tree) return null;
  if ('any' in tree) return unionOf(tree.any.map(keysOf));
  return tree.all.map(keysOf).reduce(narrower, null);
}

function keysOfLeaf({ op, value }: Leaf): TypeKeys | null {
  const texts = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
  switch (op) {
    case 'eq':
    case 'in':
      return { loose: [...new Set(texts.map(looseType))] };
    case 'startsWith':
      return unionOf(texts.map(keysOfHead));
    case 'glob':
      return unionOf(texts.map((pattern) => keysOfPattern(pattern, /[*?]/)));
    case 'segmentGlob':
      return unionOf(texts.map((pattern) => keysOfPattern(pattern, /[*?\\]/)));
    case 'typePattern':
      return typePatternKeys(compileTypePattern(texts));
    default:
      return null;
  }
}

export function typePatternKeys({ literalTypes, firstSegments }: TypePattern): TypeKeys | null {
  if (literalTypes !== null) return { loose: [...new Set(literalTypes.map(looseType))] };
  return firstSegments === null ? null : { first: firstSegments };
}

function keysOfPattern(pattern: string, special: RegExp): TypeKeys | null {
  const end = pattern.search(special);
  return end === -1 ? { loose: [looseType(pattern)] } : keysOfHead(pattern.slice(0, end));
}

/** Its first segment is that of the type only when it ends within the head. */
const keysOfHead = (head: string): TypeKeys | null => (/[:./]/.test(head) ? { first: [firstSegment(head)] } : null);

function unionOf(all: readonly (TypeKeys | null)[]): TypeKeys | null {
  const loose: string[] = [];
  const first: string[] = [];
  for (const keys of all) {
    if (keys === null) return null;
    if ('loose' in keys) loose.push(...keys.loose);
    else first.push(...keys.first);
  }
  if (first.length === 0) return { loose: [...new Set(loose)] };
  return { first: [...new Set([...first, ...loose.map(firstSegment)])] };
}

/** Of two that both must be so: whole types before first segments, then fewer before more. */
export function narrower(a: TypeKeys | null, b: TypeKeys | null): TypeKeys | null {
  if (a === null || b === null) return a ?? b;
  if ('loose' in a) return 'loose' in b && b.loose.length < a.loose.length ? b : a;
  if ('loose' in b) return b;
  return b.first.length < a.first.length ? b : a;
}
