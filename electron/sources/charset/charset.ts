import { isAscii, isUtf8 } from 'node:buffer';
import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';
import { isPadding } from '../body/body-looks.ts';
import { decodeUtf8 } from '../body/json-text.ts';
import { isLikelyUtf8, readBrokenUtf8 } from './broken-utf8.ts';
import { decodeWithLibrary, encodingOf } from './charset-labels.ts';
import { detectWide, isWide, unitBytes, type WideEncoding } from './wide-charsets.ts';

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

const replaced = (what: string, encoding: string): DeliveryNote => ({
  code: 'characters_replaced',
  message: `${what} has bytes that are not valid ${encoding}; each was read as U+FFFD.`,
});

const joined = (what: string): DeliveryNote => ({
  code: 'surrogates_joined',
  message: `${what} has characters written as two surrogates of three bytes each (CESU-8); they were read as the characters meant.`,
});

/** Text in this encoding; what is not valid becomes U+FFFD, which `isExact` says. A byte order mark is dropped. */
function decodeIn(bytes: Buffer, encoding: string): { text: string; isExact: boolean } {
  if (encoding === 'windows-1252') return { text: decodeWindows1252(bytes), isExact: true };
  const byLibrary = decodeWithLibrary(bytes, encoding);
  if (byLibrary !== null) return { text: byLibrary, isExact: !byLibrary.includes('\ufffd') };
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), isExact: true };
  } catch {
    return { text: new TextDecoder(encoding).decode(bytes), isExact: false };
  }
}

/** Senders put a line end or zero of one byte behind text of two or four bytes a character. */
function decodeWide(bytes: Buffer, encoding: WideEncoding, what: string): Decoded {
  const restBytes = bytes.length % unitBytes(encoding);
  const rest = bytes.subarray(bytes.length - restBytes);
  const { text, isExact } = decodeIn(bytes.subarray(0, bytes.length - restBytes), encoding);
  const isBlank = isPadding(rest);
  const notes: DeliveryNote[] = [];
  if (restBytes > 0 && isBlank) {
    const message = `${what} ends with part of a character of ${encoding}, zeros or white space, which was left out.`;
    notes.push({ code: 'charset_padding', message });
  }
  if (!isExact || !isBlank) notes.push(replaced(what, encoding));
  return { text: isBlank ? text : `${text}\ufffd`, encoding, notes };
}

function guess(bytes: Buffer, what: string, leansUtf8: boolean, why: (readAs: string) => DeliveryNote): Decoded {
  const wide = detectWide(bytes);
  if (wide !== null) {
    const read = decodeWide(bytes, wide.encoding, what);
    return { ...read, notes: [...(wide.hasMark ? [] : [why(wide.encoding)]), ...read.notes] };
  }
  const text = decodeUtf8(bytes);
  if (text !== null) return { text, encoding: 'utf-8', notes: [] };
  const broken = readBrokenUtf8(bytes);
  if (isLikelyUtf8(broken, leansUtf8)) {
    const notes = broken.replaced === 0 ? [] : [replaced(what, 'utf-8')];
    if (broken.pairs > 0) notes.push(joined(what));
    return { text: decodeUtf8(broken.repaired) ?? '', encoding: 'utf-8', notes };
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
 * Text of a sender's bytes: in the charset that they name, where it is known; else in UTF-8, UTF-16 or UTF-32 where they
 * are that, else in windows-1252. `what` starts a sentence: "The body", "The field "a"". Never fails: what was assumed
 * or could not be read is in the notes. `leansUtf8` says that what it came with is UTF-8.
 */
export function decodeText(bytes: Buffer, label: string | null, what: string, leansUtf8 = false): Decoded {
  if (label === null) return guess(bytes, what, leansUtf8, unnamed(what));
  const encoding = encodingOf(label);
  if (encoding === null) {
    const shown = label.slice(0, 40);
    const read = guess(bytes, what, false, (readAs) => ({
      code: 'charset_unknown',
      message: `${what} names the charset "${shown}", which is not known; it was read as ${readAs}.`,
    }));
    if (read.notes.length > 0 || isAscii(bytes)) return read;
    const message = `${what} names the charset "${shown}", which is not known; it was read as ${read.encoding}.`;
    return { ...read, notes: [{ code: 'charset_unknown', message }] };
  }
  if (encoding === 'utf-8') {
    return guess(bytes, what, true, (readAs) => ({
      code: 'charset_mismatch',
      message: `${what} names the charset ${label} but is not valid in it; it was read as ${readAs}.`,
    }));
  }
  if (isWide(encoding)) {
    const found = detectWide(bytes);
    if (found === null && isUtf8(bytes) && !bytes.includes(0)) {
      const message = `${what} names the charset ${label} but is UTF-8; it was read as utf-8.`;
      return { ...guess(bytes, what, true, unnamed(what)), notes: [{ code: 'charset_mismatch', message }] };
    }
    return decodeWide(bytes, found?.encoding ?? encoding, what);
  }
  const { text, isExact } = decodeIn(bytes, encoding);
  if (!isExact) return { text, encoding, notes: [replaced(what, encoding)] };
  if (isAscii(bytes) || !isUtf8(bytes)) return { text, encoding, notes: [] };
  const message = `${what} was read as ${encoding}, the charset that it names, but its bytes are valid UTF-8 as well.`;
  return { text, encoding, notes: [{ code: 'charset_doubtful', message }] };
}
