import { createBitRun } from './automaton-bits.ts';

/** What one edge or loop of the automaton takes: a UTF-16 unit, or one of these. */
const NOT_SEPARATOR = -1;
const SEPARATOR = -2;
const ANYTHING = -3;

interface Node {
  /** Taken to get to the node after this one; null: there is no such edge. */
  edge: number | null;
  /** Taken as often as there is; null: nothing. */
  loop: number | null;
  /** How many nodes further on one may be without taking anything. */
  jumps: number[];
  accepts: boolean;
}

/** Builds an automaton from left to right; each call adds what comes next in the text. */
export interface Nfa {
  readonly nodes: readonly Node[];
  readonly separator: number;
  /** Units that no wildcard takes, beside the separator within a segment. */
  readonly excluded: readonly number[];
  unit(code: number): void;
  /** One unit within the segment. */
  anyUnit(): void;
  /** Any number of units within the segment. */
  anyUnits(): void;
  separators(): void;
  separatorsOrNone(): void;
  /** Nothing, or anything that ends in a separator. */
  wholeSegments(): void;
  anything(): void;
  /** The end of the text, or a separator and then anything. */
  endOrSeparatorAndAnything(): void;
}

export function newNfa(separator: string, excluded: readonly number[] = []): Nfa {
  const newNode = (loop: number | null = null): Node => ({ edge: null, loop, jumps: [], accepts: false });
  let current = newNode();
  const nodes: Node[] = [current];
  const take = (what: number, loop: number | null = null): void => {
    current.edge = what;
    current = newNode(loop);
    nodes.push(current);
  };
  // A loop has a node of its own: two on one node would take their texts in any order.
  const repeat = (what: number): void => {
    current.jumps.push(1);
    current = newNode(what);
    nodes.push(current);
  };
  return {
    nodes,
    separator: separator.charCodeAt(0),
    excluded,
    unit: (code) => take(code),
    anyUnit: () => take(NOT_SEPARATOR),
    anyUnits() {
      if (current.loop !== NOT_SEPARATOR) repeat(NOT_SEPARATOR);
    },
    separators: () => take(SEPARATOR, SEPARATOR),
    separatorsOrNone: () => repeat(SEPARATOR),
    wholeSegments() {
      current.jumps.push(2);
      repeat(ANYTHING);
      take(SEPARATOR);
    },
    anything: () => repeat(ANYTHING),
    endOrSeparatorAndAnything() {
      current.accepts = true;
      take(SEPARATOR, ANYTHING);
    },
  };
}

/** Where a text has led so far. */
export interface AutomatonState {
  /** Whether the text may end here. */
  readonly accepts: boolean;
  /** Whether nothing that could follow would be taken. */
  readonly isDead: boolean;
}

export interface Automaton {
  readonly start: AutomatonState;
  readonly takesAll: boolean;
  step(state: AutomatonState, text: string): AutomatonState;
  matches(text: string): boolean;
}

class State implements AutomatonState {
  readonly nodes: readonly number[];
  readonly accepts: boolean;
  readonly isDead: boolean;
  /** By class of unit, filled as texts come by. */
  next: (State | undefined)[] = [];

  constructor(nodes: readonly number[], accepts: boolean) {
    this.nodes = nodes;
    this.accepts = accepts;
    this.isDead = nodes.length === 0;
  }
}

/**
 * Sets of nodes are many for a few patterns, so they are made when a text leads there, and thrown away when too many
 * are kept. One unit of text costs one look-up, or the number of nodes when the set is new; a text that leads to ever new
 * ones is read to its end with bits.
 */
const MAX_KEPT_STATES = 256;
const MAX_NEW_STATES = 512;
const ASCII = 128;

/** The last node of the automaton accepts. */
export function createAutomaton({ nodes, separator, excluded }: Nfa): Automaton {
  const { classOf, asciiClasses, unitOfClass } = classesOf(nodes, separator, excluded);
  const last = nodes.length - 1;
  const kept = new Map<string, State>();

  function stateOf(reached: Iterable<number>): State {
    const members = new Set(reached);
    // A jump only leads forward, and a Set also walks what is added on the way.
    for (const at of members) for (const jump of nodes[at]?.jumps ?? []) members.add(at + jump);
    const list = [...members].sort((a, b) => a - b);
    const key = list.join();
    const known = kept.get(key);
    if (known !== undefined) return known;
    if (kept.size >= MAX_KEPT_STATES) {
      // Cut apart, or a state that someone holds on to would keep all the others.
      for (const old of kept.values()) old.next = [];
      kept.clear();
    }
    const state = new State(
      list,
      list.some((at) => at === last || nodes[at]?.accepts === true),
    );
    kept.set(key, state);
    return state;
  }

  function takes(what: number | null, unitClass: number): boolean {
    const unit = unitOfClass[unitClass] ?? null;
    const isWild = unit === null || !excluded.includes(unit);
    if (what === ANYTHING) return isWild;
    if (what === NOT_SEPARATOR) return isWild && unit !== separator;
    return what !== null && unit === (what === SEPARATOR ? separator : what);
  }

  function follow(state: State, unitClass: number): State {
    const reached: number[] = [];
    for (const at of state.nodes) {
      const node = nodes[at];
      if (node === undefined) continue;
      if (takes(node.loop, unitClass)) reached.push(at);
      if (takes(node.edge, unitClass)) reached.push(at + 1);
    }
    const next = stateOf(reached);
    state.next[unitClass] = next;
    return next;
  }

  let runBits: ReturnType<typeof createBitRun> | null = null;
  const bitRun = (): ReturnType<typeof createBitRun> => {
    runBits ??= createBitRun(
      nodes.map(({ edge, loop, jumps }) => ({
        jumps,
        takesEdge: (unitClass) => takes(edge, unitClass),
        takesLoop: (unitClass) => takes(loop, unitClass),
      })),
    );
    return runBits;
  };

  function run(from: State, text: string): State {
    const classAt = (at: number): number => {
      const unit = text.charCodeAt(at);
      return unit < ASCII ? (asciiClasses[unit] ?? 0) : classOf(unit);
    };
    let state = from;
    let made = 0;
    for (let at = 0; at < text.length && !state.isDead; at += 1) {
      const unitClass = classAt(at);
      const known = state.next[unitClass];
      if (known !== undefined) {
        state = known;
        continue;
      }
      if (made === MAX_NEW_STATES) return stateOf(bitRun()(state.nodes, classAt, at, text.length));
      made += 1;
      state = follow(state, unitClass);
    }
    return state;
  }

  const start = stateOf([0]);
  const takesAll =
    nodes.length === 2 && nodes[0]?.edge === null && nodes[1]?.loop === ANYTHING && excluded.length === 0;
  return {
    start,
    takesAll,
    // States come from here only; those of another automaton have another class and start anew.
    step: (state, text) => run(state instanceof State ? state : start, text),
    matches: (text) => run(start, text).accepts,
  };
}

/** Units that no edge names are told apart only by being separators or not. */
function classesOf(
  nodes: readonly Node[],
  separator: number,
  excluded: readonly number[],
): { classOf(unit: number): number; asciiClasses: Uint16Array; unitOfClass: (number | null)[] } {
  const classes = new Map<number, number>([[separator, 1]]);
  const unitOfClass: (number | null)[] = [null, separator];
  for (const unit of [...nodes.map(({ edge }) => edge), ...excluded]) {
    if (unit === null || unit < 0 || classes.has(unit)) continue;
    classes.set(unit, unitOfClass.length);
    unitOfClass.push(unit);
  }
  const asciiClasses = new Uint16Array(ASCII);
  for (const [unit, unitClass] of classes) if (unit < ASCII) asciiClasses[unit] = unitClass;
  return { classOf: (unit) => classes.get(unit) ?? 0, asciiClasses, unitOfClass };
}
