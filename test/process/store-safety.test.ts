import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask } from './http.ts';
import { makePlace, type Signalbox, type StartArguments, startInVain, startSignalbox, until } from './signalbox.ts';

function place() {
  const made = makePlace();
  onTestFinished(made.remove);
  return made;
}

async function started(start: StartArguments): Promise<Signalbox> {
  const box = await startSignalbox(start);
  onTestFinished(async () => void (await box.end('SIGKILL')));
  return box;
}

async function withEvents(start: StartArguments, count: number): Promise<Signalbox> {
  const box = await started(start);
  await box.call('sources.create', { slug: 'crm', preset: 'generic', rateLimit: 'off' });
  for (let n = 0; n < count; n++) await box.accept('crm', { n });
  return box;
}

const total = async (box: Signalbox): Promise<number> => (await box.call('events.list', { limit: 500 })).items.length;

describe('the store of a process that was killed', () => {
  it('without its log opens, and it is said that the last rows may be missing', async () => {
    const { dataDir } = place();
    const box = await withEvents({ dataDir }, 30);
    await box.end('SIGKILL');
    const again = await started({ dataDir });
    expect((await again.call('app.status', {})).alerts).toEqual([]);
    expect(await total(again)).toBe(30);
    await again.accept('crm', { n: 'after' });
    await again.end('SIGKILL');

    rmSync(join(dataDir, 'signalbox.db-wal'));
    rmSync(join(dataDir, 'signalbox.db-shm'), { force: true });
    const third = await started({ dataDir });
    const { alerts, receiver } = await third.call('app.status', {});
    expect(alerts.map(({ code }) => code)).toEqual(['log_missing']);
    expect(receiver.accepting).toBe(true);
  });

  it('tells when it was off, and how that came', async () => {
    const { dataDir } = place();
    const box = await withEvents({ dataDir }, 1);
    expect((await box.call('app.blindWindows', {})).items).toEqual([]);
    await box.end('SIGKILL');
    const again = await started({ dataDir });
    const killed = await until('the window is written', async () => {
      return (await again.call('app.blindWindows', {})).items[0];
    });
    expect(killed).toMatchObject({ kind: 'off', detail: expect.stringContaining('ended unexpectedly') });
    await again.end('SIGTERM');
    const third = await started({ dataDir });
    const last = await until('the second window is written', async () => {
      const { items } = await third.call('app.blindWindows', {});
      return items.length < 2 ? undefined : items[0];
    });
    expect((await third.call('app.blindWindows', {})).items).toMatchObject([
      { kind: 'off', detail: 'stopped' },
      killed,
    ]);
    expect(Date.parse(last.to ?? '')).toBeGreaterThan(Date.parse(last.from));
  });
});

describe('restoring', () => {
  it('with --restore puts the file in place, keeps the store before, and ends', async () => {
    const { dir, dataDir } = place();
    const box = await withEvents({ dataDir }, 12);
    const { name } = await box.call('backups.create', {});
    const copy = join(dir, 'copy.db');
    copyFileSync(join(dataDir, 'backups', name), copy);
    await box.accept('crm', { n: 'later' });
    const busy = await startInVain({ dataDir, args: ['--restore', copy] });
    expect([busy.code, busy.stderr]).toEqual([2, expect.stringContaining('in use by another Signalbox')]);
    await box.end();

    const end = await startInVain({ dataDir, args: ['--restore', copy] });
    expect([end.code, end.stderr]).toEqual([0, '']);
    expect(end.stdout).toMatch(/is in place.*kept in quarantine\/\S+\. Start without --restore/);
    const again = await started({ dataDir });
    expect(await total(again)).toBe(12);
    expect(readdirSync(join(dataDir, 'quarantine'))).toHaveLength(1);
    expect(existsSync(copy)).toBe(true);
    await again.end();

    const bytes = readFileSync(copy);
    writeFileSync(copy, bytes.fill(0, 9000, 30_000));
    const inVain = await startInVain({ dataDir, args: ['--restore', copy] });
    expect(inVain.code).toBe(2);
    expect(inVain.stderr).toMatch(/cannot be restored: .*Nothing was changed\.\n$/);
    expect(await total(await started({ dataDir }))).toBe(12);
  });

  it('in the console starts the app anew in the same process, at the same addresses, signed in as before', async () => {
    const { dataDir } = place();
    const box = await withEvents({ dataDir }, 5);
    const login = await ask(`${box.consoleUrl}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: box.consoleUrl },
      body: JSON.stringify({ token: box.token }),
    });
    const { name } = await box.call('backups.create', {});
    await box.accept('crm', { n: 'later' });
    await box.call('backups.restore', { name });
    await until('the store before is back', async () => (await total(box).catch(() => 0)) === 5);
    process.kill(box.pid, 0);
    await box.accept('crm', { n: 'new' });
    const cookie = login.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const asSession = await ask(`${box.consoleUrl}/api/app.status`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: box.consoleUrl, cookie },
      body: '{}',
    });
    expect([login.status < 300, asSession.status]).toEqual([true, 200]);
    const { code, tookMs } = await box.end('SIGTERM');
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(20_000);
    expect(statSync(join(dataDir, 'quarantine')).mode & 0o777).toBe(0o700);
  });
});
