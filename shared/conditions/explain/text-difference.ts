import { foldCase } from '../values/equality.ts';

/** In what two texts differ that read alike. */
export const TEXT_DIFFERENCES = [
  'white space',
  'invisible characters',
  'Unicode form',
  'look-alike characters',
  'case',
] as const;
export type TextDifferenceKind = (typeof TEXT_DIFFERENCES)[number];

export interface TextDifference {
  kinds: TextDifferenceKind[];
  /** The two texts; where they differ, what is not plain ASCII has its code point behind it: `é⟨U+00E9⟩`, `⟨U+00A0⟩`. */
  wanted: string;
  seen: string;
}

/** Longer texts are not compared in this way. */
const maxLength = 1_000;

type Fold = (text: string) => string;

/** Letters of other scripts that fonts draw like Latin ones, and marks that word processors put for ASCII ones. */
const lookAlikes = new Map(
  Object.entries({
    а: 'a',
    е: 'e',
    о: 'o',
    р: 'p',
    с: 'c',
    у: 'y',
    х: 'x',
    і: 'i',
    ј: 'j',
    ѕ: 's',
    ԁ: 'd',
    һ: 'h',
    А: 'A',
    В: 'B',
    Е: 'E',
    К: 'K',
    М: 'M',
    Н: 'H',
    О: 'O',
    Р: 'P',
    С: 'C',
    Т: 'T',
    Х: 'X',
    І: 'I',
    Ј: 'J',
    Ѕ: 'S',
    α: 'a',
    ο: 'o',
    ν: 'v',
    ρ: 'p',
    ι: 'i',
    Α: 'A',
    Β: 'B',
    Ε: 'E',
    Ζ: 'Z',
    Η: 'H',
    Ι: 'I',
    Κ: 'K',
    Μ: 'M',
    Ν: 'N',
    Ο: 'O',
    Ρ: 'P',
    Τ: 'T',
    Υ: 'Y',
    Χ: 'X',
    ı: 'i',
    ɡ: 'g',
    '‐': '-',
    '‑': '-',
    '‒': '-',
    '–': '-',
    '—': '-',
    '−': '-',
    '‘': "'",
    '’': "'",
    '“': '"',
    '”': '"',
    '…': '...',
  }),
);

const folds: Readonly<Record<TextDifferenceKind, Fold>> = {
  // All of it: a doubled blank is as hard to see as one at the end.
  'white space': (text) => text.replace(/[\s\u0085\u180e]+/gu, ''),
  // Controls, joiners, marks of direction, variation selectors, soft hyphens.
  'invisible characters': (text) => text.replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}]|(?![\s\u0085])\p{Cc}/gu, ''),
  'Unicode form': (text) => text.normalize('NFC'),
  // Compatibility forms (full-width letters, ligatures) and letters of other scripts.
  'look-alike characters': (text) =>
    Array.from(text, (one) => lookAlikes.get(one) ?? (/\s/u.test(one) ? one : one.normalize('NFKC'))).join(''),
  case: foldCase,
};

function foldAll(text: string, without?: TextDifferenceKind): string {
  let folded = text;
  for (const kind of TEXT_DIFFERENCES) if (kind !== without) folded = folds[kind](folded);
  return folded;
}

const asIs: Fold = (text) => text;

/**
 * Null for texts that are equal, or that a reader can tell apart. `form`, character by character, is how they are compared; they
 * are shown as they are.
 */
export function describeTextDifference(wantedText: string, seenText: string, form: Fold = asIs): TextDifference | null {
  if (wantedText.length > maxLength || seenText.length > maxLength) return null;
  const wanted = form(wantedText);
  const seen = form(seenText);
  if (wanted === seen) return null;
  if (foldAll(wanted) !== foldAll(seen)) return null;
  const needed = TEXT_DIFFERENCES.filter((kind) => foldAll(wanted, kind) !== foldAll(seen, kind));
  // Either of two may bridge it: the first that does so alone names it.
  const alone = TEXT_DIFFERENCES.find((kind) => folds[kind](wanted) === folds[kind](seen));
  const kinds = needed.length > 0 ? needed : [alone ?? 'Unicode form'];
  return { kinds, ...markBoth(wantedText, seenText, form) };
}

/** `white space and case`. */
export const nameDifference = ({ kinds }: TextDifference): string =>
  [kinds.slice(0, -1).join(', '), kinds.at(-1)].filter((part) => part !== '').join(' and ');

function markBoth(wanted: string, seen: string, form: Fold): { wanted: string; seen: string } {
  const a = Array.from(wanted);
  const b = Array.from(seen);
  const isSame = (at: number): boolean => form(a.at(at) ?? '') === form(b.at(at) ?? '');
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && isSame(start)) start += 1;
  let end = 0;
  while (end < shorter - start && isSame(-1 - end)) end += 1;
  const mark = (characters: readonly string[]): string =>
    characters.map((one, at) => (at >= start && at < characters.length - end ? withCodePoint(one) : one)).join('');
  return { wanted: mark(a), seen: mark(b) };
}

const printable = /^[\x21-\x7e]$/;
const unseen = /^[\s\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{M}]$/u;

function withCodePoint(character: string): string {
  if (printable.test(character)) return character;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return unseen.test(character) ? `⟨U+${code}⟩` : `${character}⟨U+${code}⟩`;
}

/** How alike two texts are, from 0 to 1, by the pairs of neighbouring characters that they share (Sørensen and Dice). */
export function textSimilarity(a: string, b: string): number {
  const left = pairsOf(a);
  const right = pairsOf(b);
  let total = 0;
  let shared = 0;
  for (const [pair, count] of left) {
    total += count;
    shared += Math.min(count, right.get(pair) ?? 0);
  }
  for (const count of right.values()) total += count;
  return total === 0 ? 0 : (2 * shared) / total;
}

function pairsOf(text: string): Map<string, number> {
  const pairs = new Map<string, number>();
  const folded = `\u0002${foldCase(text.slice(0, 200))}\u0003`;
  for (let at = 0; at + 1 < folded.length; at += 1) {
    const pair = folded.slice(at, at + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}
