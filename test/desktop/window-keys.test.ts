import { describe, expect, it } from 'vitest';
import { windowKey } from '../../electron/desktop/window/window-keys.ts';

type Keys = Parameters<typeof windowKey>[0];
const press = (key: string, more: Partial<Keys> = {}): Keys => ({
  type: 'keyDown',
  key,
  code: '',
  control: false,
  meta: false,
  alt: false,
  shift: false,
  ...more,
});
const control = { control: true };
const alt = { alt: true };

describe('keys of the window', () => {
  it.each([
    ['Ctrl+=', press('=', control), 'zoom-in'],
    ['Ctrl+Shift+=', press('+', { ...control, shift: true }), 'zoom-in'],
    ['Ctrl and the number pad’s +', press('+', { ...control, code: 'NumpadAdd' }), 'zoom-in'],
    ['Ctrl+-', press('-', control), 'zoom-out'],
    ['Ctrl and the number pad’s -', press('-', { ...control, code: 'NumpadSubtract' }), 'zoom-out'],
    ['Ctrl+0', press('0', control), 'zoom-reset'],
    ['Ctrl and the number pad’s 0', press('0', { ...control, code: 'Numpad0' }), 'zoom-reset'],
    ['Alt+Left', press('ArrowLeft', alt), 'back'],
    ['Alt+Right', press('ArrowRight', alt), 'forward'],
    ['=', press('='), null],
    ['Alt+Shift+Left', press('ArrowLeft', { ...alt, shift: true }), null],
    ['AltGr+=, which types a letter on some keyboards', press('=', { ...control, ...alt }), null],
    ['the key going up', press('=', { ...control, type: 'keyUp' }), null],
  ])('%s', (_what, input, expected) => {
    expect(windowKey(input, false)).toBe(expected);
  });

  it.each([
    ['Cmd+=', press('=', { meta: true }), 'zoom-in'],
    ['Cmd+[', press('[', { meta: true }), 'back'],
    ['Option+Left, which moves the caret', press('ArrowLeft', alt), null],
    ['Ctrl+=', press('=', control), null],
  ])('on a Mac: %s', (_what, input, expected) => {
    expect(windowKey(input, true)).toBe(expected);
  });
});
