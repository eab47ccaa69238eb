import { type BrowserWindow, clipboard, Menu } from 'electron';
import { contextMenuItems } from './context-menu-items.ts';

export function showContextMenus(window: BrowserWindow): void {
  window.webContents.on('context-menu', (_event, params) => {
    const items = contextMenuItems(params, (text) => clipboard.writeText(text));
    if (items.length > 0) Menu.buildFromTemplate(items).popup({ window });
  });
}
