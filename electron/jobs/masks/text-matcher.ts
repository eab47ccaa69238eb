/**
 * Finds many texts at once in time linear in the text that is searched (Aho and Corasick, 1975), however many there are
 * and whatever they share: a job chooses what it writes and what it adds to its masks, and must not be able to choose what
 * either costs. Edges stand in one hash table of numbers; 90,000 states, a private key in all its forms, take 2 MB.
 */
export class TextMatcher {
  /** Characters of all patterns together: what building cost. */
  readonly size: number;
  readonly #edges: EdgeTable;
  /** By state: where to go on when no edge fits. */
  readonly #fallback: Int32Array;
  /** By state: length of the longest pattern that ends there; 0: none does. */
  readonly #matched: Int32Array;
  /** By length: the first state that such a start of a pattern leads to. */
  readonly #firstOfLength: number[] = [0];
  /** By hash of three characters: whether a pattern may begin with them. Most of a text goes no further than this. */
  readonly #starts = new Uint8Array(startSlots);
  /** Whether a pattern is shorter than these three. */
  readonly #isShort: boolean;

  constructor(patterns: readonly string[]) {
    this.size = patterns.reduce((size, { length }) => size + length, 0);
    this.#isShort = patterns.some(({ length }) => length < startLength);
    this.#edges = new EdgeTable(this.size);
    this.#matched = new Int32Array(this.size + 1);
    this.#fallback = new Int32Array(this.size + 1);
    this.#addAll(patterns);
  }

  /** The places of all matches, those that overlap taken together: `[start, end, start, end, …]`, ascending. */
  find(text: string): number[] {
    const spans: number[] = [];
    const note = (state: number, end: number): void => {
      const length = this.#matched[state] ?? 0;
      if (length > 0) addSpan(spans, end - length, end);
    };
    if (this.#isShort) {
      let state = 0;
      for (let index = 0; index < text.length; index += 1) {
        state = this.#step(state, text.charCodeAt(index));
        note(state, index + 1);
      }
      return spans;
    }
    const second = this.#firstOfLength[2] ?? 0;
    const third = this.#firstOfLength[3] ?? 0;
    for (let index = this.#nextStart(text, 0); index !== -1; ) {
      let state = 0;
      for (const end = index + startLength; index < end; index += 1) state = this.#step(state, text.charCodeAt(index));
      if (state < third) {
        index = this.#nextStart(text, index - 2);
        continue;
      }
      note(state, index);
      while (state >= third && index < text.length) {
        state = this.#step(state, text.charCodeAt(index));
        index += 1;
        note(state, index);
      }
      // Where one or two characters of a pattern stand, whether a third follows is seen faster from their start.
      index = this.#nextStart(text, index - (state >= third || state === 0 ? 0 : state < second ? 1 : 2));
    }
    return spans;
  }

  /** From where on three characters may begin a pattern; -1: from nowhere. */
  #nextStart(text: string, from: number): number {
    const starts = this.#starts;
    let first = text.charCodeAt(from);
    let second = text.charCodeAt(from + 1);
    for (let index = from; index + 2 < text.length; index += 1) {
      const third = text.charCodeAt(index + 2);
      if (starts[startSlot(first, second, third)] !== 0) return index;
      first = second;
      second = third;
    }
    return -1;
  }

  /** How many characters at the end of a text a pattern begins with, at most. */
  startAtEnd(text: string): number {
    let state = 0;
    for (let index = 0; index < text.length; index += 1) state = this.#step(state, text.charCodeAt(index));
    let length = 0;
    while (state >= (this.#firstOfLength[length + 1] ?? Number.POSITIVE_INFINITY)) length += 1;
    return length;
  }

  #step(from: number, char: number): number {
    let state = from;
    for (;;) {
      const next = this.#edges.get(state, char);
      if (next !== -1) return next;
      if (state === 0) return 0;
      state = this.#fallback[state] ?? 0;
    }
  }

  /** Adds all patterns by one character each time, so that states are numbered by their depth: a fallback leads to a lower one. */
  #addAll(patterns: readonly string[]): void {
    let states = 1;
    for (const pattern of patterns) {
      this.#starts[startSlot(pattern.charCodeAt(0), pattern.charCodeAt(1), pattern.charCodeAt(2))] = 1;
    }
    let growing = patterns.map((pattern) => ({ pattern, state: 0 }));
    for (let depth = 0; growing.length > 0; depth += 1) {
      const known = states;
      this.#firstOfLength.push(known);
      growing = growing.filter(({ pattern }) => pattern.length > depth);
      for (const one of growing) {
        const char = one.pattern.charCodeAt(depth);
        let next = this.#edges.get(one.state, char);
        if (next === -1) {
          next = states++;
          this.#edges.set(one.state, char, next);
          if (depth > 0) this.#fallback[next] = this.#step(this.#fallback[one.state] ?? 0, char);
        }
        one.state = next;
        if (one.pattern.length === depth + 1) this.#matched[next] = depth + 1;
      }
      for (let state = known; state < states; state += 1) {
        if (this.#matched[state] === 0) this.#matched[state] = this.#matched[this.#fallback[state] ?? 0] ?? 0;
      }
    }
  }
}

const startLength = 3;
const startBits = 15;
const startSlots = 2 ** startBits;
const startSlot = (first: number, second: number, third: number): number =>
  (first ^ Math.imul(second, 0x9e5) ^ Math.imul(third, 0x1f123)) & (startSlots - 1);

/** Ends come in ascending order; a later match may begin before earlier ones. */
export function addSpan(spans: number[], start: number, end: number): void {
  let from = start;
  while (spans.length > 0 && from < (spans.at(-1) ?? 0)) {
    spans.pop();
    from = Math.min(from, spans.pop() ?? from);
  }
  spans.push(from, end);
}

/** Spans in any order as `find` gives them. */
export function mergeSpans(spans: readonly number[]): number[] {
  const pairs: [number, number][] = [];
  for (let at = 0; at < spans.length; at += 2) pairs.push([spans[at] ?? 0, spans[at + 1] ?? 0]);
  pairs.sort((a, b) => a[1] - b[1]);
  const merged: number[] = [];
  for (const [start, end] of pairs) addSpan(merged, start, end);
  return merged;
}

/** `(state, character) → state` with open addressing. */
class EdgeTable {
  readonly #states: Int32Array;
  readonly #chars: Uint16Array;
  readonly #targets: Int32Array;
  readonly #shift: number;
  /** Whoever chooses the patterns must not be able to choose the places too. */
  readonly #seed = Math.trunc(Math.random() * 2 ** 32) | 1;

  constructor(edges: number) {
    const bits = Math.max(4, Math.ceil(Math.log2(2 * edges + 1)));
    this.#states = new Int32Array(2 ** bits).fill(-1);
    this.#chars = new Uint16Array(2 ** bits);
    this.#targets = new Int32Array(2 ** bits);
    this.#shift = 32 - bits;
  }

  get(state: number, char: number): number {
    const at = this.#find(state, char);
    return this.#states[at] === -1 ? -1 : (this.#targets[at] ?? -1);
  }

  set(state: number, char: number, target: number): void {
    const at = this.#find(state, char);
    this.#states[at] = state;
    this.#chars[at] = char;
    this.#targets[at] = target;
  }

  #find(state: number, char: number): number {
    const hash = Math.imul(Math.imul(state, 0x9e3779b1) ^ (char + this.#seed), 0x85ebca6b);
    let at = Math.imul(hash ^ (hash >>> 15), this.#seed) >>> this.#shift;
    const last = this.#states.length - 1;
    while (this.#states[at] !== -1 && (this.#states[at] !== state || this.#chars[at] !== char)) at = (at + 1) & last;
    return at;
  }
}
