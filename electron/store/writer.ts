import { forgetEventTypes } from './event-types.ts';
import type { WritableDb } from './open.ts';
import { storageFault } from './storage-errors.ts';

/** Work on the database. It may be run twice (see `createWriter`), so it must do nothing but read and write `db`. */
export type Write<T> = (db: WritableDb) => T;

export interface Writer {
  /**
   * Runs `work` in the next shared transaction; resolves after that transaction is on disk, rejects with what `work`
   * threw or with the commit's error (then nothing of it was written, as far as SQLite knows).
   */
  write<T>(work: Write<T>): Promise<T>;
  /** Units of work waiting for a transaction. */
  waiting(): number;
  /** Resolves when everything asked for so far is on disk or has failed. */
  drain(): Promise<void>;
}

interface Waiting {
  run(db: WritableDb): () => void;
  fail(error: unknown): void;
}

const maxPerTransaction = 512;
/** A transaction ends after this long even when more waits, so that timers and sockets get their turn. */
const maxTransactionMs = 8;

/**
 * Group commit: whatever was asked for during one turn of the event loop shares one transaction, hence one fsync
 * (≈ 0.5 ms each). When a unit of work throws, the transaction is rolled back and each unit runs again in its own, so
 * that one bad row does not take its neighbours with it. `onCommitError`: a transaction failed as a whole, at its commit
 * or because the disk failed.
 */
export function createWriter(db: WritableDb, onCommitError: (error: unknown) => void): Writer {
  let queue: Waiting[] = [];
  let isPlanned = false;
  let idle: (() => void)[] = [];

  const plan = (): void => {
    if (isPlanned) return;
    isPlanned = true;
    setImmediate(turn);
  };

  function turn(): void {
    isPlanned = false;
    const batch = queue;
    queue = [];
    const rest = commitTogether(batch);
    if (rest.length > 0) queue = queue.length === 0 ? rest : rest.concat(queue);
    if (queue.length > 0) {
      plan();
      return;
    }
    const waiters = idle;
    idle = [];
    for (const resolve of waiters) resolve();
  }

  /** Returns the units there was no time for. */
  function commitTogether(batch: Waiting[]): Waiting[] {
    const settle: (() => void)[] = [];
    const endBy = performance.now() + maxTransactionMs;
    let failedIn: 'work' | 'commit' = 'commit';
    try {
      db.exec('BEGIN IMMEDIATE');
      failedIn = 'work';
      for (const unit of batch) {
        settle.push(unit.run(db));
        if (settle.length >= maxPerTransaction || performance.now() > endBy) break;
      }
      failedIn = 'commit';
      db.exec('COMMIT');
    } catch (error) {
      rollback();
      // On a full or broken disk trying one by one would only repeat the failure, wherever in the transaction it came.
      if (failedIn === 'commit' || storageFault(error) !== null) {
        onCommitError(error);
        for (const unit of batch) unit.fail(error);
        return [];
      }
      const tried = batch.slice(0, settle.length + 1);
      for (const unit of tried) commitAlone(unit);
      return batch.slice(tried.length);
    }
    for (const resolve of settle) resolve();
    return batch.slice(settle.length);
  }

  function commitAlone(unit: Waiting): void {
    try {
      db.exec('BEGIN IMMEDIATE');
      const resolve = unit.run(db);
      db.exec('COMMIT');
      resolve();
    } catch (error) {
      rollback();
      unit.fail(error);
    }
  }

  function rollback(): void {
    forgetEventTypes(db);
    try {
      db.exec('ROLLBACK');
    } catch (error) {
      // SQLite has rolled back by itself after some I/O errors; then there is no transaction left to end.
      if (!/no transaction is active/.test(String(error))) onCommitError(error);
    }
  }

  return {
    write: (work) =>
      new Promise((resolve, reject) => {
        queue.push({
          run: (handle) => {
            const value = work(handle);
            return () => resolve(value);
          },
          fail: reject,
        });
        plan();
      }),
    waiting: () => queue.length,
    drain: () => (queue.length === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve))),
  };
}
