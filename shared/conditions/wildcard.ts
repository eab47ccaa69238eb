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
  return (text) => matchWildcard(pattern, text);
}

const STAR = 42;
const QUESTION = 63;

/** `onStep` is for tests that count the work instead of timing it. */
export function matchWildcard(pattern: string, text: string, onStep?: () => void): boolean {
  let p = 0;
  let t = 0;
  let starAt = -1;
  let starText = 0;
  while (t < text.length) {
    onStep?.();
    const wanted = p < pattern.length ? pattern.charCodeAt(p) : -1;
    if (wanted === STAR) {
      starAt = p;
      starText = t;
      p += 1;
    } else if (wanted === QUESTION) {
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
  while (p < pattern.length && pattern.charCodeAt(p) === STAR) p += 1;
  return p === pattern.length;
}

function characterLength(text: string, at: number): 1 | 2 {
  const code = text.charCodeAt(at);
  if (code < 0xd800 || code > 0xdbff) return 1;
  const next = text.charCodeAt(at + 1);
  return next >= 0xdc00 && next <= 0xdfff ? 2 : 1;
}
