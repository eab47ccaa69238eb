import { app } from 'electron';
import type { Runtime } from '../runtime/runtime-types.ts';

const drainLimitMs = 20_000;

export interface Quitting {
  isQuitting(): boolean;
}

/**
 * However the app is told to end (menu, tray, last window, a signal, the session's end): the runtime drains first, then
 * the process goes. Told twice, it goes on draining.
 */
export function drainBeforeQuit(runtime: Runtime, release: () => void): Quitting {
  let state: 'running' | 'draining' | 'drained' = 'running';

  async function drain(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), drainLimitMs);
    });
    try {
      const ending = await Promise.race([runtime.stop('quit'), limit]);
      if (ending === 'late') runtime.log.error({ drainLimitMs }, 'stopping took too long; what was left is cut short');
    } catch (error) {
      runtime.log.error({ err: error }, 'stopping failed');
    }
    clearTimeout(timer);
  }

  app.on('before-quit', (event) => {
    if (state === 'drained') return;
    event.preventDefault();
    if (state === 'draining') return;
    state = 'draining';
    release();
    drain().then(() => {
      state = 'drained';
      app.quit();
    });
  });
  // `on`, not `once`: a signal to the whole process group arrives more than once.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit());
  return { isQuitting: () => state !== 'running' };
}
