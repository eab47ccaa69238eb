import { parentPort, workerData } from 'node:worker_threads';
import { copyStore, findDamage } from './upkeep.ts';
import { upkeepTaskSchema } from './upkeep-thread.ts';

/** One task, then the thread ends. */
async function work(): Promise<unknown> {
  const task = upkeepTaskSchema.parse(workerData);
  return task.do === 'check' ? findDamage(task.file) : await copyStore(task.from, task.to);
}

work().then(
  (value) => parentPort?.postMessage({ ok: true, value }),
  (error: unknown) =>
    parentPort?.postMessage({ ok: false, message: error instanceof Error ? error.message : String(error) }),
);
