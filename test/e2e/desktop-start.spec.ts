import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { isRoot } from '../../scripts/system-packages.mjs';
import { ask } from '../process/http.ts';
import { makePlace } from '../process/signalbox.ts';
import { consolePage, launchDesktop, statusFromPage } from './desktop.ts';
import { dialogWith, press } from './system-seam.ts';

const host = '127.0.0.1';

/** Another program on a free port. */
async function occupy(): Promise<{ port: number; leave(): void }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, leave: () => void server.close() };
}

test('a port that is in use is said, and another is chosen there and then, for later starts too', async () => {
  const place = makePlace();
  const other = await occupy();
  mkdirSync(place.dataDir, { mode: 0o700 });
  // The address is the operator's choice: options on the command line would win over it.
  writeFileSync(join(place.dataDir, 'receiver.json'), JSON.stringify({ version: 1, host, port: other.port }));
  const app = await launchDesktop({ dataDir: place.dataDir, receiver: null });
  try {
    let said = '';
    app.process().stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const dialog = await dialogWith(app, /cannot listen on/);
    expect(dialog.message).toContain(String(other.port));
    expect(dialog.detail).toContain('another program uses it');
    const [use = '', ...rest] = dialog.buttons;
    expect(rest).toEqual(['Try Again', 'Quit']);
    const port = Number(/^Use Port (\d+)$/.exec(use)?.[1]);
    await press(app, 'Try Again');
    await dialogWith(app, /cannot listen on/);
    await press(app, `Use Port ${(await dialogWith(app, /cannot listen on/)).buttons[0]?.split(' ').at(-1)}`);
    const page = await consolePage(app);
    const { receiver } = await statusFromPage(page);
    expect(receiver).toMatchObject({ setBy: 'setting', accepting: true, host });
    expect(receiver.port).toBeGreaterThan(0);
    expect(port).toBeGreaterThan(0);
    expect((await ask(`${receiver.url}/healthz`)).status).toBe(200);
    expect(said.split('\n').filter((line) => line.includes('another program uses it')).length).toBeLessThanOrEqual(2);
  } finally {
    await app.close();
    other.leave();
    place.remove();
  }
});

/** A directory that nothing can be written to, by whoever runs the test; gives the way to take it away. */
function makeReadOnly(dir: string): () => void {
  mkdirSync(dir, { recursive: true });
  if (!isRoot()) {
    chmodSync(dir, 0o500);
    return () => chmodSync(dir, 0o700);
  }
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=1m', 'tmpfs', dir]);
  return () => execFileSync('umount', [dir]);
}

test('a data directory that cannot be written to is said, and is no second start', async () => {
  test.skip(process.platform !== 'linux', 'the directory is made read-only as Linux does it');
  const place = makePlace();
  const restore = makeReadOnly(place.dataDir);
  const app = await launchDesktop({ dataDir: place.dataDir });
  try {
    let said = '';
    app.process().stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const dialog = await dialogWith(app, /cannot write to its data directory/);
    expect(dialog.detail).toContain(place.dataDir);
    expect(dialog.detail).toContain('cannot be written to');
    expect(dialog.buttons).toEqual(['Choose Another Directory…', 'Try Again', 'Quit']);
    const code = new Promise((resolve) => app.process().on('exit', resolve));
    await press(app, 'Quit').catch(() => undefined);
    expect(await code).toBe(2);
    expect(said).not.toContain('already running');
  } finally {
    restore();
    place.remove();
  }
});

test('a window kept on a larger screen opens in view, and no address in the environment becomes its page', async () => {
  const place = makePlace();
  mkdirSync(place.dataDir, { mode: 0o700 });
  writeFileSync(
    join(place.dataDir, 'window-state.json'),
    JSON.stringify({ x: 3000, y: 1900, width: 1600, height: 1000, isMaximized: false }),
  );
  const stranger = await occupy();
  const app = await launchDesktop({
    dataDir: place.dataDir,
    env: { ELECTRON_RENDERER_URL: `http://${host}:${stranger.port}/` },
  });
  try {
    const page = await consolePage(app);
    expect(page.url()).toMatch(/^app:\/\/signalbox\/#/);
    const { bounds, area } = await app.evaluate(({ BrowserWindow, screen }) => ({
      bounds: BrowserWindow.getAllWindows()[0]?.getBounds(),
      area: screen.getPrimaryDisplay().workArea,
    }));
    if (bounds === undefined) throw new Error('no window');
    expect(bounds.x).toBeGreaterThanOrEqual(area.x);
    expect(bounds.y).toBeGreaterThanOrEqual(area.y);
    expect(bounds.x + bounds.width).toBeLessThanOrEqual(area.x + area.width);
    expect(bounds.y + bounds.height).toBeLessThanOrEqual(area.y + area.height);
  } finally {
    await app.close();
    stranger.leave();
    place.remove();
  }
});
