import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { callPermissions } from '../../shared/contract/access/call-permissions.ts';
import type { Permission } from '../../shared/contract/access/roles.ts';
import type { CallName } from '../../shared/contract/index.ts';
import { callNames } from '../console/fake-handlers.ts';
import { type Browser, openTeam } from './team-server.ts';

/** Input that would change something if it got through. Other calls get input that none accepts. */
const effective: Partial<Record<CallName, unknown>> = {
  'app.createSignInUrl': {},
  'sources.create': { slug: 'intruder', preset: 'generic' },
  'sources.remove': { slug: 'crm' },
  'jobs.create': { slug: 'intruder', kind: 'command', command: ['true'] },
  'jobs.remove': { slug: 'sync' },
  'jobs.testRun': { slug: 'sync', event: { type: 'a', payload: {} } },
  'listeners.create': { slug: 'intruder', job: 'sync' },
  'events.raise': { type: 'intruder' },
  'settings.update': { concurrency: 7 },
  'secrets.set': { name: 'INTRUDER', value: 'x' },
  'keys.rotate': {},
  'backups.create': {},
  'operators.add': { name: 'intruder', role: 'admin' },
  'operators.update': { name: 'viewer', role: 'admin' },
  'operators.remove': { name: 'admin' },
  'operators.reset': { name: 'admin' },
  'account.createToken': { name: 'intruder', role: 'admin', days: 1 },
};

/** Every row except those of the audit log and the metadata. */
function rowsOf(dataDir: string): Record<string, unknown[]> {
  const db = new DatabaseSync(join(dataDir, 'signalbox.db'), { readOnly: true });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
    const names = tables.map(({ name }) => String(name)).filter((name) => name !== 'audit_log' && name !== 'meta');
    return Object.fromEntries(names.map((name) => [name, db.prepare(`SELECT * FROM ${name}`).all()]));
  } finally {
    db.close();
  }
}

it('holds every role at every call to the table, and a refused call changes nothing', async () => {
  const team = await openTeam();
  await team.local('sources.create', { slug: 'crm', preset: 'generic' });
  await team.local('jobs.create', { slug: 'sync', kind: 'command', command: ['true'] });
  const people: [string, Browser, Permission[]][] = [
    ['nobody', team.browser(), []],
    ['viewer', await team.join('viewer', 'viewer'), ['read', 'own']],
    ['operator', await team.join('operator', 'operator'), ['read', 'operate', 'own']],
    ['approver', await team.join('approver', 'operator', true), ['read', 'operate', 'approve', 'own']],
    ['admin', await team.join('admin', 'admin'), ['read', 'operate', 'define', 'administer', 'own']],
  ];
  const before = rowsOf(team.app.dataDir);
  for (const [who, browser, held] of people) {
    for (const name of callNames) {
      const isHeld = held.includes(callPermissions[name]);
      // Text is no input of any call: it is refused after the caller was let through, and before anything happens.
      const asked = await browser.call(name, isHeld ? 'text' : (effective[name] ?? {}));
      const expected = isHeld ? 400 : who === 'nobody' ? 401 : 403;
      expect({ who, name, status: asked.status }).toEqual({ who, name, status: expected });
    }
  }
  expect(rowsOf(team.app.dataDir)).toEqual(before);
  const { items } = await team.local('audit.list', { outcome: 'refused', limit: 500 });
  const refused = (who: string): string[] => items.filter(({ name }) => name === who).map(({ call }) => call);
  expect(refused('viewer').toSorted()).toEqual(
    callNames.filter((name) => !['read', 'own'].includes(callPermissions[name])).toSorted(),
  );
  expect(refused('admin').toSorted()).toEqual(['app.createSignInUrl', 'runs.approve', 'runs.reject']);
});

it('holds paths beside the calls to the same', async () => {
  const team = await openTeam();
  const viewer = await team.join('viewer', 'viewer');
  for (const path of ['/api/openapi.json', '/metrics', '/api/deliveries/none/files/0']) {
    const ask = (cookie: string) => fetch(`${team.url}${path}`, { headers: { cookie } });
    expect({ path, status: (await ask('')).status }).toEqual({ path, status: 401 });
    expect({ path, status: (await ask(viewer.cookie)).status }).not.toMatchObject({ status: 401 });
  }
});
