import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Desktop, desktopArguments, desktopEnvironment, electronPath, openDesktop } from './desktop.ts';
import { walkTheSpine } from './spine.ts';
import { openWorkshop } from './workshop.ts';

// One window for all: they only look at what the first has left, and do not depend on it.
let desktop: Desktop;
let workshop: ReturnType<typeof openWorkshop>;

test.beforeAll(async () => {
  workshop = openWorkshop();
  desktop = await openDesktop(workshop);
});

test.afterAll(async () => {
  await desktop?.app.close();
  workshop.remove();
});

test('a webhook arrives in the window, its job runs, is acknowledged, and the event is replayed edited', async () => {
  await walkTheSpine({ page: desktop.page, post: desktop.post, release: workshop.release });
});

test('keeps the console’s HTTP door closed', async () => {
  expect(desktop.consoleUrl).toBeNull();
});

test('the page has nothing of Node and runs no script but its own', async () => {
  const { page } = desktop;
  const seen = await page.evaluate(async () => {
    const inline = document.createElement('script');
    inline.textContent = 'window.inlineRan = true';
    document.body.append(inline);
    // Text as code from a timer: `evaluate` itself is let through by the browser's test driver.
    setTimeout('window.textRan = true');
    await new Promise((resolve) => setTimeout(resolve));
    await new Promise((resolve) => requestAnimationFrame(resolve));
    return {
      require: 'require' in window,
      process: 'process' in window,
      module: 'module' in window,
      inlineRan: 'inlineRan' in window,
      textRan: 'textRan' in window,
      bridge: Object.keys(Object(Reflect.get(window, 'signalbox'))).sort(),
      policy: (await fetch(location.origin)).headers.get('content-security-policy'),
    };
  });
  expect(seen).toMatchObject({
    require: false,
    process: false,
    module: false,
    inlineRan: false,
    textRan: false,
    bridge: ['call', 'onMessage', 'onPush'],
  });
  expect(seen.policy).toContain("default-src 'none'");
  expect(seen.policy).not.toMatch(/script-src[^;]*unsafe/);
});

test('a second start brings the first window to the front and ends', async () => {
  const isVisible = () => desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
  await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  expect(await isVisible()).toBe(false);
  const second = spawn(electronPath(), desktopArguments(workshop.dataDir), {
    cwd: join(import.meta.dirname, '../..'),
    env: desktopEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  second.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const code = await new Promise((resolve) => second.on('close', resolve));
  expect(code).toBe(0);
  expect(said).toContain('Signalbox is already running');
  await expect.poll(isVisible).toBe(true);
  expect(await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('keeps what it stores for its user alone', () => {
  expect(statSync(workshop.dataDir).mode & 0o777).toBe(0o700);
  expect(statSync(join(workshop.dataDir, 'signalbox.db')).mode & 0o077).toBe(0);
});

// Last: the test driver waits for the end of a navigation that never begins.
test('neither navigates away nor opens other windows, and is given no permission', async () => {
  const { app, receiverUrl } = desktop;
  const seen = await app.evaluate(async ({ BrowserWindow }, url) => {
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined) return null;
    const { webContents } = window;
    const before = webContents.getURL();
    const opened: unknown = await webContents.executeJavaScript(`window.open(${JSON.stringify(url)}) !== null`, true);
    const permission: unknown = await webContents.executeJavaScript(
      "navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state)",
    );
    const tried = new Promise<void>((resolve) => webContents.once('will-navigate', () => resolve()));
    await webContents.executeJavaScript(`location.href = ${JSON.stringify(url)}; undefined`, true);
    await tried;
    const isThere: unknown = await webContents.executeJavaScript("document.querySelector('nav') !== null");
    const windows = BrowserWindow.getAllWindows().length;
    return {
      opened,
      permission,
      isThere,
      windows,
      isSame: webContents.getURL().split('#')[0] === before.split('#')[0],
    };
  }, `${receiverUrl}/healthz`);
  expect(seen).toEqual({ opened: false, permission: 'denied', isThere: true, windows: 1, isSame: true });
});
