import { isUtf8 } from 'node:buffer';
import type { Json } from '../../../shared/contract/common.ts';
import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';
import { maxJsonDepth } from '../../../shared/contract/json-value.ts';
import { errorText } from '../../../shared/error-text.ts';
import { isExactNumber } from '../../../shared/exact-json/exact-number.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { scanJson } from '../../../shared/exact-json/scan-json.ts';
import { repairSurrogates } from './json-surrogates.ts';

/** `text` is what `value` was parsed from: as given, or repaired where there is a note. */
export type ParsedJson =
  | { ok: true; value: Json; text: string; notes?: readonly DeliveryNote[] | undefined }
  | { ok: false; message: string };

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
  const repair = repairSurrogates(text);
  try {
    if (repair === null) return { ok: true, value: parseExact(text, scan), text };
    const { count, keptApart } = repair;
    const times = count === 1 ? 'once' : `${count} times`;
    const apart =
      keptApart === 0
        ? ''
        : ' Names that would become equal have the code of the half behind it, so that no value is lost.';
    const message = `${what} has half a surrogate pair (an escape from \\ud800 to \\udfff) ${times}; it was read as U+FFFD.${apart}`;
    const notes = [{ code: 'surrogate_repaired', message }];
    return { ok: true, value: parseExact(repair.text), text: repair.text, notes };
  } catch (error) {
    return { ok: false, message: `is not valid JSON: ${errorText(error)}` };
  }
}

/** Programs in C send the zero that ends their text, and files that were joined have several byte order marks. */
function withoutPadding(text: string): string {
  let start = 0;
  let end = text.length;
  while (text[start] === '\ufeff') start++;
  while (end > start && /[\0\s]/.test(text[end - 1] ?? '')) end--;
  return text.slice(start, end);
}

/** A document with byte order marks before it or zeros behind, which are left out where it is JSON then. */
export function parsePaddedJson(text: string): { parsed: ParsedJson; isTrimmed: boolean } {
  const parsed = parseJson(text);
  const trimmed = parsed.ok ? text : withoutPadding(text);
  if (trimmed.length === text.length) return { parsed, isTrimmed: false };
  const again = parseJson(trimmed);
  return again.ok ? { parsed: again, isTrimmed: true } : { parsed, isTrimmed: false };
}

/** Text of UTF-8 bytes without a byte order mark, or null when they are not UTF-8. */
export function decodeUtf8(bytes: Buffer): string | null {
  if (!isUtf8(bytes)) return null;
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return bytes.toString('utf8', start);
}
