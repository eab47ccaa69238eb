import { resolve } from 'node:path';

/**
 * Our own arguments. A packaged app has them after its name; `electron <folder> …` has switches of Chromium and of test
 * drivers before the folder, which are not ours.
 */
export function ownArguments(argv: readonly string[], appPath: string, isDefaultApp: boolean): string[] {
  if (!isDefaultApp) return argv.slice(1);
  const named = argv.findIndex((arg, index) => index > 0 && !arg.startsWith('-') && resolve(arg) === resolve(appPath));
  const first = argv.findIndex((arg, index) => index > 0 && !arg.startsWith('-'));
  const folder = named === -1 ? first : named;
  return folder === -1 ? [] : argv.slice(folder + 1);
}
