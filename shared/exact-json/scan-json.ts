const quote = 0x22;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;
const backslash = 0x5c;

/** A number of so many characters, from 1 up and without a zero at its end, a double always prints back as it was written. */
const safeLength = 15;
/** Further into a text the native search is faster than a loop. */
const nearby = 16;

/** Where a number stands that a double does not print back digit for digit. */
export interface NumberSpan {
  start: number;
  end: number;
}

/** Null: nested more than `maxDepth` levels deep. */
export type JsonScan = readonly NumberSpan[] | null;

const none: readonly NumberSpan[] = [];

/**
 * A number with a point or an exponent, a long one or a negative zero, after what stands before a value: all that
 * `scanJson` could find. The colons of a time do not count, and it costs a third of a scan.
 */
const mayBeUnusual = /[,[\s:](?<!\d:)(?:-?\d+[.eE]|-0|-?\d{16})/;

/** The numbers of a JSON text that a double does not print back. */
export function findUnusualNumbers(text: string): readonly NumberSpan[] {
  const isNumber = text.charCodeAt(0) <= nine && text.charCodeAt(0) >= minus;
  return isNumber || mayBeUnusual.test(text) ? (scanJson(text) ?? none) : none;
}

/**
 * One pass over a JSON text, without parsing it: how deep it nests, and which of its numbers a double does not print
 * back. It allocates nothing where there are none. In a text that is not JSON the answer means nothing, but is given in
 * linear time.
 */
export function scanJson(text: string, maxDepth = Number.POSITIVE_INFINITY): JsonScan {
  let spans: NumberSpan[] | null = null;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) {
      i = endOfText(text, i + 1);
    } else if (code <= nine && (code >= zero || code === minus)) {
      let end = i + 1;
      let next = text.charCodeAt(end);
      while (next >= zero && next <= nine) next = text.charCodeAt(++end);
      let isUsual = next !== dot && end - i <= safeLength && code !== minus;
      if (next === dot && code > zero) {
        next = text.charCodeAt(++end);
        while (next >= zero && next <= nine) next = text.charCodeAt(++end);
        isUsual = end - i <= safeLength && text.charCodeAt(end - 1) > zero;
      }
      if (!isUsual || next === 0x65 || next === 0x45) {
        end = endOfNumber(text, end);
        const digits = text.slice(i, end);
        if (String(Number(digits)) !== digits) {
          spans ??= [];
          spans.push({ start: i, end });
        }
      }
      i = end - 1;
    } else if (code === 0x7b || code === 0x5b) {
      depth++;
      if (depth > maxDepth) return null;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return spans ?? none;
}

/** The closing quote of the text that starts at `start`, or the end of all where there is none. */
function endOfText(text: string, start: number): number {
  const near = Math.min(text.length, start + nearby);
  let at = start;
  while (at < near) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    at += code === backslash ? 2 : 1;
  }
  for (;;) {
    const end = text.indexOf('"', at);
    if (end === -1) return text.length;
    // Back to `at` only: what is before it has been paired already, so a long run of backslashes is read once.
    let first = end;
    while (first > at && text.charCodeAt(first - 1) === backslash) first--;
    if ((end - first) % 2 === 0) return end;
    at = end + 1;
  }
}

function endOfNumber(text: string, start: number): number {
  let end = start;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    const belongs = (code >= zero && code <= nine) || code === dot || code === minus || code === 0x2b;
    if (!belongs && code !== 0x65 && code !== 0x45) break;
  }
  return end;
}
