import { join } from 'node:path';
import { app } from 'electron';
import type { Runtime, StartOptions } from '../../runtime/runtime-types.ts';
import { StartError } from '../../upkeep/start-error.ts';
import { openSecretBox } from '../secret-box.ts';
import { menuLoginShell } from './login-shell.ts';
import { recoverStart } from './recover-start.ts';

async function startOnce(options: StartOptions, builtDir: string, ending: AbortSignal): Promise<Runtime> {
  // Half a second of a start is reading this code: the window is painted meanwhile.
  const { startRuntime } = await import('../../runtime/start.ts');
  return await startRuntime({
    ...options,
    mode: 'desktop',
    rendererDir: join(builtDir, '../renderer'),
    workerFiles: {
      readWorker: join(builtDir, 'read-worker.js'),
      indexWorker: join(builtDir, 'index-worker.js'),
      upkeepWorker: join(builtDir, 'upkeep-worker.js'),
      scriptWorker: join(builtDir, 'script-worker.js'),
      guardian: join(builtDir, 'guardian.js'),
      configWorker: join(builtDir, 'config-worker.js'),
    },
    loginShell: menuLoginShell(process.env, process.platform),
    secretBox: openSecretBox(),
    ending,
  });
}

/**
 * Starts; when a port or a directory is not available, again with what the person chooses. Null: the app ends. Told to
 * quit meanwhile, it closes what it has opened and ends.
 */
export async function startOrRecover(options: StartOptions, builtDir: string): Promise<Runtime | null> {
  const ending = new AbortController();
  let isAsking = false;
  const endEarly = (event: Electron.Event): void => {
    // With a question on show nothing is open.
    if (isAsking) return;
    event.preventDefault();
    ending.abort();
  };
  app.on('before-quit', endEarly);
  try {
    for (let next: StartOptions | null = options; next !== null; ) {
      try {
        const runtime = await startOnce(next, builtDir, ending.signal);
        if (!ending.signal.aborted) return runtime;
        await runtime.stop('quit');
        app.exit(0);
        return null;
      } catch (error) {
        if (ending.signal.aborted) {
          app.exit(0);
          return null;
        }
        if (!(error instanceof StartError)) throw error;
        process.stderr.write(`${error.message}\n`);
        isAsking = true;
        next = await recoverStart(error, next);
        isAsking = false;
        if (next === null) app.exit(error.exitCode);
      }
    }
    return null;
  } finally {
    app.off('before-quit', endEarly);
  }
}
