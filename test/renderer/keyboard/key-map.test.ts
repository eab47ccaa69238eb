import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canChoose, chooseKey, chosenKey, type KeyMap, usualKey } from '../../../renderer/keyboard/key-map.ts';

const usual = ['a', 'r', 'x', 'shift+x', '/', '['];
const key = fc.constantFrom(...usual, 'w', 'mod+j', 'alt+r');

describe('chosen keys', () => {
  it('take the place of the usual one, which takes theirs', () => {
    const keys = chooseKey({}, 'r', 'a');
    expect([usualKey(keys, 'a'), usualKey(keys, 'r'), usualKey(keys, 'x')]).toEqual(['r', 'a', 'x']);
    expect(chooseKey(keys, 'r', 'r')).toEqual({});
  });

  it('may be none', () => {
    const keys = chooseKey({}, 'r', null);
    expect([chosenKey(keys, 'r'), usualKey(keys, 'r')]).toEqual([null, null]);
    // It is free for another.
    expect(usualKey(chooseKey(keys, 'a', 'r'), 'r')).toBe('a');
  });

  it('never do two things, and no shortcut loses its key but by choice', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...usual), fc.option(key)), { maxLength: 12 }), (changes) => {
        let keys: KeyMap = {};
        const off = new Set<string>();
        for (const [one, chosen] of changes) {
          keys = chooseKey(keys, one, chosen);
          if (chosen === null) off.add(one);
        }
        const shown = usual.map((one) => chosenKey(keys, one)).filter((one) => one !== null);
        expect(new Set(shown).size).toBe(shown.length);
        for (const one of usual) {
          const now = chosenKey(keys, one);
          if (now !== null) expect(usualKey(keys, now)).toBe(one);
          else expect(off.size).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('leave alone what dialogs, lists and browsers need', () => {
    expect(['escape', 'enter', 'tab', 'arrowdown', 'shift+arrowup', 'mod+c', 'f5', 'pageup'].filter(canChoose)).toEqual(
      [],
    );
    expect(['f', 'shift+q', 'mod+j', '?', 'alt+3'].filter(canChoose)).toHaveLength(5);
  });
});
