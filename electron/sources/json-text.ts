import { isUtf8 } from 'node:buffer';
import type { Json } from '../../shared/contract/common.ts';

/** Deeper documents overflow the stack of whatever walks them next (`JSON.stringify` at about 8,000 levels). */
export const maxDepth = 64;

export type ParsedJson = { ok: true; value: Json } | { ok: false; message: string };

const quote = 0x22;
const backslash = 0x5c;

/** Counts brackets without parsing, so that a hostile document costs no memory before it is refused. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) {
      for (i++; i < text.length; i++) {
        const inner = text.charCodeAt(i);
        if (inner === quote) break;
        if (inner === backslash) i++;
      }
    } else if (code === 0x7b || code === 0x5b) {
      depth++;
      if (depth > maxDepth) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

/** With the `u` flag a surrogate matches only where it stands alone. */
const loneSurrogate = /\p{Surrogate}/u;

function hasLoneSurrogate(value: Json): boolean {
  if (typeof value === 'string') return loneSurrogate.test(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasLoneSurrogate);
  return Object.entries(value).some(([name, inner]) => loneSurrogate.test(name) || hasLoneSurrogate(inner));
}

/** Whether objects and lists are nested more than `levels` deep; never recurses further than that. */
export function isDeeperThan(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
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

/** A JSON document from outside. `message` fits after "the body" and says what is wrong with it. */
export function parseJson(text: string): ParsedJson {
  if (isTooDeep(text)) return { ok: false, message: `is nested more than ${maxDepth} levels deep` };
  try {
    const value: Json = JSON.parse(text);
    // The text itself is well formed, so only an escape can make a lone surrogate. SQLite and UTF-8 cannot hold one.
    if (/\\u[dD]/.test(text) && hasLoneSurrogate(value)) {
      return { ok: false, message: 'holds half of a surrogate pair (\\ud800 to \\udfff), which is no character' };
    }
    return { ok: true, value };
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
