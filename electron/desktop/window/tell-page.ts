import type { BrowserWindow } from 'electron';
import type { DesktopMessage } from '../../../shared/contract/desktop.ts';
import { channels } from '../pages/ipc.ts';

/** Tells the page of the window something; nothing where there is no window. */
export function tellPage(window: BrowserWindow | null, message: DesktopMessage): void {
  if (window === null || window.isDestroyed()) return;
  window.webContents.send(channels.message, message);
}
