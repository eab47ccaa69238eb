import type { BrowserWindow } from 'electron';
import type { PushHub } from '../../console/push/push-hub.ts';
import { type Audience, sendPushes } from '../pages/ipc.ts';
import { ownPages } from '../pages/own-pages.ts';
import { openWindow, showWindow, type WindowOptions } from './window.ts';
import { watchVisibility } from './window-audience.ts';
import { recoverWindow } from './window-recovery.ts';

export interface OneWindow {
  /** Opens the window, or brings it to the front when it is there; `path` is the page to show, such as `/runs/…`. */
  open(path?: string): void;
  /** Loads the console anew, with nothing to go back to; `path` is the page to show. */
  reload(path?: string): Promise<void>;
  /** Settles when the first window has painted something, or could not within this time. */
  firstPaint(withinMs: number): Promise<void>;
  hide(): void;
  /** Null while it is closed. */
  current(): BrowserWindow | null;
}

const both = (first: Audience, second: Audience): Audience => ({
  isWatching: () => first.isWatching() && second.isWatching(),
  onChange(listener) {
    first.onChange(listener);
    second.onChange(listener);
  },
});

/** The app has one window. */
export function keepOneWindow(pushHub: Pick<PushHub, 'connect'>, options: WindowOptions): OneWindow {
  const { log } = options;
  let window: BrowserWindow | null = null;
  let isOpening = false;
  /** Asked for while the window was being opened. */
  let nextPath: string | undefined;
  let announcePaint: () => void = () => undefined;
  const painted = new Promise<void>((resolve) => {
    announcePaint = resolve;
  });
  const addressOf = (path: string): string => new URL(`#${path}`, options.url).href;

  async function create(path: string | undefined): Promise<void> {
    const url = path === undefined ? options.url : addressOf(path);
    const opened = await openWindow({ ...options, url });
    opened.once('ready-to-show', announcePaint);
    const isResponsive = recoverWindow(opened, log);
    sendPushes(pushHub, opened.webContents, both(watchVisibility(opened), isResponsive));
    keepOnConsole(opened, url);
    opened.on('closed', () => {
      window = null;
    });
    window = opened;
    if (nextPath !== undefined) goTo(opened, nextPath);
    nextPath = undefined;
  }

  /**
   * Chromium tells of no navigation to a blank page before it has happened, so that it cannot be prevented: the console is
   * loaded again in its place.
   */
  function keepOnConsole({ webContents }: BrowserWindow, address: string): void {
    const { isConsole } = ownPages(options.url);
    let shown = address;
    const remember = (_event: unknown, url: string): void => {
      if (!isConsole(url)) return;
      shown = url;
      log.debug({ path: new URL(url).hash.slice(1) }, 'the window shows a page');
    };
    webContents.on('did-navigate-in-page', remember);
    webContents.on('did-navigate', (event, url) => {
      if (isConsole(url)) remember(event, url);
      else {
        log.warn({ url: url.slice(0, 200) }, 'the page left the console; it is loaded again');
        webContents
          .loadURL(shown)
          .catch((error: unknown) => log.error({ err: error }, 'the console was not loaded again'));
      }
    });
  }

  function goTo({ webContents }: BrowserWindow, path: string): void {
    const url = addressOf(path);
    // Loading the same address would reload the page.
    if (webContents.getURL() === url) return;
    webContents.loadURL(url).catch((error: unknown) => log.debug({ err: error, path }, 'the page was not changed'));
  }

  return {
    current: () => window,
    async firstPaint(withinMs) {
      const timer = setTimeout(announcePaint, withinMs);
      await painted;
      clearTimeout(timer);
    },
    hide: () => window?.hide(),
    async reload(path) {
      const shown = window;
      if (shown === null) {
        this.open(path);
        return;
      }
      await shown.webContents.loadURL(options.url);
      if (shown.isDestroyed()) return;
      shown.webContents.navigationHistory.clear();
      if (path !== undefined) goTo(shown, path);
      showWindow(shown);
    },
    open(path) {
      if (window !== null) {
        showWindow(window);
        if (path !== undefined) goTo(window, path);
      } else if (isOpening) {
        nextPath = path ?? nextPath;
      } else {
        isOpening = true;
        create(path)
          .catch((error: unknown) => log.error({ err: error }, 'the window could not be opened'))
          .finally(() => {
            isOpening = false;
            nextPath = undefined;
          });
      }
    },
  };
}
