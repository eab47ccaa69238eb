import { randomFillSync } from 'node:crypto';
import { encodeTime, monotonicFactory } from 'ulid';
import { currentEntry, entryIdTail } from './log-entry.ts';

/** Random bytes are drawn many at a time: one by one, as the library draws them, an id in a new millisecond takes 4 µs, so 0.4. */
const pool = new Uint8Array(4096);
let drawn = pool.length;

function random(): number {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  return (pool[drawn++] ?? 0) / 256;
}

const next = monotonicFactory(random);

/** Ids sort by the time they were made, within a millisecond too. */
export function newId(
  kind: 'evt' | 'run' | 'dlv' | 'rpl' | 'sch' | 'ask' | 'acc' | 'ses' | 'tok' | 'fail' | 'view' | 'alm',
  nowMs: number = Date.now(),
): string {
  const entry = currentEntry();
  return entry === null ? `${kind}_${next(nowMs)}` : `${kind}_${encodeTime(nowMs, 10)}${entryIdTail(entry)}`;
}
