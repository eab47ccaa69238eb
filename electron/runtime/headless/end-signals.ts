import { Worker } from 'node:worker_threads';

/** Signals to the process, from its first moment on. */
export interface EndSignals {
  /** Aborted by the first signal to end; its reason is the signal's name. */
  readonly ending: AbortSignal;
  /** Called for each SIGHUP that does not mean the end of a terminal. */
  onReload(listener: () => void): void;
}

/** The promise is 20 s; the parts of the app get 18 of them (stop-order.ts). */
const exitAfterMs = 19_000;
const killAfterMs = 19_600;

/**
 * SIGTERM and SIGINT end the app. SIGHUP does where the process has a terminal, which is gone then; under a service
 * manager it means "read your configuration again", as for other servers.
 */
export function catchEndSignals(): EndSignals {
  const controller = new AbortController();
  const reloaders: (() => void)[] = [];
  // Read now: once the terminal is closed, these are no terminals.
  const hasTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY === true);

  function end(signal: NodeJS.Signals): void {
    // A repeated Ctrl+C changes nothing: the drain has a time limit.
    if (controller.signal.aborted) return;
    limitTheEnd();
    controller.abort(signal);
  }

  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('SIGHUP', (signal) => {
    if (hasTerminal || process.platform === 'win32') end(signal);
    else for (const reload of reloaders) reload();
  });
  if (process.platform === 'win32') process.on('SIGBREAK', end);
  return { ending: controller.signal, onReload: (listener) => reloaders.push(listener) };
}

/**
 * Whatever hangs, the process ends within 20 s. A disk that does not answer can hold this thread inside one call, where
 * no timer runs: another thread then ends the process.
 */
function limitTheEnd(): void {
  setTimeout(() => process.exit(1), exitAfterMs).unref();
  const code = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${killAfterMs})`;
  new Worker(code, { eval: true }).unref();
}
