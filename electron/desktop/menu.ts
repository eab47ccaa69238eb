import { app, Menu, type MenuItemConstructorOptions, shell } from 'electron';

export interface MenuOptions {
  dataDir: string;
  open(): void;
}

/** Keys that Chromium's roles bring (copy, zoom, full screen) and the few places outside the window. */
export function setMenu({ dataDir, open }: MenuOptions): void {
  const isMac = process.platform === 'darwin';
  const file: MenuItemConstructorOptions[] = [
    { label: 'Open Window', accelerator: 'CmdOrCtrl+N', click: open },
    { label: 'Show Data Folder', click: () => shell.showItemInFolder(dataDir) },
    { type: 'separator' },
    isMac ? { role: 'close' } : { role: 'quit' },
  ];
  const view: MenuItemConstructorOptions[] = [
    { role: 'reload' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
  if (!app.isPackaged) view.push({ type: 'separator' }, { role: 'toggleDevTools' });
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(isMac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
      { label: 'File', submenu: file },
      { role: 'editMenu' },
      { label: 'View', submenu: view },
      { role: 'windowMenu' },
    ]),
  );
}
