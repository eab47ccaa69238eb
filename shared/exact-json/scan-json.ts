const quote = 0x22;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;
const backslash = 0x5c;

/** What a double always prints back as it was written: so many digits and no exponent. */
const safeDigits = 15;
/** From here on a fraction may start with so many zeros that a double prints it with an exponent. */
const firstExponent = '0.00000'.length;

/** Where a number stands that a double does not print back digit for digit. */
export interface NumberSpan {
  start: number;
  end: number;
}

/** Null: nested more than `maxDepth` levels deep. */
export type JsonScan = readonly NumberSpan[] | null;

const none: readonly NumberSpan[] = [];

/**
 * One pass over a JSON text, without parsing it: how deep it nests, and which of its numbers a double does not print
 * back. It allocates nothing where there are none, and leaps over texts with the native search, which makes it a
 * third of the cost of `JSON.parse`. In a text that is not JSON the answer means nothing, but is given in linear time.
 */
export function scanJson(text: string, maxDepth = Number.POSITIVE_INFINITY): JsonScan {
  let spans: NumberSpan[] | null = null;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) {
      i = endOfText(text, i);
    } else if (code === minus || (code >= zero && code <= nine)) {
      const end = endOfNumber(text, i);
      if (isUnusual(text, i, end)) {
        spans ??= [];
        spans.push({ start: i, end });
      }
      i = end - 1;
    } else if (code === 0x7b || code === 0x5b) {
      depth++;
      if (depth > maxDepth) return null;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return spans ?? none;
}

/** The closing quote, or the end of a text that has none. */
function endOfText(text: string, start: number): number {
  let from = start + 1;
  for (;;) {
    const end = text.indexOf('"', from);
    if (end === -1) return text.length;
    if (text.charCodeAt(end - 1) !== backslash) return end;
    // Counted from `from`: what is before it has been paired already, so a long run of backslashes is read once.
    let first = end - 1;
    while (first > from && text.charCodeAt(first - 1) === backslash) first--;
    if ((end - first) % 2 === 0) return end;
    from = end + 1;
  }
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    const belongs = (code >= zero && code <= nine) || code === dot || code === minus || code === 0x2b;
    if (!belongs && code !== 0x65 && code !== 0x45) break;
  }
  return end;
}

/** Most numbers are told by their length alone; the rest is printed and compared. */
function isUnusual(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  const length = end - start;
  if (length <= safeDigits && first !== minus) {
    let hasDot = false;
    let isPlain = true;
    for (let i = start; i < end; i++) {
      const code = text.charCodeAt(i);
      if (code === dot) hasDot = true;
      else if (code > nine || code < zero) isPlain = false;
    }
    if (isPlain && !hasDot) return false;
    if (isPlain && text.charCodeAt(end - 1) !== zero && (first !== zero || length <= firstExponent)) return false;
  }
  const digits = text.slice(start, end);
  return String(Number(digits)) !== digits;
}
