import { closeSync, existsSync, openSync, readdirSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyStore } from '../../electron/store/upkeep/copy-store.ts';
import { findDamage } from '../../electron/store/upkeep/find-damage.ts';
import { listSetAside, setAside } from '../../electron/store/upkeep/set-aside.ts';
import { delivery, draft, tempDir, tempIntake, tempStore } from '../support/temp-store.ts';

const pageBytes = 8192;

/** A store of some hundred pages, closed. */
async function closedStore(): Promise<string> {
  const store = tempStore();
  const { intake } = tempIntake(store);
  for (let n = 0; n < 200; n++) {
    await intake.accept(delivery([draft({ type: 'a', payload: { n, text: 'x'.repeat(4000) } })]));
  }
  const file = join(tempDir(), 'signalbox.db');
  await copyStore(store.databaseFile, file);
  return file;
}

function overwritePage(file: string, page: number, seed: number): void {
  const bytes = Buffer.alloc(pageBytes, (seed * 37 + 11) % 251 || 1);
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, 0, pageBytes, page * pageBytes);
  closeSync(handle);
}

describe('the check of a store', () => {
  it('finds each of 40 pages overwritten', async () => {
    const whole = await closedStore();
    expect(findDamage(whole)).toEqual([]);
    const pages = statSync(whole).size / pageBytes;
    expect(pages).toBeGreaterThan(100);
    for (let n = 0; n < 40; n++) {
      const file = join(tempDir(), 'damaged.db');
      await copyStore(whole, file);
      overwritePage(file, (n * 7) % pages, n);
      expect({ n, isFound: findDamage(file).length > 0 }).toEqual({ n, isFound: true });
    }
  });

  it('finds that a file was cut off, is empty, or is no database', async () => {
    const file = await closedStore();
    truncateSync(file, statSync(file).size - 3 * pageBytes);
    expect(findDamage(file)).not.toEqual([]);
    truncateSync(file, 1000);
    expect(findDamage(file)).not.toEqual([]);
    truncateSync(file, 0);
    expect(findDamage(file)).toEqual(['the file is empty']);
  });

  it('takes what is not readable for no damage', () => {
    expect(() => findDamage(join(tempDir(), 'missing.db'))).toThrow();
  });
});

describe('a copy of a store', () => {
  it('has what is still in the log only, and nothing of a copy that failed stays', async () => {
    const store = tempStore();
    const { intake } = tempIntake(store);
    for (let n = 0; n < 10; n++) await intake.accept(delivery([draft({ type: 'a', payload: { n } })]));
    const dir = tempDir();
    const copy = await copyStore(store.databaseFile, join(dir, 'copy.db'));
    expect(copy.counts).toMatchObject({ events: 10, deliveries: 10 });
    expect(readdirSync(dir)).toEqual(['copy.db']);
    overwritePage(join(dir, 'copy.db'), 3, 1);
    await expect(copyStore(join(dir, 'copy.db'), join(dir, 'second.db'))).rejects.toThrow(/damaged|malformed|has \d/);
    expect(readdirSync(dir)).toEqual(['copy.db']);
  });
});

describe('a store that is set aside', () => {
  it('keeps its log beside it, and two of the same second stay apart', async () => {
    const store = tempStore();
    const { intake } = tempIntake(store);
    await intake.accept(delivery([draft({ type: 'a' })]));
    const about = { atMs: Date.parse('2026-02-03T04:05:06Z'), reason: 'damaged' as const, details: ['page 3'] };
    const first = setAside(store.databaseFile, about);
    expect(first).toBe('2026-02-03T04-05-06Z');
    expect(existsSync(store.databaseFile)).toBe(false);
    expect(readdirSync(join(store.dir, 'quarantine', first)).sort()).toEqual([
      'about.json',
      'signalbox.db',
      'signalbox.db-wal',
    ]);
    expect(setAside(store.databaseFile, about)).toBe(`${first}-2`);
    const [one, other] = listSetAside(store.databaseFile).sort((a, b) => a.name.localeCompare(b.name));
    expect(one).toMatchObject({ name: first, reason: 'damaged', details: ['page 3'] });
    expect([one?.databaseFile === null, other?.databaseFile]).toEqual([false, null]);
    // What was acknowledged shortly before is in the log: it comes along.
    const copy = await copyStore(one?.databaseFile ?? '', join(tempDir(), 'copy.db'));
    expect(copy.counts.events).toBe(1);
  });
});
