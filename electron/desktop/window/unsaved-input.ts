import type { BrowserWindow } from 'electron';
import type { Logger } from 'pino';
import { ask } from '../ask.ts';

const answerWithinMs = 1000;

/** Whether the page would ask before it is left: something was typed that is kept nowhere else. A page that hangs would not. */
export async function hasUnsavedInput({ webContents }: BrowserWindow): Promise<boolean> {
  const asksFirst = "!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))";
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), answerWithinMs);
  });
  const answer: Promise<unknown> = webContents.executeJavaScript(asksFirst);
  const isUnsaved = await Promise.race([answer.catch(() => false), late]);
  clearTimeout(timer);
  return isUnsaved === true;
}

/** Asks whether what was typed may be dropped. */
export async function mayDiscardInput(
  window: BrowserWindow,
  action: 'Close' | 'Reload' | 'Quit' | 'Switch',
): Promise<boolean> {
  const choice = await ask(
    {
      kind: 'question',
      message: 'Discard what you typed?',
      detail: 'A secret or note in this window is not saved. Secrets are not kept until they are stored or sent.',
      choices: [
        { key: 'keep', label: 'Keep Editing' },
        { key: 'discard', label: `Discard and ${action}` },
      ],
      onClose: 'keep',
    },
    { window },
  );
  return choice === 'discard';
}

/**
 * Electron keeps a window whose page objects to being left, without a word: asks, and closes or reloads it when the answer
 * is to discard. When the app quits it has been asked already.
 */
export function guardUnsavedInput(window: BrowserWindow, log: Logger, isQuitting: () => boolean): void {
  const { webContents } = window;
  let isClosing = false;
  let isAgreed = false;
  let isAsking = false;

  async function askToLeave(action: 'Close' | 'Reload'): Promise<void> {
    isAsking = true;
    try {
      isAgreed = await mayDiscardInput(window, action);
      if (!isAgreed || window.isDestroyed()) return;
      if (action === 'Close') window.close();
      else webContents.reload();
    } finally {
      isAsking = false;
    }
  }

  window.on('close', (event) => {
    isClosing = !event.defaultPrevented;
  });
  webContents.on('will-prevent-unload', (event) => {
    const action = isClosing ? 'Close' : 'Reload';
    isClosing = false;
    if (isQuitting() || isAgreed) {
      isAgreed = false;
      // Prevents the page from keeping itself.
      event.preventDefault();
      return;
    }
    if (isAsking) return;
    askToLeave(action).catch((error: unknown) =>
      log.error({ err: error }, 'what to do with the input could not be asked'),
    );
  });
}
