/**
 * The entry of a cluster's log that is being applied. Every node applies the same entries in the same order and must come to
 * the same rows: within one, times are the entry's and ids follow from its number. Null on a single machine, always.
 */
export interface LogEntry {
  readonly seq: number;
  readonly atMs: number;
  /** Ids made so far. */
  ids: number;
}

let current: LogEntry | null = null;

export const currentEntry = (): LogEntry | null => current;

/** `work` must be synchronous. */
export function withinEntry<T>(entry: { seq: number; atMs: number }, work: () => T): T {
  const before = current;
  current = { ...entry, ids: 0 };
  try {
    return work();
  } finally {
    current = before;
  }
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const base = BigInt(alphabet.length);
const counterBits = 24n;

/** The 16 characters after a ULID's time: the entry's number and the how manieth id of it this is. */
export function entryIdTail(entry: LogEntry): string {
  entry.ids += 1;
  let value = (BigInt(entry.seq) << counterBits) | BigInt(entry.ids);
  let text = '';
  for (let place = 0; place < 16; place += 1) {
    text = `${alphabet.charAt(Number(value % base))}${text}`;
    value /= base;
  }
  return text;
}
