import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, expect, type Page, test } from '@playwright/test';
import { z } from 'zod';
import { callFromPage, clickMenuItem, consolePage, launchDesktop } from './desktop.ts';
import { dialogWith, press } from './system-seam.ts';
import { openWorkshop } from './workshop.ts';

// One app for all: each test leaves the window as it found it, and none depends on another.
let app: ElectronApplication;
let page: Page;
let workshop: ReturnType<typeof openWorkshop>;
let configHome: string;

test.beforeAll(async () => {
  workshop = openWorkshop();
  configHome = mkdtempSync(join(tmpdir(), 'signalbox-config-home-'));
  app = await launchDesktop({ dataDir: workshop.dataDir, env: { XDG_CONFIG_HOME: configHome }, answers: [] });
  page = await consolePage(app);
  await expect(page.getByRole('contentinfo')).toContainText('Accepting');
  // What leaves the app for another program of the system is noted instead.
  await app.evaluate(({ shell, app: electronApp }) => {
    const opened: string[] = [];
    Reflect.set(globalThis, 'openedOutside', opened);
    shell.openPath = async (path) => {
      opened.push(path);
      return '';
    };
    shell.showItemInFolder = (path) => void opened.push(path);
    shell.openExternal = async (url) => void opened.push(url);
    electronApp.showAboutPanel = () => void opened.push('about');
  });
});

test.afterAll(async () => {
  await app?.close();
  workshop.remove();
  rmSync(configHome, { recursive: true, force: true });
});

const clickMenu = (id: string) => clickMenuItem(app, id);

const openedOutside = async (): Promise<string[]> =>
  z.array(z.string()).parse(await app.evaluate(() => Reflect.get(globalThis, 'openedOutside')));

test('the menu bar is visible, leads to every page, and opens what belongs to the app', async () => {
  const bar = await app.evaluate(({ Menu, BrowserWindow }) => ({
    labels: Menu.getApplicationMenu()?.items.map(({ label }) => label),
    isVisible: BrowserWindow.getAllWindows()[0]?.isMenuBarVisible(),
  }));
  expect(bar).toEqual({ labels: ['File', 'Edit', 'View', 'Go', 'Window', 'Help'], isVisible: true });
  for (const [id, heading] of [
    ['go/inbox', 'Inbox'],
    ['go/runs', 'Runs'],
    ['go/insights', 'Insights'],
    ['go/listeners', 'Listeners'],
    ['go/jobs', 'Jobs'],
    ['go/sources', 'Sources'],
    ['settings', 'Settings'],
    ['go/live', 'Live'],
  ] as const) {
    await clickMenu(id);
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
  }
  await clickMenu('keyboard-shortcuts');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await clickMenu('command-palette');
  await expect(page.getByPlaceholder('Search commands or paste an ID')).toBeVisible();
  await page.keyboard.press('Escape');
  for (const id of ['documentation', 'licenses', 'log', 'data-folder', 'about']) await clickMenu(id);
  await expect.poll(async () => (await openedOutside()).length).toBe(5);
  const [documentation = '', licenses = '', log = '', folder, about] = await openedOutside();
  expect(readFileSync(documentation, 'utf8')).toContain('<h1');
  expect(existsSync(licenses)).toBe(true);
  expect(log).toBe(join(workshop.dataDir, 'signalbox.log'));
  expect([folder, about]).toEqual([workshop.dataDir, 'about']);
});

test('finds text in the page, and goes to the filter of a page that has one', async () => {
  await clickMenu('settings');
  await expect(page.getByRole('heading', { name: 'Retention' })).toBeVisible();
  await page.keyboard.press('Control+f');
  const field = page.getByRole('textbox', { name: 'Find in page' });
  await expect(field).toBeFocused();
  await field.fill('max AGE');
  const search = page.getByRole('search', { name: 'Find in page' });
  await expect(search.getByRole('status')).toHaveText('1 of 3');
  await page.keyboard.press('Enter');
  await expect(search.getByRole('status')).toHaveText('2 of 3');
  const marked = await page.evaluate(() => [...(CSS.highlights.get('find-current') ?? [])].map(String));
  expect(marked).toEqual(['Max age']);
  await field.fill('nothing like this');
  await expect(search.getByRole('status')).toHaveText('No results');
  await page.keyboard.press('Escape');
  await expect(search).toBeHidden();
  expect(await page.evaluate(() => CSS.highlights.size)).toBe(0);

  await clickMenu('go/jobs');
  const filter = page.getByRole('main').locator('input[data-page-filter]');
  await expect(filter).toBeVisible();
  await page.keyboard.press('Control+f');
  await expect(filter).toBeFocused();
  await page.keyboard.press('Control+f');
  await expect(field).toBeFocused();
  await page.keyboard.press('Escape');
  await clickMenu('find');
  await expect(field).toBeFocused();
  await page.keyboard.press('Escape');
});

test('a JSON file that is dropped fills in an event, which is sent by a click', async () => {
  const drop = (name: string, text: string) =>
    page.evaluate(
      ([fileName, content]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([content], fileName, { type: 'application/json' }));
        for (const type of ['dragover', 'drop']) {
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
        }
      },
      [name, text] as const,
    );
  const types = async () =>
    z
      .object({ items: z.array(z.object({ type: z.string() })) })
      .parse(await callFromPage(page, 'events.list', { query: 'type:CUSTOM_*' }))
      .items.map(({ type }) => type);
  await drop('broken.json', '{');
  await expect(page.getByText('broken.json is not JSON.')).toBeVisible();
  await drop('order paid.json', '{"amount": 12345678901234567890, "currency": "EUR"}');
  const form = page.getByRole('form', { name: 'Raise an event' });
  await expect(form.getByRole('textbox', { name: 'Name' })).toHaveValue('order paid');
  await expect(form.getByText('12345678901234567890')).toBeVisible();
  expect(await types()).toEqual([]);
  await form.getByRole('button', { name: /^Raise/ }).click();
  await expect.poll(types).toEqual(['CUSTOM_ORDER_PAID']);
});

test('starts at login when it is told to', async () => {
  test.skip(process.platform !== 'linux', 'other systems keep it themselves');
  const entry = join(configHome, 'autostart', 'signalbox.desktop');
  await clickMenu('settings');
  const login = page.getByRole('switch', { name: 'Start at login' });
  await expect(login).not.toBeChecked();
  await login.click({ force: true });
  await expect(login).toBeChecked();
  expect(readFileSync(entry, 'utf8')).toMatch(/^Exec=.*--data-dir .*$/m);
  await login.click({ force: true });
  await expect(login).not.toBeChecked();
  expect(existsSync(entry)).toBe(false);
});

test('tells of a newer version that a configured feed names, and offers its page', async () => {
  const server = createServer((_request, response) => {
    response.end(JSON.stringify({ version: '99.1.0', url: 'https://example.com/signalbox/99.1.0' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const notes = () =>
    app.evaluate((): { title: string }[] =>
      Reflect.get(Reflect.get(globalThis, 'systemSeam'), 'notifications').map(({ title }: { title: string }) => ({
        title,
      })),
    );
  try {
    await clickMenu('updates');
    await dialogWith(app, /does not look for updates/);
    await press(app, 'Open Settings');
    const feed = page.getByRole('textbox', { name: 'Update feed' });
    await feed.fill(`http://127.0.0.1:${address.port}/latest.json`);
    await feed.press('Enter');
    await expect(page.getByText('Signalbox 99.1.0 is available')).toBeVisible();
    expect(await notes()).toEqual([{ title: 'Signalbox 99.1.0 is available' }]);
    await clickMenu('updates');
    expect((await dialogWith(app, /99\.1\.0 is available/)).detail).toContain('Nothing is downloaded');
    await press(app, 'Open Page');
    await expect.poll(async () => (await openedOutside()).at(-1)).toBe('https://example.com/signalbox/99.1.0');
    expect(await notes()).toHaveLength(1);
    await feed.fill('');
    await feed.press('Enter');
    await expect(page.getByText('to turn off update checks')).toBeVisible();
  } finally {
    server.close();
  }
});

test('a crash leaves a report on this computer, which a report of a problem names', async () => {
  const shown = page.waitForEvent('crash');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
  await shown;
  const report = async () => {
    await clickMenu('report');
    const dialog = await dialogWith(app, /Report a problem/);
    await press(app, 'Close');
    return dialog;
  };
  expect((await report()).detail).toContain(join(workshop.dataDir, 'signalbox.log'));
  await expect.poll(async () => (await report()).detail).toMatch(/ KB {2}.*\.dmp/);
});

// Last: it takes the window out of sight.
test('says once that it goes on when the window is closed', async () => {
  const bodies = () =>
    app.evaluate((): string[] =>
      Reflect.get(Reflect.get(globalThis, 'systemSeam'), 'notifications')
        .filter(({ title }: { title: string }) => title === 'Signalbox is still running')
        .map(({ body }: { body: string }) => body),
    );
  const close = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await close();
  await expect.poll(bodies).toHaveLength(1);
  await close();
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  expect(await bodies()).toHaveLength(1);
});
