import { app } from 'electron';
import { pathOfLink, splitLinks } from './links.ts';

/** Shows the window, at the path when there is one. */
export type Open = (path?: string) => void;

/**
 * Takes the links that the system hands to the app and the starts of it while it runs. What comes before the window can be
 * opened is kept; the last one counts. Call it before 'ready': macOS gives its first link then.
 */
export function takeIncomingLinks(first: readonly string[]): { openWith(open: Open): void } {
  let open: Open | null = null;
  let waiting: string | undefined;
  const show = (links: readonly string[]): void => {
    const path = links.map(pathOfLink).find((found) => found !== null) ?? undefined;
    if (path === undefined && links.length > 0) process.stderr.write('The link does not match a page of Signalbox.\n');
    if (open === null) waiting = path ?? waiting;
    else open(path);
  };
  show(first);
  app.on('second-instance', (_event, argv) => show(splitLinks(argv.slice(1)).links));
  app.on('open-url', (event, url) => {
    event.preventDefault();
    show([url]);
  });
  return {
    openWith(given) {
      open = given;
      given(waiting);
      waiting = undefined;
    },
  };
}

/** Debian's and Red Hat's packages register the scheme; on Windows and macOS the app does. */
export function registerLinkScheme(): void {
  if (app.isPackaged && process.platform !== 'linux') app.setAsDefaultProtocolClient('signalbox');
}
