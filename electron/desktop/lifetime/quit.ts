import { app, powerMonitor } from 'electron';
import { collectPages } from '../../../shared/collect-pages.ts';
import { appCaller } from '../../../shared/contract/access/caller.ts';
import type { Runtime } from '../../runtime/runtime-types.ts';
import { ask } from '../ask.ts';
import type { FollowedApp } from '../status/follow-app.ts';
import { cancelRestart } from '../window/gpu-recovery.ts';
import type { OneWindow } from '../window/one-window.ts';
import { hasUnsavedInput, mayDiscardInput } from '../window/unsaved-input.ts';

const drainLimitMs = 20_000;

export interface QuitDeps {
  runtime: Pick<Runtime, 'handlers' | 'holdRuns' | 'stop' | 'log'>;
  followed: FollowedApp;
  window: () => OneWindow;
  /** Unsubscribes from the runtime. */
  release(): void;
}

export interface Quitting {
  /** The runtime is being stopped, or is: closing the window no longer hides it. */
  isQuitting(): boolean;
}

type State = 'running' | 'asking' | 'finishing' | 'draining' | 'drained';

/** `asking`: of those running, how many wait for an operator's answer. */
function runsText(running: number, asking: number): string {
  const text = running === 1 ? '1 run is still running' : `${running} runs are still running`;
  if (asking === 0) return text;
  if (asking < running) return `${text}, ${asking} of them waiting for your answer`;
  return `${text}, waiting for your answer`;
}

/** More are not worth counting. */
const maxCounted = 500;

/**
 * However the app is told to end (menu, tray, last window, a signal, the session's end): the runtime drains first, then
 * the process goes. Told twice, it goes on draining. With runs under way the person decides what becomes of them; a signal
 * and the session's end do not wait for an answer.
 */
export function drainBeforeQuit({ runtime, followed, window, release }: QuitDeps): Quitting {
  const { log } = runtime;
  let state: State = 'running';
  let isUrgent = false;
  let question: AbortController | null = null;

  async function stopRuntime(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), drainLimitMs);
    });
    try {
      const ending = await Promise.race([runtime.stop('quit'), limit]);
      if (ending === 'late') log.error({ drainLimitMs }, 'stopping took too long; what was left is cut short');
    } catch (error) {
      log.error({ err: error }, 'stopping failed');
    }
    clearTimeout(timer);
  }

  function drain(): void {
    if (state === 'draining' || state === 'drained') return;
    state = 'draining';
    question?.abort();
    release();
    void stopRuntime().then(() => {
      state = 'drained';
      app.quit();
    });
  }

  async function countRunning(): Promise<number> {
    return (await runtime.handlers['app.status']({}, appCaller)).runs.running;
  }

  /** Runs that wait for an answer. When they cannot be counted, the app asks without their number. */
  async function countAsking(): Promise<number> {
    try {
      const list = runtime.handlers['runs.list'];
      const state = 'interaction_required';
      const asking = await collectPages(async (page) => list({ state, ...page }, appCaller), maxCounted);
      return asking.length;
    } catch (error) {
      log.warn({ err: error }, 'runs that wait for an answer could not be counted');
      return 0;
    }
  }

  async function decide(): Promise<void> {
    const wasFinishing = state === 'finishing';
    state = 'asking';
    const shown = window().current();
    if (!wasFinishing && shown !== null && (await hasUnsavedInput(shown)) && !(await mayDiscardInput(shown, 'Quit'))) {
      // A signal, or the session's end, may have come meanwhile.
      if (state === 'asking') state = 'running';
      cancelRestart();
      return;
    }
    const running = await countRunning();
    if (running === 0) return drain();
    const runs = runsText(running, Math.min(running, await countAsking()));
    // A signal, or the session's end, came meanwhile.
    if (state !== 'asking') return;
    question = new AbortController();
    const { signal } = question;
    const choice = await ask(
      {
        kind: 'question',
        message: wasFinishing ? `Waiting to quit: ${runs}.` : `${runs}.`,
        detail:
          'Wait for Runs starts no new runs and quits when the running ones have finished. Stop Runs and Quit gives them 5 seconds, then ends their processes; at the next start, interrupted runs are retried or marked as failed, as configured on their jobs.',
        choices: [
          { key: 'wait', label: wasFinishing ? 'Keep Waiting' : 'Wait for Runs' },
          { key: 'stop', label: 'Stop Runs and Quit' },
          { key: 'cancel', label: wasFinishing ? 'Do Not Quit' : 'Cancel' },
        ],
        onClose: wasFinishing ? 'wait' : 'cancel',
      },
      { window: shown ?? undefined, signal },
    );
    if (signal.aborted || state !== 'asking') return;
    log.info({ choice, running }, 'answered: quit with runs under way');
    if (choice === 'stop') return drain();
    if (choice === 'wait') {
      state = 'finishing';
      runtime.holdRuns(true);
      return quitWhenIdle();
    }
    state = 'running';
    cancelRestart();
    if (wasFinishing) runtime.holdRuns(false);
    // Asked because the window was closed: without it, nothing would show that the app is still there.
    if (window().current() === null) window().open();
  }

  async function quitWhenIdle(): Promise<void> {
    if (state === 'finishing' && (await countRunning()) === 0) drain();
  }

  const reportFailure = (error: unknown): void => {
    log.error({ err: error }, 'what to do with the runs could not be asked');
    drain();
  };
  followed.onChange(() => {
    if (state === 'finishing') quitWhenIdle().catch(reportFailure);
  });
  app.on('before-quit', (event) => {
    if (state === 'drained') return;
    event.preventDefault();
    if (isUrgent) drain();
    else if (state === 'running' || state === 'finishing') decide().catch(reportFailure);
  });
  const quitNow = (): void => {
    isUrgent = true;
    app.quit();
  };
  // `on`, not `once`: a signal to the whole process group arrives more than once.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, quitNow);
  powerMonitor.on('shutdown', quitNow);
  return { isQuitting: () => state === 'draining' || state === 'drained' };
}
