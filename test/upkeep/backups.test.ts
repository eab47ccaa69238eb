import { chmodSync, copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newDataDir, type OpenApp, openApp } from '../runtime/open-app.ts';
import { eventually } from '../support/eventually.ts';
import { columnOf, withConnection } from '../support/second-connection.ts';

const modeOf = (file: string): number => statSync(file).mode & 0o777;

async function withSource(app: OpenApp): Promise<void> {
  await app.call('sources.create', { slug: 'crm', preset: 'generic', rateLimit: 'off' });
}

/** Ids of all events, oldest first. */
const eventIds = (file: string): string[] => columnOf(file, 'SELECT id FROM events ORDER BY seq');

async function accepted(app: OpenApp, n: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < n; i++) {
    const answer: { events: string[] } = JSON.parse(await (await app.post('crm', { n: i })).text());
    ids.push(...answer.events);
  }
  return ids;
}

/** Restoring starts the app anew in this process: its doors close for a moment. */
const restarted = (app: OpenApp, look: () => Promise<void>): Promise<void> =>
  eventually(async () => {
    expect((await app.call('app.status', {})).receiver.accepting).toBe(true);
    await look();
  });

const onlyBackup = (app: OpenApp): string =>
  readdirSync(join(app.dataDir, 'backups')).find((name) => name.endsWith('.db')) ?? '';

describe('backups', () => {
  it('are whole, counted, verified and for their owner alone', async () => {
    const app = await openApp();
    await withSource(app);
    await accepted(app, 20);
    const made = await app.call('backups.create', {});
    // With the source of the app's own events.
    expect(made).toMatchObject({ reason: 'asked', verified: { sources: 2, listeners: 0, events: 20, runs: 0 } });
    const dir = join(app.dataDir, 'backups');
    expect(modeOf(dir)).toBe(0o700);
    for (const file of readdirSync(dir)) expect(modeOf(join(dir, file))).toBe(0o600);
    expect((await app.call('backups.list', {})).items).toEqual([made]);
    for (const entry of readdirSync(app.dataDir, { withFileTypes: true })) {
      const mode = modeOf(join(app.dataDir, entry.name));
      expect([entry.name, mode]).toEqual([entry.name, entry.isDirectory() ? 0o700 : 0o600]);
    }
    expect(readdirSync(dir).sort()).toEqual([made.name, `${made.name}.json`]);
  });

  it('made under load hold what was stored at one moment, and no answer waits for them', async () => {
    const app = await openApp();
    await withSource(app);
    const before = await accepted(app, 50);
    let isOver = false;
    const sending = Array.from({ length: 8 }, async () => {
      const ids: string[] = [];
      while (!isOver) ids.push(...(await accepted(app, 1)));
      return ids;
    });
    const made = await app.call('backups.create', {});
    isOver = true;
    const during = (await Promise.all(sending)).flat();
    const stored = eventIds(join(app.dataDir, 'backups', made.name));
    expect(stored.length).toBe(made.verified?.events);
    expect(before.filter((id) => !stored.includes(id))).toEqual([]);
    // The order of arrival, cut at one place.
    expect(eventIds(join(app.dataDir, 'signalbox.db')).slice(0, stored.length)).toEqual(stored);
    expect(during.length).toBeGreaterThan(0);
  });

  it('are restored under load: the store is as it was, the one before is kept and can be taken back', async () => {
    const app = await openApp();
    await withSource(app);
    await app.call('secrets.set', { name: 'key', value: 'hush-hush' });
    const kept = await accepted(app, 10);
    const { name } = await app.call('backups.create', {});
    expect(readFileSync(join(app.dataDir, 'backups', name)).includes('hush-hush')).toBe(false);
    const later = await accepted(app, 5);
    const url = app.runtime.receiverUrl;
    const pushed: string[] = [];
    app.runtime.pushHub.connect(({ name: push, seq }) => void pushed.push(`${push} ${seq}`));
    let isOver = false;
    const sending = (async () => {
      while (!isOver) await app.post('crm', { n: 'load' }).catch(() => null);
    })();

    await app.call('backups.restore', { name });
    await restarted(app, async () => {
      expect((await app.call('backups.list', {})).setAside).toMatchObject([{ reason: 'replaced', canRestore: true }]);
    });
    isOver = true;
    await sending;
    expect(app.runtime.receiverUrl).toBe(url);
    const stored = eventIds(join(app.dataDir, 'signalbox.db'));
    expect(stored.slice(0, 10)).toEqual(kept);
    expect(later.filter((id) => stored.includes(id))).toEqual([]);
    expect((await app.call('secrets.list', {})).items).toMatchObject([{ name: 'key' }]);
    // A window that was open all the time sees a hole in what it is told, and fetches again.
    await eventually(() => expect(pushed.some((push) => push.startsWith('settings.changed'))).toBe(true));
    expect((await accepted(app, 1)).length).toBe(1);

    const [aside] = (await app.call('backups.list', {})).setAside;
    await app.call('backups.restore', { name: aside?.name ?? '', from: 'quarantine' });
    await restarted(app, async () => {
      expect((await app.call('backups.list', {})).setAside.length).toBe(2);
    });
    const back = eventIds(join(app.dataDir, 'signalbox.db'));
    expect(back.slice(0, 15)).toEqual([...kept, ...later]);
  });

  it('that are damaged are refused, and nothing is changed', async () => {
    const app = await openApp();
    await withSource(app);
    const ids = await accepted(app, 200);
    const { name } = await app.call('backups.create', {});
    const file = join(app.dataDir, 'backups', name);
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 8192 * 3, 8192 * 8);
    writeFileSync(file, bytes);
    await expect(app.call('backups.restore', { name })).rejects.toThrow(/cannot be restored.*Nothing was changed/);
    await expect(app.call('backups.restore', { name: '../signalbox.db' })).rejects.toThrow(/no store/);
    expect(await accepted(app, 1)).toHaveLength(1);
    expect(eventIds(join(app.dataDir, 'signalbox.db')).slice(0, 200)).toEqual(ids);
    expect(readdirSync(join(app.dataDir, 'restore'))).toEqual([]);
  });

  it('beyond the number that is kept go, the oldest first; files of others stay', async () => {
    const app = await openApp();
    await app.call('settings.update', { backupsKept: 2 });
    const first = await app.call('backups.create', {});
    const foreign = join(app.dataDir, 'backups', 'from-another-machine.db');
    copyFileSync(join(app.dataDir, 'backups', first.name), foreign);
    chmodSync(foreign, 0o600);
    const second = await app.call('backups.create', {});
    const third = await app.call('backups.create', {});
    const { items } = await app.call('backups.list', {});
    expect(items.filter(({ verified }) => verified !== null).map(({ name }) => name)).toEqual([
      third.name,
      second.name,
    ]);
    expect(items.find(({ name }) => name === 'from-another-machine.db')).toMatchObject({
      reason: 'unknown',
      verified: null,
    });
    // A day after the newest.
    const { dueAt } = await app.call('backups.list', {});
    expect(Date.parse(dueAt ?? '') - Date.parse(third.createdAt)).toBe(86_400_000);
    await app.call('settings.update', { backupDaily: false });
    expect((await app.call('backups.list', {})).dueAt).toBeNull();
  });

  it('asked for twice at once are made once', async () => {
    const app = await openApp();
    const [one, other] = await Promise.all([app.call('backups.create', {}), app.call('backups.create', {})]);
    expect(one).toEqual(other);
    expect(onlyBackup(app)).toBe(one.name);
  });

  it('that were cut short leave nothing behind after the next start', async () => {
    const first = await openApp();
    const dir = join(first.dataDir, 'backups');
    await first.stop();
    for (const name of ['signalbox-x.db.part', 'signalbox-x.db.part-journal', 'notes.part']) {
      writeFileSync(join(dir, name), 'half');
    }
    await openApp(first.dataDir);
    expect(readdirSync(dir)).toEqual(['notes.part']);
  });

  it('of another program are no stores', async () => {
    const dataDir = newDataDir();
    const app = await openApp(dataDir);
    const file = join(dataDir, 'backups', 'other.db');
    writeFileSync(file, '');
    withConnection(file, (db) => db.exec('CREATE TABLE events (id TEXT)'));
    await expect(app.call('backups.restore', { name: 'other.db' })).rejects.toThrow(/not a store of Signalbox/);
  });
});
