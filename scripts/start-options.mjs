import { SetupError } from './say.mjs';

/**
 * What the launcher itself has to know of the options; everything is passed on as it is. `mode` is `desktop`, `headless`
 * or, when neither was asked for, `auto`.
 */
export function parseStartOptions(args) {
  const end = args.indexOf('--');
  const own = end === -1 ? args : args.slice(0, end);
  const isDesktop = own.includes('--desktop');
  const isHeadless = own.includes('--headless');
  if (isDesktop && isHeadless) throw new SetupError('--desktop and --headless exclude each other: give one of them.');
  // What only prints needs no window.
  const isPrinting = own.some((arg) => ['--help', '-h', '--version', '-V', '--sign-in'].includes(arg));
  return { mode: isHeadless || isPrinting ? 'headless' : isDesktop ? 'desktop' : 'auto' };
}

/**
 * Electron's arguments: its own switches, the app's folder, the app's options. The app takes all that follows its folder
 * for its own and refuses what it does not know, Chromium's switches too.
 */
export function electronArguments(args, { isRootOnLinux }) {
  const isSandboxOff = isRootOnLinux || args.includes('--no-sandbox');
  return [...(isSandboxOff ? ['--no-sandbox'] : []), '.', ...args.filter((arg) => arg !== '--no-sandbox')];
}
