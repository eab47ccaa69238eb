import type { BrowserWindow } from 'electron';
import type { PushHub } from '../console/push-hub.ts';
import { sendPushes } from './ipc.ts';
import { openWindow, showWindow, type WindowOptions } from './window.ts';

/** The app has one window: gives what opens it, or brings it to the front when it is there. */
export function keepOneWindow(pushHub: PushHub, options: WindowOptions): () => void {
  let window: BrowserWindow | null = null;
  let isOpening = false;

  async function create(): Promise<void> {
    const opened = await openWindow(options);
    sendPushes(pushHub, opened.webContents);
    opened.on('closed', () => {
      window = null;
    });
    window = opened;
  }

  return () => {
    if (window !== null) {
      showWindow(window);
    } else if (!isOpening) {
      isOpening = true;
      create()
        .catch((error: unknown) => options.log.error({ err: error }, 'the window could not be opened'))
        .finally(() => {
          isOpening = false;
        });
    }
  };
}
