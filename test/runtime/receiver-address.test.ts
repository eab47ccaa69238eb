import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { profileOf } from '../../electron/runtime/options.ts';
import { StartError } from '../../electron/upkeep/start-error.ts';
import { newDataDir, openApp } from './open-app.ts';

const host = '127.0.0.1';
const longEnough = { interval: 20 };

/** Another program on a port; 0 takes a free one. */
async function occupy(port: number): Promise<{ port: number; leave(): Promise<void> }> {
  const server: Server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const leave = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  onTestFinished(() => leave());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, leave };
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const other = await occupy(0);
  await other.leave();
  return other.port;
}

/** Takes the port as soon as the app lets go of it. */
async function snatch(port: number): ReturnType<typeof occupy> {
  for (;;) {
    try {
      return await occupy(port);
    } catch {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const health = async (port: number): Promise<number> => (await fetch(`http://${host}:${port}/healthz`)).status;

describe('the address of the receiver', () => {
  it('changes while the app runs, is kept for the next start, and options win over it', async () => {
    const dataDir = newDataDir();
    const [first, second] = [await freePort(), await freePort()];
    writeFileSync(join(dataDir, 'receiver.json'), JSON.stringify({ version: 1, host, port: first }));
    const app = await openApp(dataDir, { receiver: null });
    expect((await app.call('app.status', {})).receiver).toMatchObject({ host, port: first, setBy: 'setting' });
    expect(await health(first)).toBe(200);

    const { receiver } = await app.call('app.setReceiverAddress', { address: { host, port: second } });
    expect(receiver).toEqual({
      url: `http://${host}:${second}`,
      accepting: true,
      host,
      port: second,
      setBy: 'setting',
      problem: null,
    });
    expect(await health(second)).toBe(200);
    await expect(fetch(`http://${host}:${first}/healthz`)).rejects.toThrow();
    expect(app.runtime.receiverUrl).toBe(`http://${host}:${second}`);
    const file = join(dataDir, 'receiver.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ version: 1, host, port: second });
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    await app.stop();

    const again = await openApp(dataDir, { receiver: { host, port: 0 } });
    const given = (await again.call('app.status', {})).receiver;
    expect(given).toMatchObject({ setBy: 'options' });
    expect(given.port).not.toBe(second);
    // For this session only.
    await again.call('app.setReceiverAddress', { address: { host, port: first } });
    expect(await health(first)).toBe(200);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ port: second });
  });

  it('stays as it is when the new one cannot be had, with the reason', async () => {
    const dataDir = newDataDir();
    const port = await freePort();
    const app = await openApp(dataDir, { receiver: { host, port } });
    const other = await occupy(0);
    await expect(app.call('app.setReceiverAddress', { address: { host, port: other.port } })).rejects.toMatchObject({
      code: 'unavailable',
      message: `The receiver cannot listen on ${host}:${other.port}: another program uses it.`,
    });
    expect(await health(port)).toBe(200);
    // The same port on an address that this machine does not have: it has to be let go of first, and comes back.
    await expect(app.call('app.setReceiverAddress', { address: { host: '192.0.2.1', port } })).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(await health(port)).toBe(200);
    expect((await app.call('app.status', {})).receiver).toMatchObject({ accepting: true, problem: null, port });
    expect(existsSync(join(dataDir, 'receiver.json'))).toBe(false);
  });

  it('ends a first start in one sentence when another program has it', async () => {
    const { port } = await occupy(0);
    const failed = openApp(newDataDir(), { receiver: { host, port } });
    await expect(failed).rejects.toThrow(StartError);
    await expect(failed).rejects.toMatchObject({
      message: `The receiver cannot listen on ${host}:${port}: another program uses it. Choose another address with --receiver.`,
      code: 'address_unavailable',
      server: 'receiver',
      address: { host, port },
    });
  });

  it('that is taken during a restart is said and waited for, while all else works', async () => {
    const port = await freePort();
    const app = await openApp(newDataDir(), { receiver: { host, port } });
    await app.call('sources.create', { slug: 'crm', preset: 'generic' });
    const { name } = await app.call('backups.create', {});
    await app.call('backups.restore', { name });
    const other = await snatch(port);
    await expect
      .poll(async () => (await app.call('app.status', {})).alerts, longEnough)
      .toContainEqual(
        expect.objectContaining({
          code: 'receiver_closed',
          level: 'error',
          message: expect.stringContaining(`${port}`),
        }),
      );
    const status = await app.call('app.status', {});
    expect(status).toMatchObject({
      phase: 'running',
      receiver: { accepting: false, port, problem: expect.stringContaining('another program uses it') },
    });
    expect((await app.call('sources.list', {})).items.map(({ slug }) => slug)).toContain('crm');
    await expect
      .poll(async () => (await app.call('app.blindWindows', {})).items.map(({ detail }) => detail), longEnough)
      .toContain('the receiver could not listen');
    await other.leave();
    await expect.poll(async () => (await app.call('app.status', {})).receiver.accepting, longEnough).toBe(true);
    expect((await app.call('app.status', {})).alerts.filter(({ code }) => code === 'receiver_closed')).toEqual([]);
    expect((await app.post('crm', { type: 'a' })).status).toBe(202);
  });

  it('that is taken during a restart can be changed for another', async () => {
    const [port, free] = [await freePort(), await freePort()];
    const app = await openApp(newDataDir(), { receiver: { host, port } });
    const { name } = await app.call('backups.create', {});
    await app.call('backups.restore', { name });
    await snatch(port);
    await expect
      .poll(async () => (await app.call('app.status', {})).receiver.problem, longEnough)
      .toContain('another program uses it');
    const { receiver } = await app.call('app.setReceiverAddress', { address: { host, port: free } });
    expect(receiver).toMatchObject({ accepting: true, port: free, problem: null });
    expect(await health(free)).toBe(200);
  });
});

describe('a restart that fails', () => {
  it('is said in the status, tried again, and ends when the app is told to', async () => {
    const consolePort = await freePort();
    const app = await openApp(newDataDir(), { console: { host, port: consolePort } });
    await app.call('jobs.create', { slug: 'long', kind: 'command', command: ['sleep', '60'] });
    await app.call('jobs.testRun', { slug: 'long', event: { type: 'test', payload: {} } });
    await expect.poll(async () => (await app.call('app.status', {})).runs.running, longEnough).toBe(1);
    const { name } = await app.call('backups.create', {});
    await app.call('backups.restore', { name });
    const other = await snatch(consolePort);
    await expect
      .poll(async () => (await app.call('app.status', {})).alerts, longEnough)
      .toEqual([
        expect.objectContaining({
          code: 'restart_failed',
          message: expect.stringContaining('The console cannot listen'),
        }),
      ]);
    const [alert] = (await app.call('app.status', {})).alerts;
    // Whatever the reason ends with, the next sentence begins after a full stop.
    expect(alert?.message).toMatch(/\. Nothing is received until it can\. Retrying automatically\.$/);
    expect(alert?.message).not.toContain('..');
    expect(await app.call('app.status', {})).toMatchObject({
      phase: 'restarting',
      receiver: { accepting: false },
      runs: { running: 0 },
    });
    await expect(app.call('sources.list', {})).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('The console cannot listen'),
    });
    await other.leave();
    await expect.poll(async () => (await app.call('app.status', {})).phase, longEnough).toBe('running');
    expect((await app.call('app.status', {})).alerts).toEqual([]);

    await app.call('backups.restore', { name });
    await snatch(consolePort);
    await expect.poll(async () => (await app.call('app.status', {})).alerts.length, longEnough).toBe(1);
    const startedMs = performance.now();
    await app.stop();
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });
});

describe('the name of an instance', () => {
  it('is its data directory where that is not the usual one', () => {
    expect(profileOf('/srv/signalbox')).toBe('/srv/signalbox');
  });
});
