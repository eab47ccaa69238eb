import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { z } from 'zod';
import { ask } from '../process/http.ts';
import { makePlace, startSignalbox } from '../process/signalbox.ts';
import { callFromPage, consolePage, launchDesktop, statusFromPage } from './desktop.ts';

const host = '127.0.0.1';

function occupy(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

/** Another program that takes the port as soon as it is let go of. */
async function snatch(port: number): Promise<Server> {
  for (;;) {
    const taken = await occupy(port).catch(() => null);
    if (taken !== null) return taken;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function freePort(): Promise<number> {
  const server = await occupy(0);
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function restore(page: Page): Promise<void> {
  const { name } = z.object({ name: z.string() }).parse(await callFromPage(page, 'backups.create', {}));
  await callFromPage(page, 'backups.restore', { name });
}

test('a port that is taken while a restore restarts the app is said, waited for, and can be changed', async () => {
  const place = makePlace();
  const app = await launchDesktop({ dataDir: place.dataDir });
  try {
    const page = await consolePage(app);
    const footer = page.getByRole('contentinfo');
    const notice = page.getByRole('region', { name: 'Notice' });
    await expect(footer).toContainText('Accepting');
    await expect(notice).toHaveCount(0);
    const { port } = (await statusFromPage(page)).receiver;

    await restore(page);
    const first = await snatch(port);
    await expect(notice).toContainText(`cannot listen on ${host}:${port}: another program uses it`);
    await expect(footer).toContainText('Not listening');
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Jobs' }).click();
    await expect(page.getByRole('heading', { name: 'Jobs', level: 1 })).toBeVisible();
    await new Promise((resolve) => first.close(resolve));
    await expect(footer).toContainText('Accepting');
    await expect(notice).toHaveCount(0);

    await restore(page);
    const second = await snatch(port);
    await notice.getByRole('link', { name: 'Choose another address' }).click();
    const address = page.getByLabel('Address and port');
    await expect(address).toHaveValue(`${host}:${port}`);
    await address.fill(`${host}:${port}x`);
    await address.press('Enter');
    await expect(page.getByText('must be an address and a port')).toBeVisible();
    const free = await freePort();
    await address.fill(String(free));
    await address.press('Enter');
    await expect(footer).toContainText('Accepting');
    await expect(footer).toContainText(`http://${host}:${free}`);
    expect((await ask(`http://${host}:${free}/healthz`)).status).toBe(200);
    await new Promise((resolve) => second.close(resolve));
  } finally {
    await app.close();
    place.remove();
  }
});

test('a restart with a run under way is called one until it is over', async () => {
  const place = makePlace();
  const configFile = join(place.dir, 'signalbox.yaml');
  writeFileSync(
    configFile,
    `version: 1
sources:
  - { slug: shop, preset: generic, event: { type: $.type } }
jobs:
  - { slug: long, kind: command, command: [sleep, "60"] }
listeners:
  - { slug: longs, source: shop, type: long, job: long }
`,
  );
  const app = await launchDesktop({ dataDir: place.dataDir, args: ['--config', configFile] });
  try {
    const page = await consolePage(app);
    const footer = page.getByRole('contentinfo');
    await expect(footer).toContainText('Accepting');
    const { receiver } = await statusFromPage(page);
    await ask(`${receiver.url}/in/shop`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'long' }),
    });
    await expect(footer).toContainText('1 running');
    await footer.evaluate((bar) => {
      const said: string[] = [];
      Reflect.set(globalThis, 'said', said);
      const observer = new MutationObserver(() => {
        const [word] = /(Accepting|Quitting|Restarting|Refusing|Not listening)/.exec(bar.textContent ?? '') ?? [];
        if (word !== undefined && said.at(-1) !== word) said.push(word);
      });
      observer.observe(bar, { subtree: true, childList: true, characterData: true });
    });
    await restore(page);
    await expect(footer).toContainText('Restarting');
    await expect(footer).toContainText('Accepting');
    const said = z.array(z.string()).parse(await page.evaluate(() => Reflect.get(globalThis, 'said')));
    expect(said.filter((word) => word !== 'Accepting')).toEqual(['Restarting']);
  } finally {
    await app.close();
    place.remove();
  }
});

test('a store that was damaged is not shown as one that never held anything', async () => {
  const place = makePlace();
  const box = await startSignalbox({ dataDir: place.dataDir });
  await box.call('sources.create', { slug: 'crm', preset: 'generic', rateLimit: 'off' });
  for (let n = 0; n < 40; n++) await box.accept('crm', { n, text: 'x'.repeat(3000) });
  await box.end();
  const handle = openSync(join(place.dataDir, 'signalbox.db'), 'r+');
  writeSync(handle, Buffer.alloc(8192, 90), 0, 8192, 8192 * 12);
  closeSync(handle);
  const app = await launchDesktop({ dataDir: place.dataDir });
  try {
    const page = await consolePage(app);
    await expect(page.getByText('The store was damaged', { exact: true })).toBeVisible();
    await expect(page.getByText('No events yet')).toHaveCount(0);
    await expect(page.getByRole('region', { name: 'Notice' })).toContainText('quarantine');
    await expect(page.getByRole('main')).toContainText('It was moved to quarantine/');
    await page.getByRole('main').getByRole('link', { name: 'Restore a backup' }).last().click();
    await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  } finally {
    await app.close();
    place.remove();
  }
});

test('a store that is gone is not called damaged', async () => {
  const place = makePlace();
  const box = await startSignalbox({ dataDir: place.dataDir });
  await box.call('sources.create', { slug: 'crm', preset: 'generic', rateLimit: 'off' });
  await box.accept('crm', { n: 1 });
  await box.end();
  for (const end of ['', '-wal', '-shm']) rmSync(join(place.dataDir, `signalbox.db${end}`), { force: true });
  const app = await launchDesktop({ dataDir: place.dataDir });
  try {
    const page = await consolePage(app);
    const main = page.getByRole('main');
    await expect(
      main.getByText('The store signalbox.db is missing and was replaced by an empty one', { exact: true }),
    ).toBeVisible();
    await expect(main).not.toContainText(/damaged|quarantine/);
  } finally {
    await app.close();
    place.remove();
  }
});

test('going back to the default address of the receiver says why it failed', async () => {
  const place = makePlace();
  // Another program may have it already.
  const other = await occupy(8787).catch(() => null);
  const free = await freePort();
  mkdirSync(place.dataDir, { mode: 0o700 });
  writeFileSync(join(place.dataDir, 'receiver.json'), JSON.stringify({ version: 1, host, port: free }));
  const app = await launchDesktop({ dataDir: place.dataDir, receiver: null });
  try {
    const page = await consolePage(app);
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Settings' }).click();
    await expect(page.getByRole('contentinfo')).toContainText(`http://${host}:${free}`);
    await page.getByRole('button', { name: 'Use default' }).click();
    await expect(page.getByRole('alert')).toContainText(`${host}:8787`);
    await expect(page.getByRole('alert')).toContainText('another program uses it');
    await expect(page.getByRole('contentinfo')).toContainText(`http://${host}:${free}`);
  } finally {
    await app.close();
    await new Promise((resolve) => (other === null ? resolve(null) : other.close(resolve)));
    place.remove();
  }
});
