import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { errorText } from '../../shared/error-text.ts';
import { threadReady, threadStop } from './database-thread.ts';
import { sqliteCode } from './storage-errors.ts';
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

/** Only of what is read: the copy may lie on another disk. */
function sourceError(error: unknown): string | null {
  const code = sqliteCode(error);
  return code !== null && /^SQLITE_(IOERR_(READ|SHORT_READ)|CORRUPT|NOTADB)/.test(code) ? code : null;
}

work()
  .then(
    (value) => parentPort?.postMessage({ ok: true, value }),
    (error: unknown) =>
      parentPort?.postMessage({
        ok: false,
        message: errorText(error),
        sqlite: sourceError(error),
      }),
  )
  .finally(() => parentPort?.close());
