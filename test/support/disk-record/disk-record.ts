import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilePreload, whyNoPreload } from '../preload.ts';

const source = join(import.meta.dirname, 'disk-record.c');

export const whyNoDiskRecord = (): string | null => whyNoPreload(source);

/** For the environment of the process whose writes, syncs and answers are to be recorded in `file`. */
export function diskRecordEnv(file: string): Record<string, string> {
  writeFileSync(file, '');
  return { LD_PRELOAD: compilePreload(source), DISK_RECORD_FILE: file };
}

export type RecordedFile = 'database' | 'log';

/** As disk-record.c writes them. */
export type DiskRecord =
  | { kind: 'write'; file: RecordedFile; at: number; data: Buffer }
  | { kind: 'truncate'; file: RecordedFile; length: number }
  | { kind: 'syncBegin' | 'syncEnd'; file: RecordedFile; number: number }
  | { kind: 'answer'; text: string };

const headBytes = 24;

export function readDiskRecord(file: string): DiskRecord[] {
  const bytes = readFileSync(file);
  const records: DiskRecord[] = [];
  let from = 0;
  while (from + headBytes <= bytes.length) {
    const kind = bytes.readUInt32LE(from);
    const of: RecordedFile = bytes.readUInt32LE(from + 4) === 1 ? 'database' : 'log';
    const at = Number(bytes.readBigUInt64LE(from + 8));
    const length = Number(bytes.readBigUInt64LE(from + 16));
    const end = from + headBytes + length;
    // The last one, when the process was killed over it.
    if (end > bytes.length) break;
    const data = bytes.subarray(from + headBytes, end);
    if (kind === 1) records.push({ kind: 'write', file: of, at, data });
    else if (kind === 2 || kind === 3)
      records.push({ kind: kind === 2 ? 'syncBegin' : 'syncEnd', file: of, number: at });
    else if (kind === 4) records.push({ kind: 'truncate', file: of, length: at });
    else records.push({ kind: 'answer', text: data.toString('latin1') });
    from = end;
  }
  return records;
}

type Change = Extract<DiskRecord, { kind: 'write' | 'truncate' }>;

/** What a file holds, after some of its changes. */
class Image {
  #bytes: Buffer;
  #size: number;

  constructor(bytes: Buffer = Buffer.alloc(1024 * 1024), size = 0) {
    this.#bytes = bytes;
    this.#size = size;
  }

  copy(): Image {
    return new Image(Buffer.from(this.bytes), this.#size);
  }

  apply(change: Change): void {
    if (change.kind === 'truncate') {
      this.#resize(change.length);
      return;
    }
    const end = change.at + change.data.length;
    if (end > this.#size) this.#resize(end);
    change.data.copy(this.#bytes, change.at);
  }

  #resize(size: number): void {
    if (size > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(size, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#size);
      this.#bytes = larger;
    } else if (size > this.#size) this.#bytes.fill(0, this.#size, size);
    this.#size = size;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }
}

/** Disks keep whole sectors. */
const sectorBytes = 4096;

/** A write falls apart where the disk's sectors end. */
function* sectorsOf(change: Change): Generator<Change> {
  if (change.kind === 'truncate') {
    yield change;
    return;
  }
  const { data, at } = change;
  for (let from = 0; from < data.length; ) {
    const end = Math.min(data.length, from + sectorBytes - ((at + from) % sectorBytes));
    yield { ...change, at: at + from, data: data.subarray(from, end) };
    from = end;
  }
}

/**
 * A disk that loses its power at any moment: what was synced is there, of the rest nothing or anything. Changes count as
 * synced when they were made before a sync of their file began that has ended.
 */
export class PowerCutDisk {
  #synced = { database: new Image(), log: new Image() };
  /** In order, of both files. */
  #unsynced: Change[] = [];
  /** How many changes had been made when a sync began. */
  #begun = new Map<number, Change | null>();
  /** Counts what was brought onto the disk. */
  version = 0;

  apply(record: DiskRecord): void {
    if (record.kind === 'write' || record.kind === 'truncate') this.#unsynced.push(record);
    else if (record.kind === 'syncBegin') this.#begun.set(record.number, this.#unsynced.at(-1) ?? null);
    else if (record.kind === 'syncEnd') this.#sync(record.file, this.#begun.get(record.number) ?? null);
  }

  #sync(file: RecordedFile, last: Change | null): void {
    const end = last === null ? -1 : this.#unsynced.indexOf(last);
    this.#unsynced = this.#unsynced.filter((change, n) => {
      if (change.file !== file || n > end) return true;
      this.#synced[file].apply(change);
      this.version += 1;
      return false;
    });
  }

  /** The store's two files as they may be found after a power cut now; `keeps` decides on each unsynced sector. */
  files(keeps: () => boolean): Record<RecordedFile, Buffer> {
    const found = { database: this.#synced.database.copy(), log: this.#synced.log.copy() };
    for (const change of this.#unsynced)
      for (const one of sectorsOf(change)) if (keeps()) found[change.file].apply(one);
    return { database: found.database.bytes, log: found.log.bytes };
  }
}
