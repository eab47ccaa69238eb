import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createAccounts } from '../../electron/accounts/accounts.ts';
import { tempStore } from '../support/temp-store.ts';
import { openTeam, password, type TeamServer } from './team-server.ts';

const admins = [{ group: 'ops', role: 'admin' as const }];
const ada = { subject: 'https://login.example.com u1', name: 'Ada', groups: ['ops'] };

/** Signs in through a trusted proxy, as seen from `address`. */
const signInFrom = (team: TeamServer, address: string, name: string, text: string) =>
  fetch(`${team.url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: team.url, 'x-forwarded-for': address },
    body: JSON.stringify({ name, password: text }),
  }).then(({ status }) => status);

it('does not let a link set a password after single sign-on took over the account', async () => {
  const { accounts } = emptyStore();
  const { code } = await accounts.directory.add({ name: 'Ada', role: 'viewer', mayApprove: false });
  const account = await accounts.signInCompany(ada, admins, () => undefined);
  expect(account).toMatchObject({ role: 'admin', name: 'Ada' });
  expect(accounts.directory.invited(code)).toBeNull();
  expect(await accounts.directory.join(code, { password })).toBeNull();
  expect(await accounts.checkPassword('Ada', password, '::1')).toEqual({ result: 'wrong' });
});

it('treats names that look the same as one person', async () => {
  const team = await openTeam();
  const anna = await team.join('Änne Lee', 'viewer');
  for (const name of ['ÄNNE LEE', 'änne   lee', 'A\u0308nne Lee', 'Ä\uFF4Ene Lee']) {
    await expect(team.local('operators.add', { name, role: 'admin' })).rejects.toThrow(/already/);
  }
  expect(await anna.post('/session', { name: 'A\u0308NNE lee', password })).toMatchObject({ status: 200 });
  expect(await team.local('operators.update', { name: 'änne  LEE', role: 'operator' })).toMatchObject({
    name: 'Änne Lee',
  });
  expect((await team.local('audit.list', { call: 'operators.update' })).items).toMatchObject([
    { before: { role: 'viewer' }, after: { role: 'operator' } },
  ]);
});

it('throttles simultaneous guesses without blocking other addresses', async () => {
  const team = await openTeam();
  await team.join('Ada', 'viewer');
  await team.local('settings.update', { trustedProxies: ['127.0.0.1/32'] });
  const guesses = Array.from({ length: 24 }, (_, index) => signInFrom(team, '192.0.2.1', `Name ${index}`, 'wrong'));
  const statuses = await Promise.all([signInFrom(team, '192.0.2.2', 'Ada', password), ...guesses]);
  expect(statuses[0]).toBe(200);
  expect(statuses.filter((status) => status === 429)).toHaveLength(20);
  expect(statuses.filter((status) => status === 401)).toHaveLength(4);
});

it('checks at most 5 passwords for one name, even simultaneously', async () => {
  const { accounts } = emptyStore();
  const results: string[] = [];
  for (let round = 0; round < 2; round += 1) {
    const together = await Promise.all(
      [1, 2, 3, 4].map(() => accounts.checkPassword('Ada', 'wrong', '192.0.2.1').then(({ result }) => result)),
    );
    results.push(...together);
  }
  expect(results.filter((result) => result === 'wrong')).toHaveLength(5);
  expect(results.filter((result) => result === 'held')).toHaveLength(3);
});

it('throttles guesses of the current password in a session too', async () => {
  const team = await openTeam();
  const browser = await team.join('Ada', 'viewer');
  const guess = (current: string) => browser.call('account.setPassword', { current, next: 'another password' });
  for (let tries = 0; tries < 5; tries += 1) expect(await guess('wrong')).toMatchObject({ status: 400 });
  expect(await guess(password)).toMatchObject({ status: 429, code: 'too_many_attempts' });
});

it('starts no session with a password that was replaced in the meantime', async () => {
  const { accounts } = emptyStore();
  const { code } = await accounts.directory.add({ name: 'Ada', role: 'viewer', mayApprove: false });
  await accounts.directory.join(code, { password });
  const check = await accounts.checkPassword('Ada', password, '::1');
  const waiting = accounts.checkPassword('Ada', password, '::1');
  await accounts.directory.reset('Ada');
  expect(await waiting).toEqual({ result: 'wrong' });
  if (check.result !== 'right') throw new Error('the password was right');
  const from = { address: '::1', browser: '' };
  await expect(accounts.sessions.start(check.account, from)).rejects.toThrow(/has just been changed/);
});

it('creates no link for a disabled account, which could not use it', async () => {
  const team = await openTeam();
  await team.join('Ada', 'viewer');
  await team.local('operators.update', { name: 'Ada', disabled: true });
  await expect(team.local('operators.reset', { name: 'Ada' })).rejects.toThrow(/is disabled; enable/);
  expect((await team.local('operators.list', {})).items).toMatchObject([{ state: 'disabled' }]);
});

it('accepts the console token again when the only admins use a sign-in method that is turned off', async () => {
  const team = await openTeam();
  const token = readFileSync(`${team.app.dataDir}/console-token`, 'utf8').trim();
  const status = async () => (await team.withToken(token, 'app.status', {})).status;
  const proxyHeaders = { user: 'x-remote-user', groups: 'x-remote-groups' };
  await team.local('settings.update', {
    trustedProxies: ['127.0.0.1/32'],
    access: { groupRoles: admins, proxyHeaders },
  });
  const headers = { 'content-type': 'application/json', origin: team.url };
  const asked = { ...headers, 'x-remote-user': 'Ada', 'x-remote-groups': 'ops' };
  await fetch(`${team.url}/api/app.status`, { method: 'POST', headers: asked, body: '{}' });
  await team.local('settings.update', { access: { consoleToken: 'local' } });
  expect(await status()).toBe(401);
  await team.local('settings.update', { access: { proxyHeaders: null } });
  expect(await status()).toBe(200);
  const both = { access: { consoleToken: 'local' as const, proxyHeaders: null } };
  await expect(team.local('settings.update', both)).rejects.toThrow(/without an admin/);
  // What sign-in through the proxy changed is in the audit log.
  expect((await team.local('audit.list', { call: 'operators.add' })).items).toMatchObject([
    { name: 'Ada', via: 'proxy', target: 'Ada', before: null, after: { role: 'admin', mayApprove: false } },
  ]);
});

it('requires the role admin to replay with an edited payload', async () => {
  const team = await openTeam();
  const [operator, admin] = [await team.join('Olga', 'operator'), await team.join('Ada', 'admin')];
  await admin.call('events.raise', { type: 'test', message: { amount: 1 } });
  const { items } = await team.local('events.list', {});
  const ids = [items[0]?.id];
  expect(await operator.call('events.replay', { ids })).toMatchObject({ status: 200 });
  expect(await operator.call('events.replay', { ids, payload: { amount: 900 } })).toMatchObject({
    status: 403,
    message: expect.stringContaining('needs the admin role'),
  });
  expect(await admin.call('events.replay', { ids, payload: { amount: 900 } })).toMatchObject({ status: 200 });
  const log = (await team.local('audit.list', { call: 'events.replay' })).items;
  expect(log).toMatchObject([
    { name: 'Ada', outcome: 'done', after: { payload: 'edited' } },
    { name: 'Olga', outcome: 'failed' },
    { name: 'Olga', outcome: 'done', after: null },
  ]);
  expect(JSON.stringify(log)).not.toContain('900');
});

it('records the rights of a new API token, and sign-ins with the console token', async () => {
  const team = await openTeam();
  const browser = await team.join('Ada', 'operator');
  await browser.call('account.createToken', { name: 'ci', role: 'viewer', days: 3 });
  const [made] = (await team.local('audit.list', { call: 'account.createToken' })).items;
  expect(made).toMatchObject({ target: 'ci', after: { role: 'viewer', mayApprove: false, days: 3 } });
  const token = readFileSync(`${team.app.dataDir}/console-token`, 'utf8').trim();
  await team.browser().post('/session', { token });
  const [started] = (await team.local('audit.list', { call: 'session.start' })).items;
  expect(started).toMatchObject({ accountId: null, via: 'console_session', address: '127.0.0.1', outcome: 'done' });
});

function emptyStore() {
  const { db, writer } = tempStore();
  return { accounts: createAccounts({ db, writer, nowMs: Date.now }) };
}
