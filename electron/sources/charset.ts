import { isAscii, isUtf8 } from 'node:buffer';
import type { DeliveryNote } from '../../shared/contract/deliveries.ts';
import { decodeUtf8 } from './json-text.ts';

export interface Decoded {
  text: string;
  /** The encoding it was read in, as WHATWG names it. */
  encoding: string;
  notes: DeliveryNote[];
}

/** Bytes 0x80 to 0x9f of windows-1252. Node 23 and early 24 read them as control characters (nodejs/node#56542). */
const windows1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

const decodeWindows1252 = (bytes: Buffer): string =>
  bytes.toString('latin1').replace(/[\x80-\x9f]/g, (char) => windows1252[char.charCodeAt(0) - 0x80] ?? char);

/** Labels of senders are few; a stranger's made-up ones must not fill the memory. */
const encodings = new Map<string, string | null>();

/** The encoding that a label names (WHATWG Encoding), such as windows-1252 for `ISO-8859-1`; null for an unknown one. */
export function encodingOf(label: string): string | null {
  const known = encodings.get(label);
  if (known !== undefined) return known;
  let encoding: string | null;
  try {
    ({ encoding } = new TextDecoder(label));
  } catch {
    encoding = null;
  }
  if (encodings.size >= 200) encodings.clear();
  encodings.set(label, encoding);
  return encoding;
}

const replaced = (what: string, encoding: string): DeliveryNote => ({
  code: 'characters_replaced',
  message: `${what} has bytes that are not valid ${encoding}; each was read as U+FFFD.`,
});

/** Text in this encoding; what is not valid becomes U+FFFD, which `isExact` says. A byte order mark is dropped. */
function decodeIn(bytes: Buffer, encoding: string): { text: string; isExact: boolean } {
  if (encoding === 'windows-1252') return { text: decodeWindows1252(bytes), isExact: true };
  if (encoding === 'utf-8') {
    const text = decodeUtf8(bytes);
    if (text !== null) return { text, isExact: true };
  }
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), isExact: true };
  } catch {
    return { text: new TextDecoder(encoding).decode(bytes), isExact: false };
  }
}

/** UTF-16 by its byte order mark, or by the zeros that ASCII has in it. */
export function detectUtf16(bytes: Buffer): { encoding: 'utf-16le' | 'utf-16be'; hasMark: boolean } | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return { encoding: 'utf-16le', hasMark: true };
  if (first === 0xfe && second === 0xff) return { encoding: 'utf-16be', hasMark: true };
  if (
    first === undefined ||
    second === undefined ||
    bytes.length < 4 ||
    bytes.length % 2 === 1 ||
    (first === 0) === (second === 0)
  ) {
    return null;
  }
  const zeroAt = first === 0 ? 0 : 1;
  const end = Math.min(bytes.length, 8);
  for (let i = 0; i < end; i += 2) {
    if (bytes[i + zeroAt] !== 0 || bytes[i + 1 - zeroAt] === 0) return null;
  }
  return { encoding: zeroAt === 0 ? 'utf-16be' : 'utf-16le', hasMark: false };
}

const isUtf16 = (encoding: string): boolean => encoding === 'utf-16le' || encoding === 'utf-16be';

/**
 * Whether bytes that are not valid UTF-8 are UTF-8 with a few broken characters (a sender cut a text in the middle of
 * one) rather than text of one byte a character, where two high bytes rarely happen to be a character of UTF-8.
 */
function isBrokenUtf8(bytes: Buffer): boolean {
  let broken = 0;
  let whole = 0;
  for (const char of new TextDecoder().decode(bytes)) {
    if (char === '\ufffd') broken++;
    else if (char > '\x7f') whole++;
  }
  return whole > broken;
}

function guess(bytes: Buffer, what: string, why: (readAs: string) => DeliveryNote): Decoded {
  const utf16 = detectUtf16(bytes);
  if (utf16 !== null) {
    const { text, isExact } = decodeIn(bytes, utf16.encoding);
    const notes = utf16.hasMark ? [] : [why(utf16.encoding)];
    return {
      text,
      encoding: utf16.encoding,
      notes: isExact ? notes : [...notes, replaced(what, utf16.encoding)],
    };
  }
  const text = decodeUtf8(bytes);
  if (text !== null) return { text, encoding: 'utf-8', notes: [] };
  if (isBrokenUtf8(bytes)) {
    return { text: decodeIn(bytes, 'utf-8').text, encoding: 'utf-8', notes: [replaced(what, 'utf-8')] };
  }
  return { text: decodeWindows1252(bytes), encoding: 'windows-1252', notes: [why('windows-1252')] };
}

const unnamed =
  (what: string) =>
  (readAs: string): DeliveryNote => ({
    code: 'charset_guessed',
    message: `${what} names no charset and is not UTF-8; it was read as ${readAs}.`,
  });

/**
 * Text of a sender's bytes: in the charset that they name, where it is known; else in UTF-8 or UTF-16 where they
 * are that, else in windows-1252. `what` starts a sentence: "The body", "The field "a"". Never fails: what was assumed
 * or could not be read is in the notes.
 */
export function decodeText(bytes: Buffer, label: string | null, what: string): Decoded {
  if (label === null) return guess(bytes, what, unnamed(what));
  const encoding = encodingOf(label);
  if (encoding === null) {
    const shown = label.slice(0, 40);
    const read = guess(bytes, what, (readAs) => ({
      code: 'charset_unknown',
      message: `${what} names the charset "${shown}", which is not known; it was read as ${readAs}.`,
    }));
    if (read.notes.length > 0 || isAscii(bytes)) return read;
    const message = `${what} names the charset "${shown}", which is not known; it was read as ${read.encoding}.`;
    return { ...read, notes: [{ code: 'charset_unknown', message }] };
  }
  if (encoding === 'utf-8') {
    return guess(bytes, what, (readAs) => ({
      code: 'charset_mismatch',
      message: `${what} names the charset ${label} but is not valid in it; it was read as ${readAs}.`,
    }));
  }
  if (isUtf16(encoding)) {
    const found = detectUtf16(bytes);
    if (found === null && isUtf8(bytes) && !bytes.includes(0)) {
      const message = `${what} names the charset ${label} but is UTF-8; it was read as utf-8.`;
      return { ...guess(bytes, what, unnamed(what)), notes: [{ code: 'charset_mismatch', message }] };
    }
    const actual = found?.encoding ?? encoding;
    const { text, isExact } = decodeIn(bytes, actual);
    return { text, encoding: actual, notes: isExact ? [] : [replaced(what, actual)] };
  }
  const { text, isExact } = decodeIn(bytes, encoding);
  if (!isExact) return { text, encoding, notes: [replaced(what, encoding)] };
  if (isAscii(bytes) || !isUtf8(bytes)) return { text, encoding, notes: [] };
  const message = `${what} was read as ${encoding}, the charset that it names, but its bytes are valid UTF-8 as well.`;
  return { text, encoding, notes: [{ code: 'charset_doubtful', message }] };
}
