/**
 * Wildcards over one string: `*` any run of characters, `?` one character (a whole code point). No escapes, no classes.
 * Cost is at most pattern length × text length: on a mismatch only the last `*` is retried, one character further on,
 * which is enough because an earlier `*` could not reach a place that the later one cannot.
 */
export function compileWildcard(pattern: string): (text: string) => boolean {
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
  const codes = wildcardCodes(pattern);
  return (text) => matchCodes(codes, text);
}

/**
 * SQL's LIKE over the whole text: `%` any run of characters, `_` one, and a backslash before either or before another
 * backslash takes that character as it is.
 */
export function compileLike(pattern: string): (text: string) => boolean {
  const codes: number[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? '';
    const next = pattern[at + 1] ?? '';
    if (character === '\\' && (next === '%' || next === '_' || next === '\\')) {
      codes.push(next.charCodeAt(0));
      at += 1;
    } else codes.push(character === '%' ? RUN : character === '_' ? ONE : pattern.charCodeAt(at));
  }
  if (!codes.includes(RUN) && !codes.includes(ONE)) {
    const literal = String.fromCharCode(...codes);
    return (text) => text === literal;
  }
  return (text) => matchCodes(codes, text);
}

/** Stand for `*` and `?` among UTF-16 units. */
const RUN = -1;
const ONE = -2;

/** `onStep` is for tests that count the work instead of timing it. */
export function matchWildcard(pattern: string, text: string, onStep?: () => void): boolean {
  return matchCodes(wildcardCodes(pattern), text, onStep);
}

const wildcardCodes = (pattern: string): number[] =>
  Array.from({ length: pattern.length }, (_, at) =>
    pattern[at] === '*' ? RUN : pattern[at] === '?' ? ONE : pattern.charCodeAt(at),
  );

function matchCodes(pattern: readonly number[], text: string, onStep?: () => void): boolean {
  let p = 0;
  let t = 0;
  let starAt = -1;
  let starText = 0;
  while (t < text.length) {
    onStep?.();
    const wanted = pattern[p];
    if (wanted === RUN) {
      starAt = p;
      starText = t;
      p += 1;
    } else if (wanted === ONE) {
      p += 1;
      t += characterLength(text, t);
    } else if (wanted === text.charCodeAt(t)) {
      p += 1;
      t += 1;
    } else if (starAt !== -1) {
      p = starAt + 1;
      starText += characterLength(text, starText);
      t = starText;
    } else {
      return false;
    }
  }
  while (p < pattern.length && pattern[p] === RUN) p += 1;
  return p === pattern.length;
}

function characterLength(text: string, at: number): 1 | 2 {
  const code = text.charCodeAt(at);
  if (code < 0xd800 || code > 0xdbff) return 1;
  const next = text.charCodeAt(at + 1);
  return next >= 0xdc00 && next <= 0xdfff ? 2 : 1;
}
