/**
 * Words of a text as SQLite's FTS5 splits them with `unicode61 remove_diacritics 2`, so that the live filter finds what
 * the index finds (https://www.sqlite.org/fts5.html#unicode61_tokenizer). Letters, numbers and private-use characters make words;
 * case is folded; accents go from Latin letters. SQLite knows Unicode 6.1: letters of scripts cased later are not folded
 * there and are here, which only the live view can show.
 */
export function tokenize(text: string): string[] {
  return ASCII_ONLY.test(text) ? (text.toLowerCase().match(ASCII_WORD) ?? []) : tokenizeUnicode(text);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant
const ASCII_ONLY = /^[\x00-\x7f]*$/;
const ASCII_WORD = /[a-z0-9]+/g;
/** Unassigned characters count as letters there, too. */
const WORD_CHARACTER = /[\p{L}\p{N}\p{Co}\p{Cn}]/u;

/** Emoji newer than Unicode 6.1, which SQLite takes for unassigned: first and last of each range. */
const NEWER_EMOJI: readonly (readonly [number, number])[] = [
  [0x1f321, 0x1f32f],
  [0x1f336, 0x1f336],
  [0x1f37d, 0x1f37f],
  [0x1f394, 0x1f39f],
  [0x1f3c5, 0x1f3c5],
  [0x1f3cb, 0x1f3df],
  [0x1f3f1, 0x1f3ff],
  [0x1f43f, 0x1f43f],
  [0x1f441, 0x1f441],
  [0x1f4f8, 0x1f4f8],
  [0x1f4fd, 0x1f4ff],
  [0x1f53e, 0x1f53f],
  [0x1f544, 0x1f54f],
  [0x1f568, 0x1f5fa],
  [0x1f641, 0x1f644],
  [0x1f650, 0x1f67f],
  [0x1f6c6, 0x1f6ff],
  [0x1f774, 0x1faff],
];

interface Folded {
  /** '' for an accent, which a word goes on through; null for what separates words. */
  text: string | null;
}

const foldedByCharacter = new Map<string, Folded>();
const MAX_REMEMBERED = 20_000;

function tokenizeUnicode(text: string): string[] {
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    const { text: folded } = foldCharacter(character);
    if (folded !== null && (folded !== '' || word !== '')) {
      word += folded;
    } else if (word !== '') {
      words.push(word);
      word = '';
    }
  }
  if (word !== '') words.push(word);
  return words;
}

function foldCharacter(character: string): Folded {
  const known = foldedByCharacter.get(character);
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  const folded: Folded = {
    text: isAccent(code) ? '' : isWordCharacter(character, code) ? foldLetter(character) : null,
  };
  if (foldedByCharacter.size < MAX_REMEMBERED) foldedByCharacter.set(character, folded);
  return folded;
}

function isWordCharacter(character: string, code: number): boolean {
  // The two non-characters at the end of the plane separate words.
  if (code === 0xfffe || code === 0xffff) return false;
  return WORD_CHARACTER.test(character) || NEWER_EMOJI.some(([first, last]) => code >= first && code <= last);
}

/** The combining marks SQLite drops: bit n of the first mask is U+0300 + n, of the second U+0320 + n. */
function isAccent(code: number): boolean {
  if (code < 0x300 || code > 0x331) return false;
  return code < 0x320 ? ((0x08029fdf >>> (code - 0x300)) & 1) === 1 : ((0x000361f8 >>> (code - 0x320)) & 1) === 1;
}

function foldLetter(letter: string): string {
  // The dotless i is a letter of its own; upper-casing would make it an i.
  if (letter === 'ı') return letter;
  if (letter === 'İ') return 'i';
  if (letter === 'Ǡ' || letter === 'ǡ') return 'ǡ';
  // Through upper case, so that the letters with two lower-case forms (σ and ς, s and ſ) meet.
  const upper = oneCharacter(letter.toUpperCase()) ?? letter;
  const lower = oneCharacter(upper.toLowerCase()) ?? oneCharacter(letter.toLowerCase()) ?? letter;
  const base = lower.normalize('NFD').charAt(0);
  return base >= 'a' && base <= 'z' ? base : lower;
}

function oneCharacter(text: string): string | null {
  const isOne = text.length === 1 || (text.length === 2 && (text.codePointAt(0) ?? 0) > 0xffff);
  return isOne ? text : null;
}

/** Whether the words of the phrase follow each other somewhere in the text; with `prefix` the last one may go on. */
export function hasPhrase(words: readonly string[], phrase: readonly string[], prefix: boolean): boolean {
  const last = phrase.length - 1;
  if (last < 0) return false;
  for (let start = 0; start + last < words.length; start += 1) {
    let matched = 0;
    while (matched < last && words[start + matched] === phrase[matched]) matched += 1;
    if (matched < last) continue;
    const word = words[start + last] ?? '';
    const wanted = phrase[last] ?? '';
    if (prefix ? word.startsWith(wanted) : word === wanted) return true;
  }
  return false;
}
