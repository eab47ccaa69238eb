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
  // Help needs no window.
  const isHelp = own.some((arg) => ['--help', '-h', '--version', '-V'].includes(arg));
  return { mode: isHeadless || isHelp ? 'headless' : isDesktop ? 'desktop' : 'auto' };
}

/** Electron's arguments: the app's folder first, since Electron takes what precedes it for its own. */
export function electronArguments(args, { isRootOnLinux }) {
  return ['.', ...(isRootOnLinux && !args.includes('--no-sandbox') ? ['--no-sandbox'] : []), ...args];
}
