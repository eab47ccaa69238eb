import type { Reader } from '../../store/read/reader.ts';
import type { Indexer } from '../../store/search/indexer.ts';

/** How many events there are and how fast they come, kept in memory: counting a million rows takes too long to repeat. */
export interface EventCounts {
  added(seqs: readonly number[]): void;
  removed(count: number): void;
  total(): number;
  /** Of the last sixty seconds. */
  perMinute(): number;
  /** Of the newest event that is on disk; 0 until events are counted. */
  newestSeq(): number;
  indexBehind(): number;
}

const slots = 60;

export function createEventCounts(reader: Reader, indexer: Indexer, nowMs: () => number): EventCounts {
  const bySecond = new Array<number>(slots).fill(0);
  let second = Math.floor(nowMs() / 1000);
  let total = 0;
  let newestSeq = 0;
  const counted = reader.read('countEvents', {}).then((found) => {
    // What came in while it was counted may be in both; the number is for people, and the next start sets it right.
    total = Math.max(total, found.total);
    newestSeq = Math.max(newestSeq, found.newestSeq);
  });
  // Without the count the total starts at what has come in since; the reader has logged why.
  counted.catch(() => undefined);

  function forward(): void {
    const now = Math.floor(nowMs() / 1000);
    const steps = Math.min(slots, Math.max(0, now - second));
    for (let i = 1; i <= steps; i++) bySecond[(second + i) % slots] = 0;
    second = now;
  }

  return {
    added(seqs) {
      forward();
      const slot = second % slots;
      bySecond[slot] = (bySecond[slot] ?? 0) + seqs.length;
      total += seqs.length;
      for (const seq of seqs) if (seq > newestSeq) newestSeq = seq;
    },
    removed(count) {
      total = Math.max(0, total - count);
    },
    total: () => total,
    perMinute() {
      forward();
      return bySecond.reduce((sum, count) => sum + count, 0);
    },
    newestSeq: () => newestSeq,
    indexBehind: () => Math.max(0, newestSeq - indexer.indexedTo()),
  };
}
