import { expect, it } from 'vitest';
import { createAccounts } from '../../electron/accounts/accounts.ts';
import { tempStore } from '../support/temp-store.ts';

const hourMs = 60 * 60 * 1000;

it('ends links after 24 hours, sessions 30 days after their last use, and API tokens when they say', async () => {
  const { db, writer } = tempStore();
  let now = Date.parse('2026-05-01T10:00:00Z');
  const { directory, sessions, tokens } = createAccounts({ db, writer, nowMs: () => now });
  const { code } = await directory.add({ name: 'Ada', role: 'operator', mayApprove: false });
  now += 24 * hourMs - 1;
  expect(directory.invited(code)?.name).toBe('Ada');
  now += 1;
  expect(directory.invited(code)).toBeNull();
  expect(await directory.join(code, { password: 'long enough text' })).toBeNull();

  const { id } = directory.get('Ada');
  const secret = await sessions.start({ id, password: null }, { address: '127.0.0.1', browser: '' });
  now += 29 * 24 * hourMs;
  expect(sessions.use(secret)?.name).toBe('Ada');
  await writer.drain();
  now += 29 * 24 * hourMs;
  expect(sessions.peek(secret)?.name).toBe('Ada');
  now += 24 * hourMs;
  expect(sessions.use(secret)).toBeNull();

  const { token } = await tokens.create(id, { name: 'ci', role: 'viewer', mayApprove: false, days: 2 });
  now += 48 * hourMs - 1;
  expect(tokens.use(token)?.role).toBe('viewer');
  now += 1;
  expect(tokens.use(token)).toBeNull();
  await writer.drain();
});

it('stores no secret that would open anything', async () => {
  const { db, writer } = tempStore();
  const { directory, sessions, tokens } = createAccounts({ db, writer, nowMs: Date.now });
  const { code } = await directory.add({ name: 'Ada', role: 'admin', mayApprove: true });
  const account = await directory.join(code, { password: 'correct horse battery' });
  expect(account?.password).toMatch(/^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  const secret = await sessions.start(
    { id: account?.id ?? '', password: account?.password ?? null },
    { address: '::1', browser: '' },
  );
  const { token } = await tokens.create(account?.id ?? '', { name: 'ci', role: 'admin', mayApprove: true, days: 1 });
  const reset = await directory.reset('Ada');
  const rows = ['accounts', 'account_links', 'account_sessions', 'api_tokens']
    .map((table) => JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all()))
    .join('');
  for (const text of [code, secret, token, reset.code, 'correct horse']) expect(rows).not.toContain(text);
});

it('keeps the audit log append-only', async () => {
  const { db, writer } = tempStore();
  const insert = `INSERT INTO audit_log (at, name, via, call, outcome) VALUES (1, 'ada', 'session', 'runs.retry', 'done')`;
  await writer.write((tx) => tx.db.exec(insert));
  await expect(writer.write((tx) => tx.db.exec("UPDATE audit_log SET name = 'bob'"))).rejects.toThrow(/append-only/);
  expect(db.prepare('SELECT name FROM audit_log').all()).toEqual([{ name: 'ada' }]);
});
