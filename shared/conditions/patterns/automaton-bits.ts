/** What a node lets through, for each class of unit: its edge to the next node and its loop. */
export interface BitNode {
  jumps: readonly number[];
  takesEdge(unitClass: number): boolean;
  takesLoop(unitClass: number): boolean;
}

/**
 * The nodes of an automaton as bits of 32-bit words: one unit of text costs the number of nodes ÷ 32, whatever came
 * before it. For texts that lead to ever new sets of nodes, each of which would have to be made first.
 */
export function createBitRun(nodes: readonly BitNode[]) {
  const words = (nodes.length >> 5) + 1;
  const bitsOf = (has: (node: BitNode) => boolean): Int32Array => {
    const bits = new Int32Array(words);
    for (const [at, node] of nodes.entries()) if (has(node)) setBit(bits, at);
    return bits;
  };
  const jumpsByOne = bitsOf(({ jumps }) => jumps.includes(1));
  const jumpsByTwo = bitsOf(({ jumps }) => jumps.includes(2));
  const byClass: { edges: Int32Array; loops: Int32Array }[] = [];
  const maskOf = (unitClass: number): { edges: Int32Array; loops: Int32Array } => {
    const known = byClass[unitClass];
    if (known !== undefined) return known;
    const made = {
      edges: bitsOf((node) => node.takesEdge(unitClass)),
      loops: bitsOf((node) => node.takesLoop(unitClass)),
    };
    byClass[unitClass] = made;
    return made;
  };

  /** The nodes that are reached from `start`; `classAt` gives the class of each unit of the text, up to `length`. */
  return (start: readonly number[], classAt: (at: number) => number, from: number, length: number): number[] => {
    const state = new Int32Array(words);
    for (const at of start) setBit(state, at);
    for (let at = from; at < length; at += 1) {
      const { edges, loops } = maskOf(classAt(at));
      let carry = 0;
      let jumped = 0;
      let isAlive = 0;
      for (let word = 0; word < words; word += 1) {
        const here = state[word] ?? 0;
        const taken = here & (edges[word] ?? 0);
        let next = (taken << 1) | carry | jumped | (here & (loops[word] ?? 0));
        carry = taken >>> 31;
        // Jumps lead forward only, by one or two nodes, and may follow each other.
        const one = jumpsByOne[word] ?? 0;
        const two = jumpsByTwo[word] ?? 0;
        for (let before = 0; before !== next; ) {
          before = next;
          next |= ((next & one) << 1) | ((next & two) << 2);
        }
        jumped = ((next & one) >>> 31) | ((next & two) >>> 30);
        state[word] = next;
        isAlive |= next;
      }
      if (isAlive === 0) return [];
    }
    return nodes.flatMap((_, at) => (((state[at >> 5] ?? 0) >>> (at & 31)) & 1 ? [at] : []));
  };
}

const setBit = (bits: Int32Array, at: number): void => {
  bits[at >> 5] = (bits[at >> 5] ?? 0) | (1 << (at & 31));
};
