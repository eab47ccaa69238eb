import { compileBits, ONE, RUN } from './wildcard-bits.ts';

/**
 * Wildcards over one string: `*` any run of characters, `?` one character (a whole code point). No escapes, no classes.
 * On a mismatch only the last `*` is retried, one character further on, which is enough because an earlier `*` could not
 * reach a place that the later one cannot. A text that makes this go back too often is searched with bits instead.
 * `onStep` counts the work, for tests of hostile patterns.
 */
export function compileWildcard(pattern: string, onStep?: () => void): (text: string) => boolean {
  const star = pattern.indexOf('*');
  if (!pattern.includes('?')) {
    if (star === -1) return (text) => text === pattern;
    if (star === pattern.length - 1) {
      const head = pattern.slice(0, -1);
      return (text) => text.startsWith(head);
    }
    if (star === 0 && pattern.indexOf('*', 1) === -1) {
      const tail = pattern.slice(1);
      return (text) => text.endsWith(tail);
    }
  }
  return compileCodes(wildcardCodes(pattern), onStep);
}

/**
 * SQL's LIKE over the whole text: `%` any run of characters, `_` one, and a backslash before either or before another
 * backslash takes that character as it is.
 */
export function compileLike(pattern: string): (text: string) => boolean {
  const codes: number[] = [];
  const characters = Array.from(pattern);
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    const next = characters[at + 1] ?? '';
    if (character === '\\' && (next === '%' || next === '_' || next === '\\')) {
      codes.push(codeOf(next));
      at += 1;
    } else codes.push(character === '%' ? RUN : character === '_' ? ONE : codeOf(character));
  }
  if (!codes.includes(RUN) && !codes.includes(ONE)) {
    const literal = String.fromCodePoint(...codes);
    return (text) => text === literal;
  }
  return compileCodes(codes);
}

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;

const wildcardCodes = (pattern: string): number[] =>
  Array.from(pattern, (character) => (character === '*' ? RUN : character === '?' ? ONE : codeOf(character)));

/** The usual search takes a step a character, and a few more; beyond this the one that never goes back takes over. */
const stepsPerCharacter = 2;
const stepsBesides = 4096;

function compileCodes(pattern: readonly number[], onStep?: () => void): (text: string) => boolean {
  let withBits: ((text: string) => boolean) | null = null;
  return (text) => {
    const found = matchCodes(pattern, text, onStep);
    if (found !== null) return found;
    withBits ??= compileBits(pattern);
    return withBits(text);
  };
}

/** Null when it takes too long. */
function matchCodes(pattern: readonly number[], text: string, onStep?: () => void): boolean | null {
  let p = 0;
  let t = 0;
  let starAt = -1;
  let starText = 0;
  let left = stepsPerCharacter * text.length + stepsBesides;
  while (t < text.length) {
    onStep?.();
    left -= 1;
    if (left < 0) return null;
    const wanted = pattern[p];
    if (wanted === RUN) {
      starAt = p;
      starText = t;
      p += 1;
      continue;
    }
    const code = text.codePointAt(t) ?? 0;
    if (wanted === ONE || wanted === code) {
      p += 1;
      t += code > 0xffff ? 2 : 1;
    } else if (starAt !== -1) {
      p = starAt + 1;
      starText += (text.codePointAt(starText) ?? 0) > 0xffff ? 2 : 1;
      t = starText;
    } else {
      return false;
    }
  }
  while (p < pattern.length && pattern[p] === RUN) p += 1;
  return p === pattern.length;
}
