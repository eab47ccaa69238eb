import { Worker } from 'node:worker_threads';

/** What such a thread says as soon as its database is open. */
export const threadReady = 'ready';
/** Tells such a thread to end once its current work is done. */
export const threadStop = 'stop';

export interface DatabaseThread {
  worker: Worker;
  /** Resolves when the thread has ended. What takes it longer than `patienceMs` is cut short. */
  stop(patienceMs: number): Promise<void>;
}

/**
 * A thread that works on a database. Node aborts the whole process when a thread is terminated while it loads
 * SQLite's native part (a Node-API call that fails there is fatal), so that is never done before the thread is ready.
 */
export function startDatabaseThread(
  file: string | URL,
  workerData: object,
  onMessage: (message: unknown) => void,
): DatabaseThread {
  const worker = new Worker(file, { workerData });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const ready = new Promise<void>((resolve) => {
    worker.on('message', (message: unknown) => {
      if (message === threadReady) resolve();
      else onMessage(message);
    });
  });
  return {
    worker,
    async stop(patienceMs) {
      worker.postMessage(threadStop);
      const giveUp = setTimeout(() => void ready.then(() => worker.terminate()), patienceMs);
      await ended;
      clearTimeout(giveUp);
    },
  };
}
