import { findFailureBySeq, toFailure } from '../../store/failures/failure-rows.ts';
import type { Transaction } from '../../store/write/writer.ts';
import type { Bus } from '../announcements.ts';

/** Pushes changed failures to clients: one push per transaction, with their state after the commit. */
export function createFailureAnnouncer({ bus, isWatched }: { bus: Bus; isWatched(): boolean }) {
  let changing: { tx: Transaction; seqs: Set<number> } | null = null;

  return {
    changed(tx: Transaction, seq: number): void {
      if (!isWatched()) return;
      if (changing?.tx !== tx) {
        const seqs = new Set<number>();
        changing = { tx, seqs };
        tx.afterCommit(() => {
          changing = null;
          const failures = [...seqs].flatMap((one) => {
            const row = findFailureBySeq(tx.db, one);
            return row === null ? [] : [toFailure(row)];
          });
          bus.emit('failures.changed', failures);
        });
      }
      changing.seqs.add(seq);
    },
  };
}

export type FailureAnnouncer = ReturnType<typeof createFailureAnnouncer>;
