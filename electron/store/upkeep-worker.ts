import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { threadReady, threadStop } from './database-thread.ts';
import { copyStore, findDamage } from './upkeep.ts';
import { upkeepTaskSchema } from './upkeep-thread.ts';

// Opened for nothing but to have SQLite loaded.
new Database(':memory:').close();
parentPort?.postMessage(threadReady);
// Arrives between two steps of a copy; a thread's exit closes its databases.
parentPort?.on('message', (message: unknown) => {
  if (message === threadStop) process.exit();
});

/** One task, then the thread ends. */
async function work(): Promise<unknown> {
  const task = upkeepTaskSchema.parse(workerData);
  return task.do === 'check' ? findDamage(task.file) : await copyStore(task.from, task.to);
}

work()
  .then(
    (value) => parentPort?.postMessage({ ok: true, value }),
    (error: unknown) =>
      parentPort?.postMessage({ ok: false, message: error instanceof Error ? error.message : String(error) }),
  )
  .finally(() => parentPort?.close());
