import { forgetEventTypes } from './event-types.ts';
import type { WritableDb } from './open.ts';
import { storageFault } from './storage-errors.ts';

/** The transaction that is being written: another one for each, also when a unit is tried again. */
export interface Transaction {
  readonly db: WritableDb;
  /**
   * Calls `announce` once the transaction is on disk: once, in the order of these calls, before the promise of its `write`
   * resolves. Never for work that failed. Whatever the rest of the app learns about a commit, it learns here.
   */
  afterCommit(announce: () => void): void;
}

/** Work on the database. It may be run twice (see `createWriter`), so it must do nothing but read, write and `afterCommit`. */
export type Write<T> = (tx: Transaction) => T;

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

export interface WriterDeps {
  /** A transaction failed as a whole, at its commit or because the disk failed. */
  onCommitError(error: unknown): void;
  /** An announcement threw: its transaction is on disk all the same, and the other announcements are made. */
  onAnnounceError(error: unknown): void;
}

interface Waiting {
  run(tx: Transaction): void;
  fail(error: unknown): void;
}

class OpenTransaction implements Transaction {
  readonly db: WritableDb;
  /** Announcements of each unit, and after them the unit's own promise. */
  readonly announcements: (() => void)[] = [];
  isOpen = true;

  constructor(db: WritableDb) {
    this.db = db;
  }

  afterCommit(announce: () => void): void {
    if (!this.isOpen) throw new Error('afterCommit was called outside of its transaction');
    this.announcements.push(announce);
  }
}

const maxPerTransaction = 512;
/** A transaction ends after this long even when more waits, so that timers and sockets get their turn. */
const maxTransactionMs = 8;

/**
 * Group commit: whatever was asked for during one turn of the event loop shares one transaction, hence one fsync
 * (≈ 0.5 ms each). When a unit of work throws, the transaction is rolled back, its announcements are dropped, and each unit
 * runs again in its own, so that one bad row does not take its neighbours with it.
 */
export function createWriter(db: WritableDb, { onCommitError, onAnnounceError }: WriterDeps): Writer {
  let queue: Waiting[] = [];
  let isPlanned = false;
  let idle: (() => void)[] = [];
  let open: OpenTransaction | null = null;

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
    const endBy = performance.now() + maxTransactionMs;
    let failedIn: 'work' | 'commit' = 'commit';
    let done = 0;
    let committed: (() => void)[];
    try {
      const tx = begin();
      failedIn = 'work';
      for (const unit of batch) {
        unit.run(tx);
        done += 1;
        if (done >= maxPerTransaction || performance.now() > endBy) break;
      }
      failedIn = 'commit';
      committed = commit(tx);
    } catch (error) {
      rollback();
      // On a full or broken disk trying one by one would only repeat the failure, wherever in the transaction it came.
      if (failedIn === 'commit' || storageFault(error) !== null) {
        onCommitError(error);
        for (const unit of batch) unit.fail(error);
        return [];
      }
      const tried = batch.slice(0, done + 1);
      for (const unit of tried) commitAlone(unit);
      return batch.slice(tried.length);
    }
    announce(committed);
    return batch.slice(done);
  }

  function commitAlone(unit: Waiting): void {
    let committed: (() => void)[];
    try {
      const tx = begin();
      unit.run(tx);
      committed = commit(tx);
    } catch (error) {
      rollback();
      unit.fail(error);
      return;
    }
    announce(committed);
  }

  function begin(): OpenTransaction {
    db.exec('BEGIN IMMEDIATE');
    open = new OpenTransaction(db);
    return open;
  }

  /** Returns what is to be announced now. */
  function commit(tx: OpenTransaction): (() => void)[] {
    tx.isOpen = false;
    db.exec('COMMIT');
    return tx.announcements;
  }

  /** The one place where a commit becomes known. */
  function announce(committed: readonly (() => void)[]): void {
    for (const tell of committed) {
      try {
        tell();
      } catch (error) {
        onAnnounceError(error);
      }
    }
  }

  function rollback(): void {
    if (open !== null) open.isOpen = false;
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
          run(tx) {
            const value = work(tx);
            tx.afterCommit(() => resolve(value));
          },
          fail: reject,
        });
        plan();
      }),
    waiting: () => queue.length,
    drain: () => (queue.length === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve))),
  };
}
