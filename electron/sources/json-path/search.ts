import type { Json } from '../../../shared/contract/common.ts';
import { isExactNumber } from '../../../shared/exact-json/exact-number.ts';
import { isJsonRecord } from '../../../shared/exact-json/parse-exact.ts';
import { equals, isLess } from './compare.ts';
import { matchesPattern } from './pattern.ts';
import type { Logical, Query, Selector, Value } from './plan.ts';
import type { Steps } from './steps.ts';

/** Measured on objects with many members and sets of many objects, which cost far more than looking at a value. */
const stepsToName = 4;
const stepsToRemember = 8;
const worthRemembering = 16;

const isContainer = (value: Json): value is Json[] | { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !isExactNumber(value);

/** Ends a search when it gives true. */
type Visit = (value: Json) => boolean;

/**
 * One search through one document, first to last in the order of RFC 9535. Everything that grows with the document
 * takes steps.
 */
export class Search {
  readonly #root: Json;
  readonly #steps: Steps;
  /** By query and segment: values from which that segment and all after it found nothing. */
  readonly #vain = new Map<Query, Set<object>[]>();
  readonly #names = new Map<object, readonly string[]>();

  constructor(root: Json, steps: Steps) {
    this.#root = root;
    this.#steps = steps;
  }

  /** The first value that is found, or undefined. */
  first(query: Query, from: Json): Json | undefined {
    if (query.isSingular) return walk(query, from);
    let found: Json | undefined;
    this.#find(
      query,
      0,
      from,
      (value) => {
        found = value;
        return true;
      },
      query.remembers,
    );
    return found;
  }

  /** Visits every value that is found, one that is reached on several ways as many times, until `visit` gives true. */
  each(query: Query, from: Json, visit: Visit): void {
    this.#find(query, 0, from, visit, false);
  }

  #vainAt(query: Query, index: number): Set<object> {
    let sets = this.#vain.get(query);
    if (sets === undefined) {
      sets = query.segments.map(() => new Set());
      this.#vain.set(query, sets);
    }
    return sets[index] ?? new Set();
  }

  #find(query: Query, index: number, from: Json, visit: Visit, remembers: boolean): boolean {
    const segment = query.segments[index];
    if (segment === undefined) return visit(from);
    if (!isContainer(from)) return false;
    const vain = remembers ? this.#vainAt(query, index) : null;
    if (vain?.has(from)) return false;
    const leftBefore = this.#steps.left;
    this.#steps.take();
    const next: Visit = (value) => this.#find(query, index + 1, value, visit, remembers);
    for (const selector of segment.selectors) if (this.#select(selector, from, next)) return true;
    if (segment.isDescendant) {
      const descend: Visit = (value) => this.#find(query, index, value, visit, remembers);
      if (this.#eachChild(from, descend)) return true;
    }
    // What was cheap to search is cheap to search again.
    if (vain !== null && leftBefore - this.#steps.left >= worthRemembering) {
      this.#steps.take(stepsToRemember);
      vain.add(from);
    }
    return false;
  }

  /** Kept for large objects: naming all members takes longer than looking at the first, which may be all that is asked. */
  #namesOf(from: { [name: string]: Json }): readonly string[] {
    const known = this.#names.get(from);
    if (known !== undefined) return known;
    const names = Object.keys(from);
    const isLarge = names.length >= worthRemembering;
    this.#steps.take(names.length * (isLarge ? stepsToName : 1));
    if (isLarge) this.#names.set(from, names);
    return names;
  }

  #eachChild(from: Json[] | { [name: string]: Json }, visit: Visit): boolean {
    if (Array.isArray(from)) {
      for (const value of from) {
        this.#steps.take();
        if (visit(value)) return true;
      }
      return false;
    }
    for (const name of this.#namesOf(from)) {
      this.#steps.take();
      const value = from[name];
      if (value !== undefined && visit(value)) return true;
    }
    return false;
  }

  #select(selector: Selector, from: Json[] | { [name: string]: Json }, visit: Visit): boolean {
    switch (selector.kind) {
      case 'name': {
        const value = readName(from, selector.name);
        return value !== undefined && visit(value);
      }
      case 'index': {
        const value = Array.isArray(from) ? from.at(selector.index) : undefined;
        return value !== undefined && visit(value);
      }
      case 'wildcard':
        return this.#eachChild(from, visit);
      case 'filter':
        return this.#eachChild(from, (value) => this.#isTrue(selector.test, value) && visit(value));
      case 'slice':
        return Array.isArray(from) && this.#slice(selector, from, visit);
    }
  }

  /** RFC 9535 section 2.3.4.2. */
  #slice(selector: Extract<Selector, { kind: 'slice' }>, from: Json[], visit: Visit): boolean {
    const { step } = selector;
    const { length } = from;
    if (step === 0) return false;
    const bound = (at: number | undefined, otherwise: number, least: number, most: number): number => {
      if (at === undefined) return otherwise;
      return Math.min(Math.max(at >= 0 ? at : length + at, least), most);
    };
    const isForward = step > 0;
    const first = isForward ? bound(selector.start, 0, 0, length) : bound(selector.start, length - 1, -1, length - 1);
    const last = isForward ? bound(selector.stop, length, 0, length) : bound(selector.stop, -1, -1, length - 1);
    for (let at = first; isForward ? at < last : at > last; at += step) {
      this.#steps.take();
      const value = from[at];
      if (value !== undefined && visit(value)) return true;
    }
    return false;
  }

  #isTrue(test: Logical, current: Json): boolean {
    this.#steps.take();
    switch (test.kind) {
      case 'not':
        return !this.#isTrue(test.test, current);
      case 'and':
        return this.#isTrue(test.left, current) && this.#isTrue(test.right, current);
      case 'or':
        return this.#isTrue(test.left, current) || this.#isTrue(test.right, current);
      case 'exists':
        return this.first(test.query, this.#start(test.from, current)) !== undefined;
      case 'compare':
        return this.#compare(test.operator, this.#read(test.left, current), this.#read(test.right, current));
      case 'match':
      case 'search': {
        const text = this.#read(test.text, current);
        const pattern = this.#read(test.pattern, current);
        if (typeof text !== 'string' || typeof pattern !== 'string') return false;
        return matchesPattern(text, pattern, test.kind === 'match', this.#steps);
      }
    }
  }

  #start(from: 'root' | 'current', current: Json): Json {
    return from === 'root' ? this.#root : current;
  }

  #read(value: Value, current: Json): Json | undefined {
    switch (value.kind) {
      case 'literal':
        return value.value;
      case 'found':
        return this.first(value.query, this.#start(value.from, current));
      case 'length':
        return this.#length(this.#read(value.of, current));
      case 'count': {
        let count = 0;
        this.each(value.query, this.#start(value.from, current), () => {
          count += 1;
          return false;
        });
        return count;
      }
      case 'value': {
        const found: Json[] = [];
        this.each(value.query, this.#start(value.from, current), (one) => found.push(one) > 1);
        return found.length === 1 ? found[0] : undefined;
      }
    }
  }

  #length(value: Json | undefined): number | undefined {
    if (typeof value === 'string' || Array.isArray(value)) return value.length;
    return isJsonRecord(value) ? this.#namesOf(value).length : undefined;
  }

  #compare(operator: string, left: Json | undefined, right: Json | undefined): boolean {
    const steps = this.#steps;
    switch (operator) {
      case '==':
        return equals(left, right, steps);
      case '!=':
        return !equals(left, right, steps);
      case '<':
        return isLess(left, right, steps);
      case '>':
        return isLess(right, left, steps);
      case '<=':
        return isLess(left, right, steps) || equals(left, right, steps);
      case '>=':
        return isLess(right, left, steps) || equals(left, right, steps);
      default:
        return false;
    }
  }
}

/** The value that a singular query names, or undefined. Costs no steps: it is as long as the path. */
export function walk(query: Query, from: Json): Json | undefined {
  let value: Json | undefined = from;
  for (const { selectors } of query.segments) {
    const [selector] = selectors;
    if (value === undefined || !isContainer(value) || selector === undefined) return undefined;
    if (selector.kind === 'name') value = readName(value, selector.name);
    else value = selector.kind === 'index' && Array.isArray(value) ? value.at(selector.index) : undefined;
  }
  return value;
}

function readName(from: Json[] | { [name: string]: Json }, name: string): Json | undefined {
  return !Array.isArray(from) && Object.hasOwn(from, name) ? from[name] : undefined;
}
