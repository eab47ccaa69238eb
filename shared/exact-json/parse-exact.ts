import { type ExactNumber, exactNumber, isExactNumber, jsonNumber } from './exact-number.ts';
import { findUnusualNumbers, type NumberSpan } from './scan-json.ts';

/** Any JSON value, with numbers that a double does not print back kept as they were written. */
export type ExactJson = string | number | boolean | null | ExactNumber | ExactJson[] | { [name: string]: ExactJson };

/** A JSON object: what has names and values. */
export const isJsonRecord = (value: ExactJson | undefined): value is { [name: string]: ExactJson } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);

/** No sender can guess it, so no text of theirs can pass as a number. */
export const mark = Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');

/**
 * `JSON.parse` that loses no digits; throws the same errors. A text without unusual numbers is parsed natively as it is.
 * Else those are put in quotes behind the mark, and what comes of that is walked: the native parser stays the judge of
 * what JSON is, and treats doubled names and `__proto__` as ever. (lossless-json takes four times as long for any text,
 * refuses doubled names and answers objects without a prototype; json-bigint knows whole numbers only; the source text
 * that `JSON.parse` shows its reviver is not in Node 20.)
 *
 * `spans` may be handed in by a caller that has scanned the text.
 */
export function parseExact(text: string, spans: readonly NumberSpan[] = findUnusualNumbers(text)): ExactJson {
  if (spans.length === 0 || spans.some((span) => isNoValue(text, span))) return JSON.parse(text);
  const parts: string[] = [];
  let done = 0;
  for (const { start, end } of spans) {
    parts.push(text.slice(done, start), `"${mark}`, text.slice(start, end), '"');
    done = end;
  }
  parts.push(text.slice(done));
  let marked: ExactJson;
  try {
    marked = JSON.parse(parts.join(''));
  } catch {
    // Throws as well, but of places in the text as it was given.
    return JSON.parse(text);
  }
  return unmark(marked);
}

/** In quotes it would pass for JSON: it is no number, or stands where a name belongs. */
const isNoValue = (text: string, { start, end }: NumberSpan): boolean =>
  !jsonNumber.test(text.slice(start, end)) || isNameAt(text, end);

function isNameAt(text: string, end: number): boolean {
  let at = end;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return text[at] === ':';
}

const unmarkOne = (value: ExactJson): ExactJson =>
  typeof value === 'string' && value.startsWith(mark) ? exactNumber(value.slice(mark.length)) : value;

/** In place, and with a list of what is left instead of recursion, which a deep document would overflow. */
function unmark(root: ExactJson): ExactJson {
  const left: ExactJson[] = [root];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const [index, part] of value.entries()) {
        if (typeof part === 'string') value[index] = unmarkOne(part);
        else left.push(part);
      }
    } else if (isJsonRecord(value)) {
      for (const name of Object.keys(value)) {
        const part = value[name];
        // The name is the object's own, so that even `__proto__` is assigned as a field.
        if (typeof part === 'string') value[name] = unmarkOne(part);
        else if (part !== undefined) left.push(part);
      }
    }
  }
  return unmarkOne(root);
}
