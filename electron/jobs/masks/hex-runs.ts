/** Bytes in hex with something between them. */
export interface HexRun {
  /** The digits alone, in lower case. */
  digits: string;
  /** By two: where a group of digits stands in the text, and how many it has. */
  groups: number[];
  /** The text says that more bytes followed: `<Buffer 73 65 … 12 more bytes>`. */
  isCut: boolean;
}

/** Fewer are in every time of day. */
const minDigits = 12;
/** `xxd` writes two bytes without a separator, others up to four. */
const maxGroupDigits = 8;
const maxSeparators = 2;
const cutNote = /\s?(?:\.\.\.|…)\s?\d{1,12} more byte/y;
/** Characters that the app has to see behind the last byte to know that it was cut. */
export const maxCutNoteLength = 32;

const separator = 1;
const digit = 2;
/** By character: `73 65`, `73:65`, `73-65`, `73, 65`, and two spaces in the middle of a row. */
const classes = new Uint8Array(2 ** 16);
for (const char of ' :-._,') classes[char.charCodeAt(0)] = separator;
for (const char of '0123456789abcdefABCDEF') classes[char.charCodeAt(0)] = digit;

const classAt = (text: string, at: number): number => (at < text.length ? (classes[text.charCodeAt(at)] ?? 0) : 0);

/**
 * Bytes as dumps print them: pairs of hex digits of either case, with a separator behind each or each few, and with or
 * without `0x`. Looks at each character a fixed number of times.
 */
export function hexRuns(text: string): HexRun[] {
  const runs: HexRun[] = [];
  let searched = 0;
  let before = 0;
  for (let at = 0; at < text.length; at += 1) {
    const here = classes[text.charCodeAt(at)] ?? 0;
    const isCandidate = here === separator && before === digit && classAt(text, at + 1) !== 0;
    before = here;
    if (!isCandidate) continue;
    let from = at - 1;
    while (from > searched && at - from < maxGroupDigits && classAt(text, from - 1) === digit) from -= 1;
    const { count, end } = readGroups(text, from, null);
    if (count >= minDigits) runs.push(readRun(text, from));
    // What begins later in the same run is shorter.
    if (end <= at) continue;
    searched = end;
    at = end - 1;
    before = digit;
  }
  return runs;
}

function readRun(text: string, from: number): HexRun {
  const groups: number[] = [];
  const { end } = readGroups(text, from, groups);
  let digits = '';
  for (let at = 0; at < groups.length; at += 2) {
    digits += text.slice(groups[at] ?? 0, (groups[at] ?? 0) + (groups[at + 1] ?? 0));
  }
  cutNote.lastIndex = end;
  return { digits: digits.toLowerCase(), groups, isCut: cutNote.test(text) };
}

function readGroups(text: string, from: number, groups: number[] | null): { count: number; end: number } {
  let count = 0;
  let end = from;
  for (let at = from; at !== -1; at = groupBehind(text, end)) {
    let to = at;
    while (to - at <= maxGroupDigits && classAt(text, to) === digit) to += 1;
    // Of an odd number of digits the first is no byte of this run where it begins; elsewhere they end it.
    if ((to - at) % 2 === 1 && count === 0) at += 1;
    if (to - at > maxGroupDigits || to === at || (to - at) % 2 === 1) break;
    count += to - at;
    groups?.push(at, to - at);
    end = to;
  }
  return { count, end };
}

/** Where digits follow behind one or two separators; -1: they do not. */
function groupBehind(text: string, end: number): number {
  let at = end;
  while (at < end + maxSeparators && classAt(text, at) === separator) at += 1;
  if (at === end) return -1;
  if (text[at] === '0' && (text.charCodeAt(at + 1) | 32) === 120) at += 2;
  return classAt(text, at) === digit ? at : -1;
}

/** The place in the text of a digit, or behind the last. */
export function placeOfDigit({ groups, digits }: HexRun, index: number): number {
  let before = 0;
  for (let at = 0; at < groups.length; at += 2) {
    const length = groups[at + 1] ?? 0;
    if (index < before + length || (index === digits.length && before + length === index)) {
      return (groups[at] ?? 0) + index - before;
    }
    before += length;
  }
  return 0;
}
