import { describe, expect, it } from 'vitest';
import { codeOf, openTeam, password } from './team-server.ts';

describe('a one-time link', () => {
  it('sets a password once and signs in', async () => {
    const team = await openTeam();
    const { operator, link } = await team.local('operators.add', { name: 'Ada Lovelace', role: 'operator' });
    expect(operator).toMatchObject({ name: 'Ada Lovelace', role: 'operator', mayApprove: false, state: 'invited' });
    expect(link.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#\/join\/[A-Za-z0-9_-]{43}$/);
    const code = codeOf(link.url);
    const ada = team.browser();
    // Looking at it, as a preview of a chat program may do, uses nothing up.
    expect(await ada.post('/session/invitation', { code })).toMatchObject({ value: { name: 'Ada Lovelace' } });
    const short = await ada.post('/session/join', { code, password: 'too short' });
    expect(short).toMatchObject({ status: 400, message: 'The password must have at least 10 characters.' });
    const tries = await Promise.all([1, 2].map(() => team.browser().post('/session/join', { code, password })));
    expect(tries.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    expect(await ada.post('/session/invitation', { code })).toMatchObject({ status: 404 });
    await ada.post('/session', { name: 'ada lovelace', password });
    expect(ada.setCookie).toMatch(/; Path=\/; .*HttpOnly; SameSite=Strict/);
    expect(await ada.call('account.get', {})).toMatchObject({
      value: { name: 'Ada Lovelace', role: 'operator', via: 'session', permissions: ['read', 'operate', 'own'] },
    });
  });

  it('is worth nothing after the account was removed, or got another one', async () => {
    const team = await openTeam();
    const first = await team.local('operators.add', { name: 'Ada', role: 'viewer' });
    const second = await team.local('operators.reset', { name: 'ada' });
    const join = (url: string | null) => team.browser().post('/session/join', { code: codeOf(url), password });
    expect(await join(first.link.url)).toMatchObject({ status: 401 });
    await team.local('operators.remove', { name: 'ADA' });
    expect(await join(second.link.url)).toMatchObject({ status: 401 });
  });
});

describe('a session', () => {
  it('survives a restart, and ends when it is revoked, signed out, or its account disabled', async () => {
    const team = await openTeam();
    const ada = await team.join('Ada', 'operator');
    await team.app.stop();
    const again = await openTeam(team.app.dataDir);
    const moved = again.browser();
    const rename = (cookie: string) => cookie.replace(/^signalbox-\d+/, `signalbox-${new URL(again.url).port}`);
    moved.cookie = rename(ada.cookie);
    expect(await moved.call('account.get', {})).toMatchObject({ value: { name: 'Ada' } });

    const { items } = await again.local('operators.sessions', { name: 'Ada' });
    expect(items).toMatchObject([{ browser: 'a browser', isCurrent: false }]);
    expect(await again.local('operators.revoke', { name: 'Ada', id: items[0]?.id })).toEqual({ revoked: 1 });
    expect(await moved.call('app.status', {})).toMatchObject({ status: 401 });

    await moved.post('/session', { name: 'Ada', password });
    expect(await moved.call('app.status', {})).toMatchObject({ status: 200 });
    await fetch(`${again.url}/session`, { method: 'DELETE', headers: { cookie: moved.cookie, origin: again.url } });
    expect(await moved.call('app.status', {})).toMatchObject({ status: 401 });

    await moved.post('/session', { name: 'Ada', password });
    await again.local('operators.update', { name: 'Ada', role: 'viewer' });
    expect(await moved.call('events.replay', { ids: ['none'] })).toMatchObject({ status: 403 });
    await again.local('operators.update', { name: 'Ada', disabled: true });
    expect(await moved.call('app.status', {})).toMatchObject({ status: 401 });
    expect(await moved.post('/session', { name: 'Ada', password })).toMatchObject({ status: 401 });
  });

  it('ends its push stream with it', async () => {
    const team = await openTeam();
    const ada = await team.join('Ada', 'operator');
    const stream = await fetch(`${team.url}/api/push`, {
      headers: { cookie: ada.cookie, 'sec-fetch-site': 'same-origin' },
    });
    expect(stream.status).toBe(200);
    await team.local('operators.revoke', { name: 'Ada' });
    // Resolves only when the server has ended it.
    await stream.text();
  });

  it('changes its password with the current one, and ends the others', async () => {
    const team = await openTeam();
    const ada = await team.join('Ada', 'viewer');
    const other = team.browser();
    await other.post('/session', { name: 'Ada', password });
    const next = 'another long password';
    expect(await ada.call('account.setPassword', { current: 'wrong', next })).toMatchObject({ status: 400 });
    expect(await ada.call('account.setPassword', { current: password, next })).toMatchObject({ status: 200 });
    expect(await ada.call('app.status', {})).toMatchObject({ status: 200 });
    expect(await other.call('app.status', {})).toMatchObject({ status: 401 });
    expect(await other.post('/session', { name: 'Ada', password: next })).toMatchObject({ status: 200 });
  });
});

describe('wrong passwords', () => {
  it('are held back by name and address, and say nothing about names', async () => {
    const team = await openTeam();
    await team.join('Ada', 'viewer');
    await team.join('Bob', 'viewer');
    const stranger = team.browser();
    const guess = (name: string, text: string) => stranger.post('/session', { name, password: text });
    const wrong = await guess('Ada', 'wrong');
    expect(await guess('no such name', 'wrong')).toEqual(wrong);
    expect(wrong).toMatchObject({ status: 401, message: 'Name or password is wrong.' });
    for (let tries = 0; tries < 4; tries += 1) await guess('ada', 'wrong');
    expect(await guess('Ada', password)).toMatchObject({ status: 429, code: 'too_many_attempts' });
    expect(await guess('Bob', password)).toMatchObject({ status: 200 });
    const { items } = await team.local('audit.list', { call: 'session.refuse' });
    expect(items).toHaveLength(5);
    expect(items[0]).toMatchObject({ name: 'Ada', address: '127.0.0.1', outcome: 'refused' });
  });
});

describe('the console token', () => {
  it('is switched off over the network only while an admin can sign in', async () => {
    const team = await openTeam();
    const { readFileSync } = await import('node:fs');
    const token = readFileSync(`${team.app.dataDir}/console-token`, 'utf8').trim();
    const status = async () => (await team.withToken(token, 'app.status', {})).status;
    await expect(team.local('settings.update', { access: { consoleToken: 'local' } })).rejects.toThrow(
      /without an admin/,
    );
    await team.join('Ada', 'admin');
    await team.local('settings.update', { access: { consoleToken: 'local' } });
    expect(await status()).toBe(401);
    expect(await team.browser().post('/session', { token })).toMatchObject({ status: 401 });
    await team.local('operators.remove', { name: 'Ada' });
    expect(await status()).toBe(200);
  });
});

describe('an API token', () => {
  it('has its scope, at most its account’s rights, and cannot make others', async () => {
    const team = await openTeam();
    const ada = await team.join('Ada', 'operator');
    expect(await ada.call('account.createToken', { name: 'ci', role: 'admin', days: 1 })).toMatchObject({
      status: 403,
    });
    const made = await ada.call('account.createToken', { name: 'ci', role: 'operator', days: 1 });
    const { token } = made.value as { token: string };
    expect(token).toMatch(/^sbx_[A-Za-z0-9_-]{43}$/);
    expect(await team.withToken(token, 'account.get', {})).toMatchObject({
      value: { name: 'Ada', via: 'api_token', permissions: ['read', 'operate'] },
    });
    expect(await team.withToken(token, 'account.createToken', {})).toMatchObject({ status: 403 });
    await team.local('operators.update', { name: 'Ada', role: 'viewer' });
    expect(await team.withToken(token, 'events.replay', { ids: ['none'] })).toMatchObject({ status: 403 });
    const { items } = (await ada.call('account.tokens', {})).value as { items: { id: string; lastUsedAt: string }[] };
    expect(items[0]?.lastUsedAt).not.toBeNull();
    await ada.call('account.revokeToken', { id: items[0]?.id });
    expect(await team.withToken(token, 'app.status', {})).toMatchObject({ status: 401 });
  });
});
