import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { errorCode } from '../../../shared/error-code.ts';
import { errorText } from '../../../shared/error-text.ts';
import { threadReady, threadStop } from '../database/database-thread.ts';
import { sqliteCode } from '../database/storage-errors.ts';
import { checkpointStepSchema, openCheckpointThread } from '../write/checkpoint-thread.ts';
import { copyStore } from './copy-store.ts';
import { findDamage } from './find-damage.ts';
import { type UpkeepTask, upkeepTaskSchema } from './upkeep-thread.ts';
import { verifyStore } from './verify-store.ts';

// Opened for nothing but to have SQLite loaded.
new Database(':memory:').close();
parentPort?.postMessage(threadReady);

/** Only of what is read: the copy may lie on another disk. */
function sourceError(error: unknown): string | null {
  const code = sqliteCode(error);
  return code !== null && /^SQLITE_(IOERR_(READ|SHORT_READ)|CORRUPT|NOTADB)/.test(code) ? code : null;
}

/** One task, then the thread ends. */
function runOnce(work: () => unknown): void {
  // Arrives between two steps of a copy; a thread's exit closes its databases.
  parentPort?.on('message', (message: unknown) => {
    if (message === threadStop) process.exit();
  });
  Promise.resolve()
    .then(work)
    .then(
      (value) => parentPort?.postMessage({ ok: true, value }),
      (error: unknown) => parentPort?.postMessage({ ok: false, message: errorText(error), sqlite: sourceError(error) }),
    )
    .finally(() => parentPort?.close());
}

/** Runs one step a message, until it is stopped. */
function followSteps({ file, databaseDescriptor }: Extract<UpkeepTask, { do: 'checkpoints' }>): void {
  const thread = openCheckpointThread(file, databaseDescriptor);
  parentPort?.on('message', (message: unknown) => {
    if (message === threadStop) {
      thread.close();
      parentPort?.close();
      return;
    }
    try {
      thread.do(checkpointStepSchema.parse(message));
      parentPort?.postMessage({ ok: true });
    } catch (error) {
      parentPort?.postMessage({ ok: false, code: errorCode(error), message: errorText(error) });
    }
  });
}

const task = upkeepTaskSchema.parse(workerData);
if (task.do === 'checkpoints') followSteps(task);
else if (task.do === 'check') runOnce(() => findDamage(task.file));
else if (task.do === 'verify') runOnce(() => verifyStore(task.file));
else runOnce(() => copyStore(task.from, task.to));
