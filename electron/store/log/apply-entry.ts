import { AppError } from '../../../shared/contract/errors.ts';
import { withinEntry } from '../database/log-entry.ts';
import { forgetEventTypes } from '../events/event-types.ts';
import type { Transaction } from '../write/writer.ts';
import { advanceLog } from './log-position.ts';

export interface AppliedEntry {
  seq: number;
  atMs: number;
  /** The entry before it in the log. */
  after: number;
}

/** The store is not at the entry before: one failed, and those that follow must not be applied without it. */
export class OutOfOrderError extends Error {
  constructor({ seq, after }: AppliedEntry) {
    super(`entry ${seq} of the log cannot be applied: the store is not at ${after}`);
    this.name = 'OutOfOrderError';
  }
}

/**
 * Applies an entry in the transaction that counts it as applied: exactly once, whatever ends the app when. An AppError is a
 * refusal that every node comes to, so that it changes nothing and counts; any other error is this node's own, and throws.
 */
export function applyEntry<T>(
  tx: Transaction,
  entry: AppliedEntry,
  work: (tx: Transaction) => T,
): { ok: true; value: T } | { ok: false; error: AppError } {
  const { db } = tx;
  if (!advanceLog(db, entry.after, entry.seq)) throw new OutOfOrderError(entry);
  const announcements: (() => void)[] = [];
  db.exec('SAVEPOINT entry');
  try {
    const value = withinEntry(entry, () => work({ db, afterCommit: (announce) => announcements.push(announce) }));
    db.exec('RELEASE entry');
    for (const announce of announcements) tx.afterCommit(announce);
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    db.exec('ROLLBACK TO entry');
    db.exec('RELEASE entry');
    forgetEventTypes(db);
    return { ok: false, error };
  }
}
