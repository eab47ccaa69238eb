import { expect, it } from 'vitest';
import { ownArguments } from '../../electron/desktop/lifetime/command-line.ts';

it.each([
  [['electron', '.', '--data-dir', '/d'], true, ['--data-dir', '/d']],
  [['electron', '--no-sandbox', '.', '--demo'], true, ['--demo']],
  [['electron', '--inspect=0', '-r', '/driver/loader.js', '/repo', '--demo'], true, ['--demo']],
  [['electron', '/repo'], true, []],
  [['electron'], true, []],
  [['/opt/signalbox', '--demo'], false, ['--demo']],
  // As `npm run dev` does it as root, and people on systems whose sandbox is closed to them.
  [['electron', '.', '--no-sandbox', '--demo'], true, ['--demo']],
  [['/opt/signalbox', '--no-sandbox', '--ozone-platform=wayland', '--demo'], false, ['--demo']],
  [['/opt/signalbox', '--ozone-platform', '--unknown'], false, ['--ozone-platform', '--unknown']],
])('%j', (argv, isDefaultApp, expected) => {
  expect(ownArguments(argv, argv.includes('/repo') ? '/repo' : '.', isDefaultApp)).toEqual(expected);
});
