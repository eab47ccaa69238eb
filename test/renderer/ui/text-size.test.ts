import { expect, it } from 'vitest';
import { canWrap, isHighlighted, shownAtFirst } from '../../../renderer/ui/code/text-size.ts';

it('does not wrap a text with a line of hundreds of kilobytes, and wraps one of many lines', () => {
  const long = 'a'.repeat(900_000);
  const many = 'a line\n'.repeat(130_000);
  expect([long, `x\n${long}`, `${long}\nx`, many, '', 'a'.repeat(20_000)].map(canWrap)).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
  ]);
});

it('highlights and lays out whole what is small', () => {
  expect([isHighlighted('a'.repeat(300_000)), isHighlighted('a'.repeat(300_001))]).toEqual([true, false]);
  expect([shownAtFirst('short'), shownAtFirst('b'.repeat(900_000)).length]).toEqual(['short', 65_536]);
});
