import { expect, test } from '@playwright/test';
import { ask } from '../process/http.ts';
import { type Desktop, openDesktop, statusFromPage } from './desktop.ts';
import { dialogWith, openDialogs, press } from './system-seam.ts';
import { openWorkshop } from './workshop.ts';

let desktop: Desktop;
let workshop: ReturnType<typeof openWorkshop>;

test.beforeEach(async () => {
  workshop = openWorkshop();
  desktop = await openDesktop(workshop);
});

test.afterEach(async () => {
  await desktop?.app.close();
  workshop.remove();
});

/**
 * Asked of the main process: the test driver gives a page up once it has crashed. A question to a page that crashes
 * meanwhile is never answered.
 */
const hasConsole = (): Promise<unknown> =>
  desktop.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (contents === undefined || contents.isCrashed() || contents.isLoading()) return false;
    return Promise.race([
      contents.executeJavaScript("document.querySelector('nav') !== null"),
      new Promise((resolve) => setTimeout(() => resolve('no answer'), 1000)),
    ]);
  });
const crash = (): Promise<void> =>
  desktop.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
  });
const consoleIsBack = () => expect.poll(hasConsole).toBe(true);
const receives = async (): Promise<void> => {
  expect((await ask(`${desktop.receiverUrl}/healthz`)).status).toBe(200);
};

test('a page that crashes is loaded anew, and with a second crash that is offered', async () => {
  await crash();
  await consoleIsBack();
  expect(await openDialogs(desktop.app)).toEqual([]);
  for (let again = 0; again < 2; again += 1) {
    await crash();
    const dialog = await dialogWith(desktop.app, /crashed again/);
    expect(dialog.buttons).toEqual(['Reload', 'Restart Without Graphics Processor']);
    await receives();
    await press(desktop.app, 'Reload');
    await consoleIsBack();
  }
});

test('a page that hangs is noticed, and can be loaded anew', async () => {
  await desktop.app.evaluate(({ BrowserWindow }) => {
    void BrowserWindow.getAllWindows()[0]
      ?.webContents.executeJavaScript('for (;;) {}')
      .catch(() => undefined);
  });
  const dialog = await dialogWith(desktop.app, /does not respond/, 40_000);
  expect(dialog.buttons).toContain('Wait');
  await receives();
  await press(desktop.app, 'Reload');
  await consoleIsBack();
});

test('the receiver outlives a graphics process that keeps crashing', async () => {
  const crashed = await desktop.app.evaluate(async ({ app }) => {
    const seen: number[] = [];
    while (seen.length < 8) {
      const gpu = app.getAppMetrics().find(({ type, pid }) => type === 'GPU' && !seen.includes(pid));
      if (gpu === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      const gone = new Promise<void>((resolve) => app.once('child-process-gone', () => resolve()));
      seen.push(gpu.pid);
      process.kill(gpu.pid, 'SIGKILL');
      await gone;
    }
    return seen.length;
  });
  expect(crashed).toBe(8);
  const dialog = await dialogWith(desktop.app, /graphics process of Signalbox keeps crashing/);
  expect(dialog.buttons).toEqual(['Restart Without Graphics Processor', 'Continue']);
  await press(desktop.app, 'Continue');
  await receives();
  await consoleIsBack();
});

test('a hidden window is sent nothing, and catches up when it is shown', async () => {
  const { app, page, post } = desktop;
  await page.evaluate(() => {
    const onPush: unknown = Reflect.get(Object(Reflect.get(window, 'signalbox')), 'onPush');
    Reflect.set(window, 'pushed', []);
    if (typeof onPush === 'function') onPush((push: { name: string }) => Reflect.get(window, 'pushed').push(push.name));
  });
  const pushed = (): Promise<string[]> => page.evaluate(() => Reflect.get(window, 'pushed'));
  const rows = page.getByRole('listbox', { name: 'Events' }).getByRole('option');
  await post({ type: 'shown.before', id: 'h-0' });
  await expect(rows).toHaveCount(1);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  const before = (await pushed()).length;
  for (let n = 1; n <= 5; n += 1) await post({ type: 'hidden', id: `h-${n}` });
  await expect.poll(async () => (await statusFromPage(page)).events.total).toBe(6);
  expect((await pushed()).length).toBe(before);
  await expect(rows).toHaveCount(1);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
  await expect(rows).toHaveCount(6);
});

test('a click on a notification opens its run, however late', async () => {
  const { app, page, post } = desktop;
  await post({ type: 'order.broken', id: 'n-1', amount: 1 });
  const note = async () =>
    app.evaluate(() => {
      const [first] = Reflect.get(Object(Reflect.get(globalThis, 'systemSeam')), 'notifications');
      return first === undefined ? null : first.title;
    });
  await expect.poll(note).toBe('broken failed');
  const isClicked = await app.evaluate(async () => {
    const { setFlagsFromString } = process.getBuiltinModule('node:v8');
    const { runInNewContext } = process.getBuiltinModule('node:vm');
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    // What nothing holds any more is gone after these.
    for (let n = 0; n < 5; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      collect();
    }
    const [first] = Reflect.get(Object(Reflect.get(globalThis, 'systemSeam')), 'notifications');
    return first.object.deref()?.emit('click') === true;
  });
  expect(isClicked).toBe(true);
  await expect(page).toHaveURL(/#\/runs\/.+/);
  await expect(page.getByRole('region', { name: 'Output' })).toContainText('no such table');
});

test('keys of every browser zoom and go back', async () => {
  const { app, page } = desktop;
  const strike = (keyCode: string, ...modifiers: ('control' | 'alt')[]) =>
    app.evaluate(
      ({ BrowserWindow }, key) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        contents?.sendInputEvent({ type: 'keyDown', ...key });
        contents?.sendInputEvent({ type: 'keyUp', ...key });
      },
      { keyCode, modifiers },
    );
  const zoom = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomLevel());
  await strike('=', 'control');
  await expect.poll(zoom).toBe(0.5);
  await strike('numadd', 'control');
  await expect.poll(zoom).toBe(1);
  await strike('numsub', 'control');
  await expect.poll(zoom).toBe(0.5);
  await strike('0', 'control');
  await expect.poll(zoom).toBe(0);

  await expect(page).toHaveURL(/#\/live$/);
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Jobs' }).click();
  await expect(page).toHaveURL(/#\/jobs$/);
  await strike('Left', 'alt');
  await expect(page).toHaveURL(/#\/live$/);
  await strike('Right', 'alt');
  await expect(page).toHaveURL(/#\/jobs$/);
});

test('the title names the data directory, and nothing of its own origin takes the page’s place', async () => {
  const { app, page } = desktop;
  const title = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle());
  await expect.poll(title).toContain(workshop.dataDir);
  await app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (contents === undefined) return;
    const tried = new Promise<void>((resolve) => contents.once('will-navigate', () => resolve()));
    await contents.executeJavaScript("location.href = 'app://signalbox/nothing-here'; undefined", true);
    await tried;
  });
  await consoleIsBack();
  expect(page.url()).toMatch(/^app:\/\/signalbox\/#/);
});
