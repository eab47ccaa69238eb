/** Stand for "any run" and "any one character" among the characters of a pattern. */
export const RUN = -1;
export const ONE = -2;

/**
 * A pattern's places as bits of 32-bit words, and which of them a character leads on from: one pass over the text, at
 * pattern length ÷ 32 operations a character, whatever stands in it. For texts that are made to make the usual search,
 * which is faster on others, go back again and again.
 */
export function compileBits(pattern: readonly number[]): (text: string) => boolean {
  const places = pattern.filter((code) => code !== RUN);
  const words = (places.length >> 5) + 1;
  const rests = new Int32Array(words);
  let at = 0;
  for (const code of pattern) {
    if (code === RUN) setBit(rests, at);
    else at += 1;
  }
  const any = maskOf(places, (code) => code === ONE, words);
  const masks = new Map<number, Int32Array>();
  for (const code of new Set(places)) {
    if (code !== ONE)
      masks.set(
        code,
        maskOf(places, (one) => one === code || one === ONE, words),
      );
  }
  return (text) => {
    const state = new Int32Array(words);
    setBit(state, 0);
    let lastCode = -1;
    let mask = any;
    for (let index = 0; index < text.length; index += 1) {
      let code = text.charCodeAt(index);
      if (code >= 0xd800 && code <= 0xdbff) {
        code = text.codePointAt(index) ?? code;
        if (code > 0xffff) index += 1;
      }
      if (code !== lastCode) {
        lastCode = code;
        mask = masks.get(code) ?? any;
      }
      let carry = 0;
      let isAlive = 0;
      for (let word = 0; word < words; word += 1) {
        const here = state[word] ?? 0;
        const taken = here & (mask[word] ?? 0);
        const next = (taken << 1) | carry | (here & (rests[word] ?? 0));
        carry = taken >>> 31;
        state[word] = next;
        isAlive |= next;
      }
      if (isAlive === 0) return false;
    }
    return hasBit(state, places.length);
  };
}

function maskOf(places: readonly number[], isTaken: (code: number) => boolean, words: number): Int32Array {
  const mask = new Int32Array(words);
  for (const [at, code] of places.entries()) if (isTaken(code)) setBit(mask, at);
  return mask;
}

const setBit = (bits: Int32Array, at: number): void => {
  bits[at >> 5] = (bits[at >> 5] ?? 0) | (1 << (at & 31));
};
const hasBit = (bits: Int32Array, at: number): boolean => (((bits[at >> 5] ?? 0) >>> (at & 31)) & 1) === 1;
