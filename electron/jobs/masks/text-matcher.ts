/**
 * Finds many texts at once in time linear in the text that is searched (Aho and Corasick, 1975), however many there are
 * and whatever they share: a job chooses what it writes and what it adds to its masks, and must not be able to choose what
 * either costs. Edges stand in one hash table of numbers; 90,000 states, a private key in all its forms, take 2 MB.
 */
export class TextMatcher {
  readonly longest: number;
  /** Characters of all patterns together: what building cost. */
  readonly size: number;
  readonly #edges: EdgeTable;
  /** By state: where to go on when no edge fits. */
  readonly #fallback: Int32Array;
  /** By state: length of the longest pattern that ends there; 0: none does. */
  readonly #matched: Int32Array;
  /** Whether a pattern begins with these two characters of ASCII: most of a text goes no further than this. */
  readonly #starts = new Uint8Array(128 * 128);

  constructor(patterns: readonly string[]) {
    this.longest = patterns.reduce((longest, { length }) => Math.max(longest, length), 0);
    this.size = patterns.reduce((size, { length }) => size + length, 0);
    this.#edges = new EdgeTable(this.size);
    this.#matched = new Int32Array(this.size + 1);
    this.#fallback = new Int32Array(this.size + 1);
    this.#addAll(patterns);
  }

  /** The places of all matches, those that overlap taken together: `[start, end, start, end, …]`, ascending. */
  find(text: string): number[] {
    const spans: number[] = [];
    const starts = this.#starts;
    let state = 0;
    for (let index = 0; index < text.length; index += 1) {
      const char = text.charCodeAt(index);
      if (state === 0 && char < 128) {
        const next = text.charCodeAt(index + 1);
        if (next < 128 && starts[char * 128 + next] === 0) continue;
      }
      state = this.#step(state, char);
      const length = this.#matched[state] ?? 0;
      if (length > 0) addSpan(spans, index + 1 - length, index + 1);
    }
    return spans;
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

  #noteStart(pattern: string): void {
    const [first, second] = [pattern.charCodeAt(0), pattern.charCodeAt(1)];
    if (pattern.length === 1 && first < 128) this.#starts.fill(1, first * 128, (first + 1) * 128);
    else if (first < 128 && second < 128) this.#starts[first * 128 + second] = 1;
  }

  /** Adds all patterns by one character each time, so that states are numbered by their depth: a fallback leads to a lower one. */
  #addAll(patterns: readonly string[]): void {
    let states = 1;
    for (const pattern of patterns) this.#noteStart(pattern);
    let growing = patterns.map((pattern) => ({ pattern, state: 0 }));
    for (let depth = 0; growing.length > 0; depth += 1) {
      const known = states;
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

/** Ends come in ascending order; a later match may begin before earlier ones. */
export function addSpan(spans: number[], start: number, end: number): void {
  let from = start;
  while (spans.length > 0 && from < (spans.at(-1) ?? 0)) {
    spans.pop();
    from = Math.min(from, spans.pop() ?? from);
  }
  spans.push(from, end);
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
