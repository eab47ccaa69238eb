import { expect, test } from 'vitest';
import { splitUnseen } from '../../../renderer/ui/text/unseen-characters.ts';

const shown = (text: string): string =>
  splitUnseen(text)
    .map(({ text: piece, code }) => (code === null ? piece : `[${code}]`))
    .join('');

test.each([
  ['push', 'push'],
  ['push ', 'push[U+0020]'],
  [' push', '[U+0020]push'],
  ['two words', 'two words'],
  ['two  words', 'two [U+0020]words'],
  ['no\u00a0break', 'no[U+00A0]break'],
  ['a\u200bb\u0000c\td', 'a[U+200B]b[U+0000]c[U+0009]d'],
  ['saw \u202elived', 'saw [U+202E]lived'],
  ['push⟨U+0020⟩', 'push[U+0020]'],
  ['👩\u200d👩\u200d👧 ❤\ufe0f', '👩\u200d👩\u200d👧 ❤\ufe0f'],
  ['a\u200db', 'a[U+200D]b'],
  ['', ''],
])('%j stands as %s', (text, expected) => {
  expect(shown(text)).toBe(expected);
  expect(
    splitUnseen(text)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text);
});
