import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describeTextDifference,
  nameDifference,
  textSimilarity,
} from '../../../shared/conditions/explain/text-difference.ts';
import { cpuMs } from '../../support/cpu-time.ts';

describe('two texts that read alike', () => {
  it.each([
    ['push', 'push ', 'white space', 'push', 'push⟨U+0020⟩'],
    ['New York', 'New\u00a0York', 'white space', 'New⟨U+0020⟩York', 'New⟨U+00A0⟩York'],
    ['a b', 'a  b', 'white space', 'a b', 'a ⟨U+0020⟩b'],
    ['caf\u00e9', 'cafe\u0301', 'Unicode form', 'caf\u00e9⟨U+00E9⟩', 'cafe⟨U+0301⟩'],
    ['Ready', 'ready', 'case', 'Ready', 'ready'],
    ['paypal', 'p\u0430yp\u0430l', 'look-alike characters', 'paypal', 'p\u0430⟨U+0430⟩yp\u0430⟨U+0430⟩l'],
    ['a-b', 'a\u2010b', 'look-alike characters', 'a-b', 'a\u2010⟨U+2010⟩b'],
    ['job', 'job\u200b', 'invisible characters', 'job', 'job⟨U+200B⟩'],
    ['job', '\ufeffjob', 'white space', 'job', '⟨U+FEFF⟩job'],
    ['job', 'job\u0000', 'invisible characters', 'job', 'job⟨U+0000⟩'],
    ['\uff41b', 'ab', 'look-alike characters', '\uff41⟨U+FF41⟩b', 'ab'],
    ['Caf\u00e9', 'cafe\u0301 ', 'white space, Unicode form and case', 'Caf\u00e9⟨U+00E9⟩', 'cafe⟨U+0301⟩⟨U+0020⟩'],
  ])('%j and %j differ in %s', (wanted, seen, name, markedWanted, markedSeen) => {
    const difference = describeTextDifference(wanted, seen);
    expect(difference === null ? null : nameDifference(difference)).toBe(name);
    expect(difference).toMatchObject({ wanted: markedWanted, seen: markedSeen });
  });

  it.each([
    ['push', 'push'],
    ['push', 'pull'],
    ['', 'x'],
    ['10', '100'],
    ['é', 'e'],
    ['a'.repeat(2_000), `${'a'.repeat(2_000)} `],
  ])('are not %j and %j', (a, b) => {
    expect(describeTextDifference(a, b)).toBeNull();
  });

  it('are found with their sides exchanged too, and never marked alike', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'A', ' ', '\u00a0', 'e\u0301', '\u00e9', '\u0430', '\u200b', 'ß', 'İ'),
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const there = describeTextDifference(a, b);
        const back = describeTextDifference(b, a);
        expect(back?.kinds).toEqual(there?.kinds);
        expect([back?.wanted, back?.seen]).toEqual([there?.seen, there?.wanted]);
        if (there !== null) expect(there.wanted).not.toBe(there.seen);
      }),
      { numRuns: 3_000 },
    );
  });

  it('cost no more than their length', () => {
    const usedMs = cpuMs(() => {
      for (const one of [' ', '\u0301', '\u200b', 'A', '\u0430']) {
        describeTextDifference(one.repeat(1_000), one.repeat(999));
        textSimilarity(one.repeat(1e6), one.repeat(1e6));
      }
    });
    expect(usedMs).toBeLessThan(2_000);
  });
});

it('texts are the closer the more pairs of characters they share', () => {
  const wanted = 'order.created';
  const order = ['order.created', 'order.create', 'order.updated', 'user.created', 'x', ''];
  const sorted = [...order].sort((a, b) => textSimilarity(wanted, b) - textSimilarity(wanted, a));
  expect(sorted.slice(0, 2)).toEqual(['order.created', 'order.create']);
  expect(textSimilarity(wanted, wanted)).toBe(1);
  expect(textSimilarity(wanted, 'xyz')).toBe(0);
});
