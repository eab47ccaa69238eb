import { app, type Session, session, shell, type WebContents } from 'electron';
import type { Logger } from 'pino';
import type { OwnPages } from './own-pages.ts';

function denyPermissions(target: Session, isOwnPage: (url: string) => boolean): void {
  target.setPermissionRequestHandler((_contents, permission, decide) => decide(isHarmless(permission)));
  target.setPermissionCheckHandler((_contents, permission) => isHarmless(permission));
  target.setDevicePermissionHandler(() => false);
  // Files of runs are made into blobs by our own page, and Electron asks the person where to save them. Nothing else of
  // ours downloads; what would, was not asked for.
  target.on('will-download', (event, item) => {
    const url = item.getURL();
    if (!url.startsWith('blob:') || !isOwnPage(url.slice('blob:'.length))) event.preventDefault();
  });
}

/** Writing to the clipboard is what the copy buttons do; everything else is denied. */
const isHarmless = (permission: string): boolean => permission === 'clipboard-sanitized-write';

/** Https addresses go to the person's own browser; nothing else leaves the app. */
function openOutside(address: string, log: Logger): void {
  if (!URL.canParse(address) || new URL(address).protocol !== 'https:') {
    log.warn({ address: address.slice(0, 200) }, 'refused to open an address that is not https');
    return;
  }
  shell.openExternal(address).catch((error: unknown) => log.warn({ err: error }, 'the browser could not be opened'));
}

function confine(contents: WebContents, { isOwnPage, isConsole }: OwnPages, log: Logger): void {
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url, log);
    return { action: 'deny' };
  });
  contents.on('will-navigate', (details) => {
    if (isConsole(details.url)) return;
    details.preventDefault();
    if (isOwnPage(details.url)) log.warn({ url: details.url.slice(0, 200) }, 'refused to leave the console’s page');
    else openOutside(details.url, log);
  });
  contents.on('will-frame-navigate', (details) => {
    if (details.isMainFrame || isOwnPage(details.url)) return;
    details.preventDefault();
  });
  contents.on('will-redirect', (details) => {
    if (!isConsole(details.url)) details.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** For every page this process will ever have, however it is opened. */
export function hardenPages(pages: OwnPages, log: Logger): void {
  denyPermissions(session.defaultSession, pages.isOwnPage);
  app.on('session-created', (created) => denyPermissions(created, pages.isOwnPage));
  app.on('web-contents-created', (_event, contents) => confine(contents, pages, log));
}
