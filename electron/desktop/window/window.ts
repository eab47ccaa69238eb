import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { Logger } from 'pino';
import { showContextMenus } from './context-menu.ts';
import { guardUnsavedInput } from './unsaved-input.ts';
import { takeWindowKeys } from './window-keys.ts';
import { minimumSize, placeWindow, readWindowState, writeWindowState } from './window-state.ts';

const saveAfterMs = 500;

/** Chromium's ERR_ABORTED: another load took over, such as a reload. */
const abortedCode = -3;

export interface WindowOptions {
  /** Address of the page. */
  url: string;
  preloadFile: string;
  iconFile: string;
  stateFile: string;
  log: Logger;
  /** Whether the app goes on when the window is closed. */
  staysOnClose(): boolean;
  /** Takes the window out of sight instead of closing it. */
  stepAside(window: BrowserWindow): void;
  /** Whether the app is quitting, so that nothing more is asked. */
  isQuitting(): boolean;
}

/** The page's own background (`--sb-bg` in renderer/app/tokens.css), shown until it has painted: no white flash in the dark. */
const backgroundColor = (): string => (nativeTheme.shouldUseDarkColors ? '#111416' : '#fcfcfa');

function keepState(window: BrowserWindow, file: string, log: Logger): void {
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    clearTimeout(timer);
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return;
    const state = { ...window.getNormalBounds(), isMaximized: window.isMaximized() };
    writeWindowState(file, state).catch((error: unknown) => {
      log.warn({ err: error, file }, 'the window position could not be kept');
    });
  };
  const saveSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(save, saveAfterMs);
  };
  window.on('resize', saveSoon);
  window.on('move', saveSoon);
  window.on('maximize', saveSoon);
  window.on('unmaximize', saveSoon);
  window.on('close', save);
}

export async function openWindow(options: WindowOptions): Promise<BrowserWindow> {
  const { log, stateFile } = options;
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  const displays = [primary, ...others].map((display) => display.workArea);
  const { isMaximized, ...bounds } = placeWindow(await readWindowState(stateFile, log), displays);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    show: false,
    backgroundColor: backgroundColor(),
    icon: options.iconFile,
    // Until the page has its own.
    title: 'Signalbox',
    webPreferences: {
      preload: options.preloadFile,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  keepState(window, stateFile, log);
  takeWindowKeys(window);
  showContextMenus(window);
  window.once('ready-to-show', () => {
    // Not earlier: maximizing shows the window, painted or not.
    if (isMaximized) window.maximize();
    window.show();
  });
  window.on('close', (event) => {
    if (!options.staysOnClose()) return;
    event.preventDefault();
    options.stepAside(window);
  });
  guardUnsavedInput(window, log, options.isQuitting);
  window.webContents.on('did-fail-load', (_event, code, description, url, isMainFrame) => {
    if (isMainFrame && code !== abortedCode) log.error({ code, description, url }, 'the page could not be loaded');
  });
  // Why it failed is told by did-fail-load, which also covers reloads.
  window.loadURL(options.url).catch((error: unknown) => log.debug({ err: error }, 'the first load did not finish'));
  return window;
}

/** Brings the window to the front from wherever it is. */
export function showWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
