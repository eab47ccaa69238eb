import { isUtf8 } from 'node:buffer';

/** How the bytes of an output are to be read. `oem`: the code page of the Windows console. */
export type OutputEncoding = 'utf8' | 'utf16le' | 'utf16be' | 'oem';

/** Bytes from the start of a line that are looked at. */
export const sampleBytes = 512;
/** With fewer bytes nothing can be said yet; more are waited for. */
export const minSampleBytes = 4;

const isText = (text: string): boolean => !/[^\P{C}\t\r\n\p{Cf}]|\ufffd/u.test(text.replaceAll('\u001b', ''));

/** So many bytes without a zero that make text in UTF-8 are no UTF-16 by chance. */
const decisiveBytes = 16;

const isUtf8Text = (bytes: Buffer): boolean => !bytes.includes(0) && isUtf8(bytes) && isText(bytes.toString());

/** Byte order mark → encoding and length. */
export function readByteOrderMark(bytes: Buffer): { encoding: OutputEncoding; length: number } | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf16le', length: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf16be', length: 2 };
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf8', length: 3 };
  return null;
}

/** High bytes of units whose low byte is zero in real text: U+3000, U+4E00, half of an emoji, any above U+8000. */
const hasZeroLow = (high: number): boolean => high === 0x30 || high === 0x4e || high >= 0x80;

/** The first line, or the start of it. */
function sampleOf(bytes: Buffer, low: number): Buffer {
  const sample = bytes.subarray(0, Math.min(bytes.length, sampleBytes) & ~1);
  for (let at = sample.indexOf(10); at !== -1; at = sample.indexOf(10, at + 1)) {
    if ((at & 1) === low && sample[at ^ 1] === 0) return sample.subarray(0, (at | 1) + 1);
  }
  return sample;
}

/**
 * UTF-16 without a byte order mark, as wsl.exe and wmic write it: a line in Latin letters has a zero in every other byte,
 * and a line in other letters at least in its end. Lists separated by NUL (`find -print0`) and binary files are neither:
 * their zeros are rarer, stand anywhere, or make no text.
 */
export function looksUtf16(bytes: Buffer): 'utf16le' | 'utf16be' | null {
  const firstLine = bytes.subarray(0, bytes.indexOf(10) + 1);
  if (firstLine.length > 1 && isUtf8Text(firstLine)) return null;
  return isUtf16(bytes, 'utf16le') ? 'utf16le' : isUtf16(bytes, 'utf16be') ? 'utf16be' : null;
}

function isUtf16(bytes: Buffer, encoding: 'utf16le' | 'utf16be'): boolean {
  const low = encoding === 'utf16le' ? 0 : 1;
  const sample = sampleOf(bytes, low);
  if (sample.length < minSampleBytes) return false;
  let zeros = 0;
  for (let at = 0; at < sample.length; at += 2) {
    const isHighZero = sample[at + 1 - low] === 0;
    if (isHighZero) zeros += 1;
    if (sample[at + low] === 0 && (isHighZero || !hasZeroLow(sample[at + 1 - low] ?? 0))) return false;
  }
  const hasLineEnd = sample[sample.length - 2 + low] === 10 && sample[sample.length - 4 + low] === 13;
  if (zeros < 2 || (zeros * 4 < sample.length && !hasLineEnd)) return false;
  const text = (encoding === 'utf16le' ? sample : Buffer.from(sample).swap16()).toString('utf16le');
  // A pair of surrogates may be cut at the end of the sample.
  return isText(text.replace(/[\ud800-\udbff]$/, ''));
}

/**
 * Whether what follows a line of UTF-16 is UTF-8 again, as when one program writes after another; null: more bytes are
 * needed to tell.
 */
export function isBackInUtf8(bytes: Buffer): boolean | null {
  const sample = bytes.subarray(0, sampleBytes);
  if (isUtf8Text(withoutUnfinished(sample))) {
    const isEnough = sample.length >= decisiveBytes || (sample.length >= minSampleBytes && sample.includes(10));
    return isEnough ? true : null;
  }
  // A line, and behind it perhaps UTF-16 of another program.
  const line = sample.subarray(0, sample.indexOf(10) + 1);
  return line.length >= decisiveBytes / 2 && sample[line.length] !== 0 && isUtf8Text(line);
}

/** Whether a piece of what was taken for UTF-16, in the middle of a line as it seems, is lines in UTF-8. */
export function isUtf8WithLines(bytes: Buffer): boolean {
  const whole = withoutUnfinished(bytes.subarray(0, sampleBytes));
  return whole.length >= 2 * decisiveBytes && whole.includes(10) && isUtf8Text(whole);
}

const withoutUnfinished = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length - unfinishedBytes(bytes));

/** Bytes at the end that begin a character of UTF-8 and do not finish it. */
export function unfinishedBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}
