import { expect, it } from 'vitest';
import { ownArguments } from '../../electron/desktop/command-line.ts';

it.each([
  [['electron', '.', '--data-dir', '/d'], true, ['--data-dir', '/d']],
  [['electron', '--no-sandbox', '.', '--demo'], true, ['--demo']],
  [['electron', '--inspect=0', '-r', '/driver/loader.js', '/repo', '--demo'], true, ['--demo']],
  [['electron', '/repo'], true, []],
  [['electron'], true, []],
  [['/opt/signalbox', '--demo'], false, ['--demo']],
])('%j', (argv, isDefaultApp, expected) => {
  expect(ownArguments(argv, argv.includes('/repo') ? '/repo' : '.', isDefaultApp)).toEqual(expected);
});
