import { resolve } from 'node:path';

/** What people and launchers give to any Chromium app, after its name too; Chromium has read them already. */
const chromiumSwitches =
  /^--(no-sandbox|disable-gpu|disable-dev-shm-usage|(ozone-platform(-hint)?|enable-features|disable-features|force-device-scale-factor|password-store)=.*)$/;

const withoutChromium = (args: readonly string[]): string[] => args.filter((arg) => !chromiumSwitches.test(arg));

/**
 * Our own arguments. A packaged app has them after its name; `electron <folder> …` has switches of Chromium and of test
 * drivers before the folder, which are not ours.
 */
export function ownArguments(argv: readonly string[], appPath: string, isDefaultApp: boolean): string[] {
  if (!isDefaultApp) return withoutChromium(argv.slice(1));
  const named = argv.findIndex((arg, index) => index > 0 && !arg.startsWith('-') && resolve(arg) === resolve(appPath));
  const first = argv.findIndex((arg, index) => index > 0 && !arg.startsWith('-'));
  const folder = named === -1 ? first : named;
  return folder === -1 ? [] : withoutChromium(argv.slice(folder + 1));
}
