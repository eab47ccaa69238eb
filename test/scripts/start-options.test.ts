import { describe, expect, it } from 'vitest';
import { ownArguments } from '../../electron/desktop/lifetime/command-line.ts';
import { electronArguments, parseStartOptions } from '../../scripts/start-options.mjs';

describe('parseStartOptions', () => {
  it('leaves the choice open when neither a window nor headless is asked for', () => {
    expect(parseStartOptions(['--data-dir', '/tmp/x']).mode).toBe('auto');
  });

  it('takes the mode that is asked for', () => {
    expect(parseStartOptions(['--port', '1', '--desktop']).mode).toBe('desktop');
    expect(parseStartOptions(['--headless']).mode).toBe('headless');
  });

  it('opens no window for help', () => {
    expect(parseStartOptions(['--help']).mode).toBe('headless');
    expect(parseStartOptions(['--sign-in', '--data-dir', '/tmp/x']).mode).toBe('headless');
  });

  it('refuses both at once', () => {
    expect(() => parseStartOptions(['--desktop', '--headless'])).toThrow(/exclude each other/);
  });

  it('does not read past a double dash', () => {
    expect(parseStartOptions(['--', '--headless']).mode).toBe('auto');
  });
});

describe('electronArguments', () => {
  it('puts the app before its options and passes every one of them on', () => {
    expect(electronArguments(['--data-dir', 'x'], { isRootOnLinux: false })).toEqual(['.', '--data-dir', 'x']);
  });

  it('turns the sandbox off for root on Linux, once, with a switch that the app does not see as an option', () => {
    expect(electronArguments(['--x'], { isRootOnLinux: true })).toEqual(['--no-sandbox', '.', '--x']);
    expect(electronArguments(['--no-sandbox'], { isRootOnLinux: true })).toEqual(['--no-sandbox', '.']);
    expect(electronArguments(['--x', '--no-sandbox'], { isRootOnLinux: false })).toEqual(['--no-sandbox', '.', '--x']);
  });

  it('gives the app arguments that it can read', () => {
    const argv = ['electron', ...electronArguments(['--receiver', '127.0.0.1:0'], { isRootOnLinux: true })];
    expect(ownArguments(argv, process.cwd(), true)).toEqual(['--receiver', '127.0.0.1:0']);
  });
});
