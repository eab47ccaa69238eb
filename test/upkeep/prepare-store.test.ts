import { closeSync, existsSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pino from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openWritable } from '../../electron/store/database/open.ts';
import { createUpkeep, type Upkeep } from '../../electron/store/upkeep/upkeep-thread.ts';
import { openDataDir } from '../../electron/upkeep/data-dir/data-dir.ts';
import { markDamaged, prepareStore } from '../../electron/upkeep/store/prepare-store.ts';
import { followCheck } from '../../electron/upkeep/store/store-alerts.ts';
import { newDataDir } from '../runtime/open-app.ts';
import { eventually } from '../support/eventually.ts';

const log = pino({ level: 'silent' });
const pageBytes = 8192;

/** A store of 40 MiB: more than is checked at once. */
function largeStore() {
  const dataDir = openDataDir(newDataDir());
  onTestFinished(() => dataDir.release());
  const db = openWritable(dataDir.databaseFile);
  const insert = db.prepare('INSERT INTO meta (key, value) VALUES (?, hex(zeroblob(500000)))');
  for (let n = 0; n < 40; n++) insert.run(`filler ${n}`);
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  expect(statSync(dataDir.databaseFile).size).toBeGreaterThan(32 * 1024 * 1024);
  return dataDir;
}

const upkeepOf = (): Upkeep =>
  createUpkeep(resolve(import.meta.dirname, '../../electron/store/upkeep/upkeep-worker.ts'));

describe('a large store', () => {
  it('is checked on a thread of its own, and set aside when it is damaged', async () => {
    const dataDir = largeStore();
    const upkeep = upkeepOf();
    onTestFinished(() => upkeep.stop());
    const whole = await prepareStore(dataDir, upkeep, Date.now(), log);
    // On a busy machine the start does not wait for the end.
    expect([whole.lost, (await whole.stillChecking) ?? []]).toEqual([null, []]);

    const handle = openSync(dataDir.databaseFile, 'r+');
    writeSync(handle, Buffer.alloc(pageBytes, 7), 0, pageBytes, 10 * pageBytes);
    closeSync(handle);
    const damaged = await prepareStore(dataDir, upkeep, Date.now(), log);
    const found = damaged.lost ?? (await damaged.stillChecking);
    expect(found).not.toEqual([]);
  });

  it('that takes long to check does not hold up the start; damage found later shuts the doors and marks it', async () => {
    const dataDir = largeStore();
    let found: (details: string[]) => void = () => undefined;
    const slow: Upkeep = {
      check: () => new Promise((done) => (found = done)),
      verify: () => Promise.reject(new Error('not asked for')),
      copy: () => Promise.reject(new Error('not asked for')),
      stop: async () => undefined,
    };
    const startedMs = performance.now();
    const prepared = await prepareStore(dataDir, slow, Date.now(), log);
    expect(performance.now() - startedMs).toBeLessThan(20_000);
    expect(prepared.lost).toBeNull();
    expect(existsSync(dataDir.databaseFile)).toBe(true);

    const told: string[][] = [];
    const damaged = (details: string[]): void => {
      told.push(details);
      markDamaged(dataDir.path, details);
    };
    followCheck(prepared.stillChecking, { log, damaged, onError: () => undefined });
    found(['page 7 is not what it was']);
    await eventually(() => expect(told).toEqual([['page 7 is not what it was']]));

    // The next start looks no further.
    const next = await prepareStore(dataDir, slow, Date.now(), log);
    expect(next.lost?.setAside).toBe(readdirSync(join(dataDir.path, 'quarantine'))[0]);
    expect(existsSync(dataDir.databaseFile)).toBe(false);
  });
});
