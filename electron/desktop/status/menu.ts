import { app, type BrowserWindow, Menu, type MenuItemConstructorOptions, shell } from 'electron';
import { applyWindowKey, type WindowKey } from '../window/window-keys.ts';
import type { About } from './about.ts';

export interface MenuOptions {
  dataDir: string;
  open(): void;
  /** The window that the entries act on; null while there is none. */
  window(): BrowserWindow | null;
  about: About;
}

/** Keys that Chromium's roles bring (copy, zoom, full screen) and the few places outside the window. */
export function setMenu({ dataDir, open, window, about }: MenuOptions): void {
  const isMac = process.platform === 'darwin';
  const file: MenuItemConstructorOptions[] = [
    { label: 'Open Window', accelerator: 'CmdOrCtrl+N', click: open },
    { label: 'Show Data Folder', click: () => shell.showItemInFolder(dataDir) },
    { type: 'separator' },
    isMac ? { role: 'close' } : { role: 'quit' },
  ];
  // The window takes these keys itself, with their variants; here they are only shown.
  const entry = (label: string, accelerator: string, key: WindowKey): MenuItemConstructorOptions => ({
    label,
    accelerator,
    registerAccelerator: false,
    click() {
      const shown = window();
      if (shown !== null) applyWindowKey(shown, key);
    },
  });
  const view: MenuItemConstructorOptions[] = [
    { role: 'reload' },
    entry('Back', isMac ? 'Cmd+[' : 'Alt+Left', 'back'),
    entry('Forward', isMac ? 'Cmd+]' : 'Alt+Right', 'forward'),
    { type: 'separator' },
    entry('Actual Size', 'CmdOrCtrl+0', 'zoom-reset'),
    entry('Zoom In', 'CmdOrCtrl+=', 'zoom-in'),
    entry('Zoom Out', 'CmdOrCtrl+-', 'zoom-out'),
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
  if (!app.isPackaged) view.push({ type: 'separator' }, { role: 'toggleDevTools' });
  const help: MenuItemConstructorOptions[] = [
    { label: 'Licenses', click: about.showLicenses },
    // macOS has it in the app's own menu.
    ...(isMac ? [] : [{ type: 'separator' as const }, { label: 'About Signalbox', click: about.show }]),
  ];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(isMac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
      { label: 'File', submenu: file },
      { role: 'editMenu' },
      { label: 'View', submenu: view },
      { role: 'windowMenu' },
      { role: 'help', label: 'Help', submenu: help },
    ]),
  );
}
