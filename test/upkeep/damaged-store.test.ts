import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findTruncation } from '../../electron/store/upkeep/find-damage.ts';
import { newDataDir, type OpenApp, openApp } from '../runtime/open-app.ts';
import { eventually } from '../support/eventually.ts';

const pageBytes = 8192;
const databaseOf = (dataDir: string): string => join(dataDir, 'signalbox.db');
const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** A stopped app with a source and some events, and a backup where asked for. */
async function usedDataDir(withBackup: boolean): Promise<string> {
  const app = await openApp();
  await app.call('sources.create', { slug: 'crm', preset: 'generic', rateLimit: 'off' });
  for (let n = 0; n < 60; n++) expect((await app.post('crm', { n, text: 'x'.repeat(3000) })).status).toBe(202);
  if (withBackup) await app.call('backups.create', {});
  await app.stop();
  return app.dataDir;
}

function overwrite(file: string, page: number, byte: number): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(pageBytes, byte), 0, pageBytes, page * pageBytes);
  closeSync(handle);
}

const alertCodes = async (app: OpenApp): Promise<string[]> =>
  (await app.call('app.status', {})).alerts.map(({ code }) => code);

/** The store of before is kept byte by byte, and the app is open on an empty one that takes nothing yet. */
async function expectSetAside(app: OpenApp, damagedHash: string): Promise<string> {
  const { setAside, undecided } = await app.call('backups.list', {});
  const name = setAside[0]?.name ?? '';
  expect(setAside).toMatchObject([{ reason: 'damaged', canRestore: true }]);
  expect(undecided?.setAside).toBe(name);
  expect(hashOf(join(app.dataDir, 'quarantine', name, 'signalbox.db'))).toBe(damagedHash);
  expect(await alertCodes(app)).toContain('store_set_aside');
  expect((await app.call('events.list', {})).items).toEqual([]);
  // Not 404: a sender that is told to try again later loses nothing.
  expect((await app.post('crm', {})).status).toBe(503);
  expect((await fetch(`${app.runtime.receiverUrl}/readyz`)).status).toBe(503);
  return name;
}

describe('a damaged store', () => {
  it('is set aside at the start, and the newest verified backup is offered and restored', async () => {
    const dataDir = await usedDataDir(true);
    overwrite(databaseOf(dataDir), 20, 0x5a);
    const hash = hashOf(databaseOf(dataDir));
    const app = await openApp(dataDir);
    const name = await expectSetAside(app, hash);
    const { undecided, dueAt, items } = await app.call('backups.list', {});
    expect(undecided?.offer).toBe(items[0]?.name);
    // The empty store must not push the good copies out.
    expect(dueAt).toBeNull();
    await app.call('backups.restore', { name: undecided?.offer ?? '' });
    await eventually(async () => expect((await app.post('crm', { n: 'new' })).status).toBe(202));
    await eventually(async () => expect((await app.call('app.status', {})).events.total).toBe(61));
    expect(await alertCodes(app)).not.toContain('store_set_aside');
    expect(existsSync(join(dataDir, 'quarantine', name, 'signalbox.db'))).toBe(true);
  });

  it('is kept as well when the operator goes on without; that holds over a restart', async () => {
    const dataDir = await usedDataDir(false);
    truncateSync(databaseOf(dataDir), statSync(databaseOf(dataDir)).size - 2 * pageBytes);
    const hash = hashOf(databaseOf(dataDir));
    const first = await openApp(dataDir);
    await expectSetAside(first, hash);
    await first.stop();
    const app = await openApp(dataDir);
    const name = await expectSetAside(app, hash);
    expect((await app.call('backups.list', {})).undecided?.offer).toBeNull();
    await app.call('backups.keepPresent', {});
    expect(await alertCodes(app)).not.toContain('store_set_aside');
    expect((await app.post('crm', {})).status).toBe(404);
    await app.stop();
    const again = await openApp(dataDir);
    expect((await again.call('app.status', {})).receiver.accepting).toBe(true);
    expect(readdirSync(join(dataDir, 'quarantine'))).toEqual([name]);
    await expect(again.call('backups.keepPresent', {})).rejects.toThrow(/No decision is needed/);
  });

  it('does not keep an app with a config file from taking deliveries', async () => {
    const dataDir = await usedDataDir(false);
    overwrite(databaseOf(dataDir), 5, 0xff);
    const configFile = join(newDataDir(), 'signalbox.yaml');
    writeFileSync(configFile, 'version: 1\nsources:\n  - { slug: crm, preset: generic }\n');
    const app = await openApp(dataDir, { configFile });
    expect(await alertCodes(app)).toContain('store_set_aside');
    expect((await app.post('crm', {})).status).toBe(202);
  });

  it('opens whichever page is overwritten with whatever', async () => {
    const whole = await usedDataDir(false);
    const pages = statSync(databaseOf(whole)).size / pageBytes;
    await fc.assert(
      fc.asyncProperty(fc.nat(pages - 1), fc.integer({ min: 1, max: 254 }), async (page, byte) => {
        const dataDir = newDataDir();
        copyFileSync(databaseOf(whole), databaseOf(dataDir));
        overwrite(databaseOf(dataDir), page, byte);
        const hash = hashOf(databaseOf(dataDir));
        const app = await openApp(dataDir);
        await expectSetAside(app, hash);
        await app.stop();
      }),
      { numRuns: 8, seed: 20 },
    );
  });

  it('that is empty, or of which only the log is left, is noticed', async () => {
    const dataDir = await usedDataDir(false);
    truncateSync(databaseOf(dataDir), 0);
    const app = await openApp(dataDir);
    await expectSetAside(app, hashOf(join(newEmptyFile(), 'empty')));
    await app.stop();

    rmSync(databaseOf(dataDir));
    writeFileSync(`${databaseOf(dataDir)}-wal`, 'a log without its database');
    const again = await openApp(dataDir);
    const { setAside } = await again.call('backups.list', {});
    expect(setAside[0]).toMatchObject({ reason: 'damaged', canRestore: false });
    const kept = join(dataDir, 'quarantine', setAside[0]?.name ?? '', 'signalbox.db-wal');
    expect(readFileSync(kept, 'utf8')).toBe('a log without its database');
  });

  it('whose file is gone beside its backups is said to be lost, and the newest backup is offered', async () => {
    const dataDir = await usedDataDir(true);
    rmSync(databaseOf(dataDir));
    const first = await openApp(dataDir);
    const { undecided, items, dueAt } = await first.call('backups.list', {});
    expect(undecided).toEqual({ setAside: null, offer: items[0]?.name });
    expect(dueAt).toBeNull();
    const { alerts } = await first.call('app.status', {});
    expect(alerts).toMatchObject([
      { code: 'store_set_aside', message: /signalbox\.db is gone.*Restore a backup.*--restore FILE/ },
    ]);
    expect((await first.post('crm', {})).status).toBe(503);
    await first.stop();
    // Until an operator has decided, over restarts.
    const app = await openApp(dataDir);
    await app.call('backups.restore', { name: items[0]?.name ?? '' });
    await eventually(async () => expect((await app.post('crm', { n: 'new' })).status).toBe(202));
    await eventually(async () => expect(await alertCodes(app)).not.toContain('store_set_aside'));
  });

  it('whose file is gone, and no backup there, asks as well; a new data directory does not', async () => {
    const dataDir = await usedDataDir(false);
    rmSync(databaseOf(dataDir));
    const app = await openApp(dataDir);
    expect((await app.call('backups.list', {})).undecided).toEqual({ setAside: null, offer: null });
    await app.call('backups.keepPresent', {});
    expect((await app.post('crm', {})).status).toBe(404);
    expect((await openApp()).runtime.receiverUrl).toMatch(/^http/);
  });

  it('in whose place is a folder, as containers make one for a missing file, is set aside with it', async () => {
    const dataDir = await usedDataDir(true);
    rmSync(databaseOf(dataDir));
    mkdirSync(databaseOf(dataDir));
    const app = await openApp(dataDir);
    const { setAside, undecided } = await app.call('backups.list', {});
    expect(setAside).toMatchObject([{ reason: 'damaged', details: ['signalbox.db is a folder'], canRestore: false }]);
    expect(undecided?.offer).not.toBeNull();
    expect((await app.post('crm', {})).status).toBe(503);
  });

  it('that was cut off is found at once, however large it is', async () => {
    const dataDir = await usedDataDir(false);
    const file = databaseOf(dataDir);
    expect(findTruncation(file)).toBeNull();
    truncateSync(file, statSync(file).size - 1);
    expect(findTruncation(file)).toMatch(/^the file is truncated: it has \d+ bytes of \d+$/);
    // With a log the rest may be in there.
    writeFileSync(`${file}-wal`, 'x');
    expect(findTruncation(file)).toBeNull();
  });

  it('that was found after the start is set aside by the next one', async () => {
    const dataDir = await usedDataDir(true);
    writeFileSync(join(dataDir, 'store-damaged'), 'page 7');
    const app = await openApp(dataDir);
    expect((await app.call('backups.list', {})).setAside).toMatchObject([{ reason: 'damaged' }]);
    expect(existsSync(join(dataDir, 'store-damaged'))).toBe(false);
  });

  it('of a start that was interrupted while a backup was put in place, is found again', async () => {
    const dataDir = await usedDataDir(true);
    const [backup = ''] = readdirSync(join(dataDir, 'backups')).filter((name) => name.endsWith('.db'));
    const staged = join(dataDir, 'restore', 'signalbox.db');
    const first = await openApp(dataDir);
    await first.stop();
    copyFileSync(join(dataDir, 'backups', backup), join(dataDir, 'staged.tmp'));
    rmSync(join(dataDir, 'restore'), { recursive: true, force: true });
    mkdirSync(join(dataDir, 'restore'));
    renameSync(join(dataDir, 'staged.tmp'), staged);
    // The store before was moved already, its log not yet: that log fits no other database.
    mkdirSync(join(dataDir, 'quarantine'), { recursive: true });
    renameSync(databaseOf(dataDir), join(dataDir, 'quarantine', 'signalbox.db'));
    writeFileSync(`${databaseOf(dataDir)}-wal`, 'of the store before');
    const app = await openApp(dataDir);
    await eventually(async () => expect((await app.call('app.status', {})).events.total).toBe(60));
    expect((await app.post('crm', {})).status).toBe(202);
    expect((await app.call('backups.list', {})).setAside).toMatchObject([{ reason: 'replaced' }]);
  });
});

function newEmptyFile(): string {
  const dir = newDataDir();
  writeFileSync(join(dir, 'empty'), '');
  return dir;
}
