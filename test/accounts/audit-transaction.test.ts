import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { newDataDir, openApp } from '../runtime/open-app.ts';
import { openTeam, password } from './team-server.ts';

/** Runs SQL on the store of an app that is stopped. */
function run(dataDir: string, sql: string): void {
  const db = new DatabaseSync(join(dataDir, 'signalbox.db'));
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}

/** From now on no entry of these names can be written. */
const closeLogTo = (dataDir: string, ...names: string[]): void =>
  run(
    dataDir,
    `CREATE TRIGGER no_entry BEFORE INSERT ON audit_log WHEN NEW.name IN ('${names.join("', '")}')
     BEGIN SELECT RAISE(ABORT, 'the log takes no entry'); END`,
  );

/** Every row of the tables that operators change. */
function rowsOf(dataDir: string): Record<string, unknown[]> {
  const db = new DatabaseSync(join(dataDir, 'signalbox.db'), { readOnly: true });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
    const names = tables.map(({ name }) => String(name)).filter((name) => name !== 'meta' && name !== 'readings');
    return Object.fromEntries(names.map((name) => [name, db.prepare(`SELECT * FROM ${name}`).all()]));
  } finally {
    db.close();
  }
}

it('makes no change whose entry is not written with it', async () => {
  const first = await openTeam();
  const signedIn = await first.join('Ada', 'admin');
  await first.join('Bob', 'operator');
  await first.app.stop();
  closeLogTo(first.app.dataDir, 'Ada', 'Bob');
  const team = await openTeam(first.app.dataDir);
  const { local } = team;
  const ada = team.browser();
  ada.cookie = signedIn.cookie.replace(/^signalbox-\d+/, `signalbox-${new URL(team.url).port}`);
  const bob = team.browser();
  await local('sources.create', { slug: 'crm', preset: 'generic' });
  await local('jobs.create', { slug: 'broken', kind: 'command', command: ['false'] });
  await local('sources.create', { slug: 'unused', preset: 'generic' });
  await local('jobs.create', { slug: 'unused', kind: 'command', command: ['true'] });
  await local('listeners.create', { slug: 'all', source: 'crm', job: 'broken' });
  await team.app.post('crm', { type: 'order' });
  const failed = async () => (await local('runs.list', { state: 'failed' })).items;
  await expect.poll(failed, { timeout: 60_000 }).toHaveLength(1);
  const [broken] = await failed();
  const { items: events } = await local('events.list', {});

  // Their next uses of the session would be rows that change.
  await ada.call('account.get', {});
  const before = rowsOf(team.app.dataDir);
  const changes: [Parameters<typeof ada.call>[0], unknown][] = [
    ['sources.create', { slug: 'shop', preset: 'generic' }],
    ['sources.setEnabled', { slug: 'crm', enabled: false }],
    ['sources.remove', { slug: 'unused' }],
    ['jobs.update', { slug: 'broken', kind: 'command', command: ['true'], version: 1 }],
    ['jobs.remove', { slug: 'unused' }],
    ['listeners.setState', { slug: 'all', state: 'disabled' }],
    ['settings.update', { concurrency: 7 }],
    ['secrets.set', { name: 'KEY', value: 'x' }],
    ['keys.rotate', {}],
    [
      'config.apply',
      { yaml: 'version: 1\njobs: [{ slug: other, kind: command, command: ["true"] }]\n', file: '/x.yaml' },
    ],
    ['events.raise', { type: 'raised' }],
    ['events.replay', { ids: [events.at(-1)?.id] }],
    ['runs.acknowledge', { ids: [broken?.id] }],
    ['runs.retry', { id: broken?.id }],
    ['failures.assign', { ids: [(await local('failures.list', {})).items[0]?.id], assignee: 'Ada' }],
    ['operators.add', { name: 'Eve', role: 'admin' }],
    ['operators.update', { name: 'Bob', role: 'admin' }],
    ['operators.reset', { name: 'Bob' }],
    ['operators.revoke', { name: 'Bob' }],
    ['account.createToken', { name: 'ci', role: 'viewer', days: 1 }],
    ['account.setPassword', { current: password, next: 'another long password' }],
  ];
  for (const [name, input] of changes) {
    const { status, message } = await ada.call(name, input);
    // Not a mistake of this test, such as an input that is not taken.
    expect({ name, status, message }).toMatchObject({ name, status: 500 });
  }
  expect((await bob.post('/session', { name: 'Bob', password })).status).toBe(500);
  expect((await bob.post('/session', { name: 'Ada', password })).status).toBe(500);
  expect(rowsOf(team.app.dataDir)).toEqual(before);
});

it('applies no change of a config file without its entry', async () => {
  const configFile = join(newDataDir(), 'signalbox.yaml');
  const declare = (slug: string): void =>
    writeFileSync(configFile, `version: 1\njobs: [{ slug: ${slug}, kind: command, command: ["true"] }]\n`);
  declare('one');
  const app = await openApp(undefined, { configFile });
  await app.stop();
  closeLogTo(app.dataDir, 'signalbox');
  declare('two');
  await expect(openApp(app.dataDir, { configFile })).rejects.toThrow('the log takes no entry');
  run(app.dataDir, 'DROP TRIGGER no_entry');
  const again = await openApp(app.dataDir, { configFile });
  const { items } = await again.call('audit.list', { call: 'config.apply' });
  expect(items.map(({ after }) => JSON.stringify(after))).toEqual([
    expect.stringContaining('"two"'),
    expect.stringContaining('"one"'),
  ]);
});

it('records once what writes several times', async () => {
  const team = await openTeam();
  const ada = await team.join('Ada', 'admin');
  const { items: examples } = await team.local('examples.list', {});
  const [example] = examples;
  await ada.call('examples.install', { slug: example?.slug });
  const { items } = await team.local('audit.list', { call: 'examples.' });
  expect(items).toMatchObject([{ call: 'examples.install', name: 'Ada', outcome: 'done' }]);
});
