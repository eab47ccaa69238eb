import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newDataDir, openApp } from '../runtime/open-app.ts';
import { eventually } from '../support/eventually.ts';

type Put = (path: string) => void;
const nowhere: Put = (path) => symlinkSync('/nowhere/at/all', path);
const file: Put = (path) => writeFileSync(path, 'x');
const folder: Put = (path) => mkdirSync(path);

describe.runIf(process.platform !== 'win32')('an entry of the data directory that cannot be used', () => {
  it.each<[name: string, kind: string, put: Put]>([
    ['backups', 'a link to a disk that is not there', nowhere],
    ['backups', 'a file', file],
    ['jobs', 'a link to a disk that is not there', nowhere],
    ['jobs', 'a file', file],
    ['session.json', 'a link into a folder that is not there', nowhere],
    ['session.json', 'a folder', folder],
  ])('%s, %s, costs its part, not the start', async (name, _kind, put) => {
    const dataDir = newDataDir();
    const path = join(dataDir, name);
    await (await openApp(dataDir)).stop();
    rmSync(path, { recursive: true });
    put(path);
    const app = await openApp(dataDir);
    await app.call('sources.create', { slug: 'crm', preset: 'generic' });
    const reply = await app.post('crm', { type: 'a' });
    expect(reply.status, await reply.text()).toBe(202);
    const { alerts } = await app.call('app.status', {});
    expect(alerts).toMatchObject([{ level: 'error', message: expect.stringContaining(`${path} cannot be used`) }]);
  });

  it.each([['search.db'], ['search.db', 'signalbox.db']])(
    '%s, a folder, is kept under another name, and the search index is built again',
    async (...names) => {
      const dataDir = newDataDir();
      const first = await openApp(dataDir);
      await first.call('sources.create', { slug: 'crm', preset: 'generic' });
      await first.post('crm', { word: 'needle' });
      await first.call('backups.create', {});
      await first.stop();
      for (const name of names) {
        rmSync(join(dataDir, name));
        folder(join(dataDir, name));
        writeFileSync(join(dataDir, name, 'note.txt'), 'mine');
      }
      const app = await openApp(dataDir);
      expect(readdirSync(dataDir).filter((name) => /^search\.db\.folder-/.test(name))).toHaveLength(1);
      const isStoreLost = names.includes('signalbox.db');
      await eventually(async () => {
        const { alerts } = await app.call('app.status', {});
        expect(alerts.map(({ code }) => code)).toEqual(isStoreLost ? ['store_set_aside'] : []);
      });
      const { items } = await app.call('events.list', { query: 'needle' });
      expect(items).toHaveLength(isStoreLost ? 0 : 1);
    },
  );

  it('is used again once it can be', async () => {
    const dataDir = newDataDir();
    const backups = join(dataDir, 'backups');
    nowhere(backups);
    const app = await openApp(dataDir);
    await expect(app.call('backups.create', {})).rejects.toMatchObject({ code: 'unavailable' });
    rmSync(backups);
    await app.call('backups.create', {});
    expect((await app.call('app.status', {})).alerts).toEqual([]);
    expect((await app.call('backups.list', {})).items).toHaveLength(1);
  });

  it('ends the start with one sentence when it is the console token', async () => {
    const dataDir = newDataDir();
    const path = join(dataDir, 'console-token');
    folder(path);
    await expect(openApp(dataDir, { console: { host: '127.0.0.1', port: 0 } })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(`${path} cannot be used`),
    });
  });
});
