import type { WritableDb } from '../database/open.ts';
import { storageFault } from '../database/storage-errors.ts';
import { forgetEventTypes } from '../events/event-types.ts';
import { joinedTo, outsideActions } from './joined-work.ts';
import type { WalSync } from './wal-sync.ts';

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
   * threw or with the commit's error (then nothing of it was written, as far as SQLite knows). What is asked for within a
   * transaction follows in the same one, if there is time.
   */
  write<T>(work: Write<T>): Promise<T>;
  /** Units of work waiting for a transaction. */
  waiting(): number;
  /** Resolves when everything asked for so far is on disk or has failed. */
  drain(): Promise<void>;
  /** Resolves when all that was committed is on disk; then nothing is committed until the result is called, once. */
  hold(): Promise<() => void>;
}

export interface WriterDeps {
  /** A transaction failed as a whole, at its commit or because the disk failed. */
  onCommitError(error: unknown): void;
  /** An announcement threw: its transaction is on disk all the same, and the other announcements are made. */
  onAnnounceError(error: unknown): void;
  /** Brings commits onto the disk; absent: COMMIT does. */
  wal?: Pick<WalSync, 'sync' | 'failure'>;
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

/** What is committed and not announced yet. */
interface Committed {
  units: Waiting[];
  announcements: (() => void)[];
}

const maxPerTransaction = 512;
/** A transaction ends after this long even when more waits, so that timers and sockets get their turn. */
const maxTransactionMs = 8;

/**
 * Group commit: whatever was asked for while the disk was at the commit before shares the next one, and its sync (≈ 0.5 ms
 * each). This thread does not wait for the disk: it reads and answers requests meanwhile. There is never more than one
 * commit that is not on disk, so nothing builds on what may be taken back, and between a commit and its announcement no
 * other one is made.
 *
 * When a unit of work throws, the transaction is rolled back, its announcements are dropped, and each unit runs again in its
 * own, so that one bad row does not take its neighbours with it.
 */
export function createWriter(db: WritableDb, { onCommitError, onAnnounceError, wal }: WriterDeps): Writer {
  let queue: Waiting[] = [];
  let isPlanned = false;
  let isSyncing = false;
  /** Holds that were granted and are not released. */
  let holds = 0;
  const holders: (() => void)[] = [];
  let idle: (() => void)[] = [];
  let open: OpenTransaction | null = null;

  const plan = (): void => {
    if (isPlanned || isSyncing || holds > 0) return;
    isPlanned = true;
    outsideActions(beginTurn);
  };
  const beginTurn = (): void => void setImmediate(turn);

  function turn(): void {
    isPlanned = false;
    if (isSyncing || holds > 0 || queue.length === 0) return;
    const batch = queue;
    queue = [];
    const committed: Committed = { units: [], announcements: [] };
    const rest = commitTogether(batch, committed);
    if (rest.length > 0) queue = queue.length === 0 ? rest : rest.concat(queue);
    if (committed.units.length === 0 || wal === undefined) {
      announce(committed);
      next();
      return;
    }
    isSyncing = true;
    wal.sync((error) => {
      isSyncing = false;
      if (error === null) announce(committed);
      else takenBack(committed, error);
      next();
    });
  }

  function next(): void {
    for (const grant of holders.splice(0)) {
      holds += 1;
      grant();
    }
    if (queue.length > 0) {
      plan();
      return;
    }
    const waiters = idle;
    idle = [];
    for (const resolve of waiters) resolve();
  }

  /** Returns the units there was no time for. */
  function commitTogether(batch: Waiting[], committed: Committed): Waiting[] {
    const failure = wal?.failure() ?? null;
    if (failure !== null) {
      for (const unit of batch) unit.fail(failure);
      return [];
    }
    const endBy = performance.now() + maxTransactionMs;
    let failedIn: 'work' | 'commit' = 'commit';
    let done = 0;
    try {
      const tx = begin();
      failedIn = 'work';
      // The batch grows while it runs.
      for (const unit of batch) {
        unit.run(tx);
        done += 1;
        if (done >= maxPerTransaction || performance.now() > endBy) break;
        if (done === batch.length) batch.push(...queue.splice(0));
      }
      failedIn = 'commit';
      commit(tx, done === batch.length ? batch : batch.slice(0, done), committed);
    } catch (error) {
      rollback();
      // On a full or broken disk trying one by one would only repeat the failure, wherever in the transaction it came.
      if (failedIn === 'commit' || storageFault(error) !== null) {
        onCommitError(error);
        for (const unit of batch) unit.fail(error);
        return [];
      }
      const tried = batch.slice(0, done + 1);
      for (const unit of tried) commitAlone(unit, committed);
      return batch.slice(tried.length);
    }
    return batch.slice(done);
  }

  function commitAlone(unit: Waiting, committed: Committed): void {
    try {
      const tx = begin();
      unit.run(tx);
      commit(tx, [unit], committed);
    } catch (error) {
      rollback();
      unit.fail(error);
    }
  }

  function begin(): OpenTransaction {
    db.exec('BEGIN IMMEDIATE');
    open = new OpenTransaction(db);
    return open;
  }

  function commit(tx: OpenTransaction, units: readonly Waiting[], committed: Committed): void {
    tx.isOpen = false;
    db.exec('COMMIT');
    committed.units.push(...units);
    committed.announcements.push(...tx.announcements);
  }

  /** The one place where a commit becomes known. */
  function announce({ announcements: all }: Committed): void {
    for (const tell of all) {
      try {
        tell();
      } catch (error) {
        onAnnounceError(error);
      }
    }
  }

  /** It did not reach the disk; what opens the store again forgets it (wal-sync.ts). */
  function takenBack({ units }: Committed, error: Error): void {
    forgetEventTypes(db);
    onCommitError(error);
    for (const unit of units) unit.fail(error);
  }

  function rollback(): void {
    if (open !== null) open.isOpen = false;
    forgetEventTypes(db);
    try {
      db.exec('ROLLBACK');
    } catch (error) {
      // SQLite rolls back on its own after some I/O errors; then there is no transaction left to end.
      if (!/no transaction is active/.test(String(error))) onCommitError(error);
    }
  }

  return {
    write: (own) =>
      new Promise((resolve, reject) => {
        const joined = joinedTo(own);
        const work = joined === null ? own : joined.work;
        queue.push({
          run(tx) {
            const value = work(tx);
            tx.afterCommit(() => resolve(value));
          },
          fail(error) {
            joined?.failed();
            reject(error);
          },
        });
        plan();
      }),
    waiting: () => queue.length,
    drain: () => (queue.length === 0 && !isSyncing ? Promise.resolve() : new Promise((resolve) => idle.push(resolve))),
    async hold() {
      if (isSyncing) await new Promise<void>((resolve) => holders.push(resolve));
      else holds += 1;
      return () => {
        holds -= 1;
        plan();
      };
    },
  };
}
