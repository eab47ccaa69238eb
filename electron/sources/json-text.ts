import { isUtf8 } from 'node:buffer';
import type { Json } from '../../shared/contract/common.ts';
import type { DeliveryNote } from '../../shared/contract/deliveries.ts';
import { maxJsonDepth } from '../../shared/contract/json-value.ts';
import { isExactNumber } from '../../shared/exact-json/exact-number.ts';
import { parseExact } from '../../shared/exact-json/parse-exact.ts';
import { scanJson } from '../../shared/exact-json/scan-json.ts';

/** `text` is what `value` was parsed from: as given, or repaired where there is a note. */
export type ParsedJson =
  | { ok: true; value: Json; text: string; notes?: readonly DeliveryNote[] | undefined }
  | { ok: false; message: string };

/** One escape of a JSON text; both halves of a pair together. */
const escapes =
  /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u([dD][89a-fA-F][0-9a-fA-F]{2})|[\s\S])/g;

/**
 * The text with U+FFFD for each half of a surrogate pair: no character, which neither SQLite nor UTF-8 can hold. Only an
 * escape can spell one, so the rest stays letter for letter, numbers to the last digit.
 */
function repairSurrogates(text: string): { text: string; count: number } {
  let count = 0;
  const repaired = text.replace(escapes, (sent, half: string | undefined) => {
    if (half === undefined) return sent;
    count++;
    return '\\ufffd';
  });
  return { text: repaired, count };
}

/** Whether objects and lists are nested more than `levels` deep; never recurses further than that. */
export function isDeeperThan(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isExactNumber(value)) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (const inner of value) if (isDeeperThan(inner, levels - 1)) return true;
    return false;
  }
  // JSON has own properties only, so a bare for-in sees nothing else; Object.values would allocate on every level.
  for (const name in value) {
    const inner = value[name];
    if (inner !== undefined && isDeeperThan(inner, levels - 1)) return true;
  }
  return false;
}

/**
 * A JSON document from outside. `message` fits after `what` in lower case and says what is wrong with it; `what` starts
 * the sentence of a note: "The body".
 */
export function parseJson(text: string, what = 'The body'): ParsedJson {
  // Scanned before it is parsed, so that a hostile document costs no memory before it is refused.
  const scan = scanJson(text, maxJsonDepth);
  if (scan === null) return { ok: false, message: `is nested more than ${maxJsonDepth} levels deep` };
  const { text: repaired, count } = /\\u[dD][89a-fA-F]/.test(text) ? repairSurrogates(text) : { text, count: 0 };
  try {
    const value = parseExact(repaired, count === 0 ? scan : undefined);
    if (count === 0) return { ok: true, value, text };
    const times = count === 1 ? 'once' : `${count} times`;
    const message = `${what} has half a surrogate pair (an escape from \\ud800 to \\udfff) ${times}; it was read as U+FFFD.`;
    return { ok: true, value, text: repaired, notes: [{ code: 'surrogate_repaired', message }] };
  } catch (error) {
    return { ok: false, message: `is not valid JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Text of UTF-8 bytes without a byte order mark, or null when they are not UTF-8. */
export function decodeUtf8(bytes: Buffer): string | null {
  if (!isUtf8(bytes)) return null;
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return bytes.toString('utf8', start);
}
