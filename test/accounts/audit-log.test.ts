import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newDataDir, openApp } from '../runtime/open-app.ts';
import { openTeam } from './team-server.ts';

it('records the changes of a config file as one entry', async () => {
  const configFile = join(newDataDir(), 'signalbox.yaml');
  writeFileSync(configFile, 'version: 1\njobs: [{ slug: sync, kind: command, command: ["true"] }]\n');
  const app = await openApp(undefined, { configFile });
  const { items } = await app.call('audit.list', {});
  expect(items).toMatchObject([
    { name: 'signalbox', via: 'config_file', call: 'config.apply', target: configFile, outcome: 'done' },
  ]);
  expect(JSON.stringify(items[0]?.after)).toContain('"name":"sync"');
});

it('never contains the value of a secret, and filters by words, calls and outcomes, page by page', async () => {
  const team = await openTeam();
  const ada = await team.join('Ada', 'admin');
  await ada.call('secrets.set', { name: 'KEY', value: 'classified' });
  await ada.call('settings.update', { concurrency: 3 });
  await ada.call('jobs.create', { slug: 'sync', kind: 'command', command: ['true'] });
  await ada.call('jobs.update', { slug: 'sync', kind: 'command', command: ['false'], version: 1 });
  await ada.call('jobs.remove', { slug: 'none' });
  await ada.call('account.setPassword', { current: 'classified too', next: 'classified as well' });
  const { items } = await team.local('audit.list', { limit: 500 });
  expect(JSON.stringify(items)).not.toContain('classified');
  const calls = async (input: object) => (await team.local('audit.list', input)).items.map(({ call }) => call);
  expect(await calls({ query: 'ada sync' })).toEqual(['jobs.update', 'jobs.create']);
  expect(await calls({ call: 'jobs.', outcome: 'failed' })).toEqual(['jobs.remove']);
  const [update] = (await team.local('audit.list', { call: 'jobs.update' })).items;
  expect(update).toMatchObject({
    before: { command: ['true'], version: 1 },
    after: { command: ['false'], version: 2 },
  });
  const [settings] = (await team.local('audit.list', { call: 'settings.update' })).items;
  expect(settings).toMatchObject({ target: null, after: { concurrency: 3 } });
  const first = await team.local('audit.list', { limit: 2 });
  const second = await team.local('audit.list', { limit: 2, cursor: first.nextCursor });
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(items.slice(0, 4).map(({ id }) => id));
});
