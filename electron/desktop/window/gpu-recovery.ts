import { app } from 'electron';
import type { Logger } from 'pino';
import { ask } from '../ask.ts';

/** `off` starts without the graphics processor. In the environment, so that it outlives a restart of the app. */
const gpuVariable = 'SIGNALBOX_GPU';

/** Crashes this close together have one cause. */
const withinMs = 5 * 60_000;
const offerAfter = 3;
/** A visible window starts a new process immediately; without an answer, this ends the loop. */
const hideAfter = 10;

/**
 * Must run before 'ready'. Chromium ends the whole app at the sixth crash of its graphics process, and the receiver with
 * it; the app counts them itself instead.
 */
export function surviveGpuCrashes(): void {
  app.commandLine.appendSwitch('disable-gpu-process-crash-limit');
  if (process.env[gpuVariable] === 'off') app.disableHardwareAcceleration();
}

/** Puts the environment back as it was; null while no restart is under way. */
let undoRestart: (() => void) | null = null;

/** Not before the app has ended: the drain may take a while, and the person may still cancel the quit. */
const relaunch = (): void => app.relaunch();

/** Drains as at a quit, then starts again without the graphics processor. */
export function restartWithoutGpu(): void {
  if (undoRestart === null) {
    const before = process.env[gpuVariable];
    undoRestart = () => {
      if (before === undefined) delete process.env[gpuVariable];
      else process.env[gpuVariable] = before;
    };
    process.env[gpuVariable] = 'off';
    app.once('will-quit', relaunch);
  }
  app.quit();
}

/** The quit was canceled, and the restart with it: a later quit ends the app for good. */
export function cancelRestart(): void {
  app.off('will-quit', relaunch);
  undoRestart?.();
  undoRestart = null;
}

export interface GpuRecoveryDeps {
  log: Logger;
  /** Stops the window from drawing; it can be opened again. */
  hideWindow(): void;
}

/** A broken graphics driver must not end the receiver and the jobs: the person is offered a restart without it. */
export function monitorGpu({ log, hideWindow }: GpuRecoveryDeps): void {
  let crashesMs: number[] = [];
  let isAsking = false;

  async function offer(reason: string): Promise<void> {
    const isOff = process.env[gpuVariable] === 'off';
    const choice = await ask({
      kind: 'warning',
      message: 'The graphics process of Signalbox keeps crashing.',
      detail: `Reason: ${reason}. The window may flicker or stay blank. Deliveries and jobs are not affected.`,
      choices: [
        ...(isOff ? [] : [{ key: 'restart' as const, label: 'Restart Without Graphics Processor' }]),
        { key: 'continue', label: 'Continue' },
      ],
      onClose: 'continue',
    });
    log.info({ choice }, 'answered: the graphics process keeps crashing');
    if (choice === 'restart') restartWithoutGpu();
  }

  app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
    if (type !== 'GPU' || reason === 'clean-exit') return;
    const nowMs = performance.now();
    crashesMs = [...crashesMs.filter((atMs) => nowMs - atMs < withinMs), nowMs];
    const crashes = crashesMs.length;
    log.error({ reason, exitCode, crashes }, 'the graphics process ended');
    if (crashes === hideAfter) {
      log.error('the window is hidden, because its graphics process keeps crashing');
      hideWindow();
    }
    if (crashes < offerAfter || isAsking) return;
    isAsking = true;
    offer(reason)
      .catch((error: unknown) => log.error({ err: error }, 'the question about the graphics process failed'))
      .finally(() => {
        isAsking = false;
        crashesMs = [];
      });
  });
}
