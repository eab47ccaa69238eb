import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { endDuringStart, makePlace, startSignalbox, until } from './signalbox.ts';

function place() {
  const made = makePlace();
  onTestFinished(made.remove);
  return made;
}

const config = (name: string) => `version: 1\nsources:\n  - { slug: ${name}, preset: generic }\n`;

describe.skipIf(process.platform === 'win32')('a signal', () => {
  it('during the start ends it in order, at whatever moment', async () => {
    const { dataDir } = place();
    const moments: ((file: (name: string) => string) => boolean)[] = [
      (file) => existsSync(file('instance-id')),
      (file) => existsSync(file('signalbox.db')),
      (file) => existsSync(file('session.json')),
    ];
    for (const isTime of moments) {
      rmSync(dataDir, { recursive: true, force: true });
      const end = await endDuringStart({ dataDir }, 'SIGTERM', () => isTime((name) => join(dataDir, name)));
      expect([end.code, end.signal]).toEqual([0, null]);
      expect(end.stderr).not.toMatch(/"level":(50|60)|\n\s+at /);
      const wal = join(dataDir, 'signalbox.db-wal');
      expect(existsSync(wal) ? readFileSync(wal).length : 0).toBe(0);
    }
  });

  it('SIGHUP without a terminal reads the config file again and goes on', async () => {
    const { dataDir } = place();
    const box = await startSignalbox({ dataDir, config: config('crm') });
    onTestFinished(async () => void (await box.end()));
    process.kill(box.pid, 'SIGHUP');
    await until('it is told', async () => {
      return readFileSync(join(dataDir, 'signalbox.log'), 'utf8').includes('read the configuration again');
    });
    expect((await box.call('app.status', {})).receiver.accepting).toBe(true);
    writeFileSync(box.configFile, config('shop'));
    process.kill(box.pid, 'SIGHUP');
    await until('the file is applied', async () => (await box.post('shop', {})).status === 202);
    const end = await box.end('SIGTERM');
    expect([end.code, end.signal]).toEqual([0, null]);
  });

  it('does not wait for a config file that became a pipe', async () => {
    const { dataDir } = place();
    const box = await startSignalbox({ dataDir, config: config('crm') });
    rmSync(box.configFile);
    execFileSync('mkfifo', [box.configFile]);
    process.kill(box.pid, 'SIGHUP');
    await until('it is said', async () => {
      const { alerts } = await box.call('app.status', {});
      return alerts.some(({ code, message }) => code === 'config_rejected' && message.includes('not a regular file'));
    });
    const end = await box.end('SIGTERM');
    expect([end.code, end.tookMs < 20_000]).toEqual([0, true]);
  });
});

const hasScript = (): boolean => {
  try {
    execFileSync('script', ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
};

describe.skipIf(!hasScript())('in a terminal (skipped where there is no script(1))', () => {
  it('SIGHUP, which its closing sends, drains and ends as SIGTERM does', async () => {
    const { dataDir } = place();
    const typescript = join(dataDir, '..', 'typescript');
    const words = (args: readonly string[]): string => args.map((word) => `'${word}'`).join(' ');
    const root = join(import.meta.dirname, '../..');
    const command = words([
      process.execPath,
      join(root, 'electron/headless.ts'),
      ...['--data-dir', dataDir, '--receiver', '127.0.0.1:0', '--console', '127.0.0.1:0'],
    ]);
    const terminal = spawn('script', ['-qec', `exec ${command}`, typescript], { stdio: ['pipe', 'ignore', 'ignore'] });
    const ended = new Promise<number | null>((resolve) => terminal.on('exit', resolve));
    onTestFinished(() => void terminal.kill('SIGKILL'));
    const pid = await until('it is ready', async () => {
      const owner = join(dataDir, 'owner.json');
      const text = existsSync(owner) ? readFileSync(owner, 'utf8') : '';
      return text.includes('receiverUrl') ? z.object({ pid: z.number() }).parse(JSON.parse(text)).pid : null;
    });
    process.kill(pid, 'SIGHUP');
    expect(await ended).toBe(0);
    expect(readFileSync(join(dataDir, 'signalbox.log'), 'utf8')).toContain('"reason":"SIGHUP"');
  });
});
