import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeMeta } from '../../electron/store/database/meta.ts';
import { openReadable, openWritable } from '../../electron/store/database/open.ts';
import { createCheckpoints, maxLogBytes } from '../../electron/store/write/checkpoints.ts';
import { createWalSync } from '../../electron/store/write/wal-sync.ts';
import { createWriter } from '../../electron/store/write/writer.ts';
import { eventually } from '../support/eventually.ts';
import { tempDir } from '../support/temp-store.ts';

const workerFile = new URL('../../electron/store/upkeep/upkeep-worker.ts', import.meta.url);
const mib = 1024 * 1024;

/** A store whose commits reach the disk outside of COMMIT, and whose log is copied by another thread. */
function openStore() {
  const databaseFile = join(tempDir(), 'signalbox.db');
  const db = openWritable(databaseFile);
  const errors: unknown[] = [];
  const large: (number | null)[] = [];
  const wal = createWalSync({
    db,
    databaseFile,
    onFailure: (error) => errors.push(error),
    onSynced: (position) => checkpoints.poll(position),
  });
  const writer = createWriter(db, {
    wal,
    onCommitError: (error) => errors.push(error),
    onAnnounceError: (error) => errors.push(error),
  });
  const checkpoints = createCheckpoints({
    databaseFile,
    workerFile,
    wal,
    holdCommits: writer.hold,
    onLarge: (bytes) => large.push(bytes),
    onError: (error) => errors.push(error),
  });
  onTestFinished(async () => {
    await writer.drain();
    await checkpoints.stop();
    wal.close();
    expect(errors).toEqual([]);
  });
  let written = 0;
  /** Writes so much; each MiB is a commit of its own. */
  async function write(count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      written += 1;
      await writer.write((tx) => writeMeta(tx.db, `large-${written}`, 'x'.repeat(mib)));
    }
  }
  const rows = (): number => Number(db.prepare<{ n: number }>('SELECT count(*) AS n FROM meta').get()?.n);
  return { databaseFile, wal, large, write, rows };
}

describe('checkpoints', () => {
  it('let the log begin again while commits go on', async () => {
    const store = openStore();
    const first = store.wal.position().salts;
    const begun = new Set<string>();
    await eventually(async () => {
      await store.write(4);
      begun.add(store.wal.position().salts);
      expect(begun.size).toBeGreaterThan(3);
    });
    expect(begun.has(first)).toBe(true);
    expect(statSync(`${store.databaseFile}-wal`).size).toBeLessThan(maxLogBytes);
  });

  it('say that the log has grown large while something reads, and that it no longer is', async () => {
    const store = openStore();
    const reading = openReadable(store.databaseFile);
    onTestFinished(() => reading.close());
    await store.write(1);
    reading.prepare('BEGIN').run();
    reading.prepare('SELECT count(*) FROM meta').get();
    await store.write(70);
    await eventually(async () => {
      await store.write(1);
      expect(store.large).toEqual([expect.any(Number)]);
    });
    expect(store.large[0]).toBeGreaterThan(maxLogBytes);
    reading.prepare('COMMIT').run();
    await eventually(async () => {
      await store.write(1);
      expect(store.large.at(-1)).toBe(null);
    });
    expect(store.rows()).toBeGreaterThan(70);
  });
});
