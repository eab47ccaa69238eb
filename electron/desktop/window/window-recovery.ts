import type { BrowserWindow } from 'electron';
import type { Logger } from 'pino';
import { ask } from '../ask.ts';
import type { Audience } from '../pages/ipc.ts';
import { restartWithoutGpu } from './gpu-recovery.ts';

/** One crash may be chance; with a second within this time, automatic reloading could go on for ever. */
const patienceMs = 60_000;
/** Chromium tells of a hang only when keys or the mouse wait for the page. */
const checkEveryMs = 10_000;
const answerWithinMs = 10_000;

const unaffected = 'Deliveries and jobs are not affected.';
const reload = { key: 'reload', label: 'Reload' } as const;
const withoutGpu = { key: 'restart', label: 'Restart Without Graphics Processor' } as const;
const wait = { key: 'wait', label: 'Wait' } as const;

/**
 * Brings a window back whose page crashed or hangs: automatically the first time, then by asking. Returns whether its
 * page responds.
 */
export function recoverWindow(window: BrowserWindow, log: Logger): Audience {
  const { webContents } = window;
  const listeners: (() => void)[] = [];
  let lastCrashMs = Number.NEGATIVE_INFINITY;
  let isHanging = false;
  /** We ended the page ourselves, to reload it. */
  let isEndedByUs = false;
  let isCrashed = false;
  let question: AbortController | null = null;

  const setHanging = (hanging: boolean): void => {
    if (isHanging === hanging) return;
    isHanging = hanging;
    for (const listener of listeners) listener();
  };
  const reloadPage = (): void => {
    if (!window.isDestroyed()) webContents.reload();
  };

  /** One question at a time; a later trouble takes the earlier question back. */
  async function offer<K extends 'reload' | 'restart' | 'wait'>(
    message: string,
    detail: string,
    choices: readonly { key: K; label: string }[],
    onClose: K,
  ): Promise<K | null> {
    question?.abort();
    const asked = new AbortController();
    question = asked;
    const choice = await ask({ kind: 'warning', message, detail, choices, onClose }, { window, signal: asked.signal });
    if (question === asked) question = null;
    if (asked.signal.aborted) return null;
    log.info({ choice }, `answered: ${message}`);
    if (choice === 'restart') restartWithoutGpu();
    return choice;
  }

  async function offerAfterCrash(reason: string): Promise<void> {
    const choice = await offer(
      'The window crashed again.',
      `Reason: ${reason}. ${unaffected} Restart without the graphics processor when reloading does not help.`,
      [reload, withoutGpu],
      'reload',
    );
    if (choice === 'reload') reloadPage();
  }

  async function offerWhileHanging(): Promise<void> {
    const choice = await offer(
      'The window does not respond.',
      `Its page has not answered for ${Math.round(answerWithinMs / 1000)} seconds. ${unaffected}`,
      [wait, reload, withoutGpu],
      'wait',
    );
    if (choice !== 'reload' || window.isDestroyed()) return;
    isEndedByUs = true;
    webContents.forcefullyCrashRenderer();
  }

  const reportFailure = (error: unknown): void => log.error({ err: error }, 'the window could not be brought back');

  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    question?.abort();
    setHanging(false);
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    if (isEndedByUs) {
      isEndedByUs = false;
      log.info('the window that did not respond is reloaded');
      reloadPage();
      return;
    }
    const nowMs = performance.now();
    const isFirst = nowMs - lastCrashMs > patienceMs;
    lastCrashMs = nowMs;
    log.error({ reason, exitCode, reloads: isFirst }, 'the page of the window crashed');
    if (isFirst) {
      reloadPage();
      return;
    }
    isCrashed = true;
    // A hidden window is reloaded when it is shown.
    if (window.isVisible()) offerAfterCrash(reason).catch(reportFailure);
  });
  webContents.on('did-start-loading', () => {
    isCrashed = false;
  });
  window.on('show', () => {
    if (isCrashed && question === null) reloadPage();
  });

  function noteHang(): void {
    if (isHanging || isCrashed) return;
    setHanging(true);
    log.warn({ answerWithinMs }, 'the window does not respond');
    offerWhileHanging().catch(reportFailure);
  }

  let isChecking = false;
  async function check(): Promise<void> {
    if (isChecking || isCrashed || !window.isVisible() || window.isMinimized()) return;
    // A page that is stopped in the debugger, or still loading, is no hang.
    if (webContents.isDevToolsOpened() || webContents.isLoading()) return;
    isChecking = true;
    const timer = setTimeout(noteHang, answerWithinMs);
    const end = (): void => {
      clearTimeout(timer);
      webContents.off('render-process-gone', end);
      isChecking = false;
    };
    // The answer of a page that crashes meanwhile never comes.
    webContents.once('render-process-gone', end);
    try {
      await webContents.executeJavaScript('0');
      if (isHanging) {
        log.info('the window responds again');
        question?.abort();
        setHanging(false);
      }
    } finally {
      end();
    }
  }

  const checks = setInterval(() => {
    check().catch((error: unknown) => log.debug({ err: error }, 'the window could not be checked'));
  }, checkEveryMs);
  window.on('closed', () => {
    clearInterval(checks);
    question?.abort();
  });
  window.on('unresponsive', noteHang);

  return {
    isWatching: () => !isHanging,
    onChange: (listener) => listeners.push(listener),
  };
}
