import { writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { ask } from '../process/http.ts';
import { startSignalbox } from '../process/signalbox.ts';
import { callFromPage, consolePage, launchDesktop, statusFromPage } from './desktop.ts';
import { dialogWith, openDialogs, press } from './system-seam.ts';
import { openWorkshop } from './workshop.ts';

const runsSchema = z.object({ items: z.array(z.object({ id: z.string(), state: z.string() })) });

/** The app with one run under way that waits to be let go on. */
async function openWithRun() {
  const workshop = openWorkshop();
  const configFile = `${workshop.dir}/signalbox.yaml`;
  writeFileSync(configFile, workshop.config);
  const app = await launchDesktop({ dataDir: workshop.dataDir, args: ['--config', configFile], answers: [] });
  const page = await consolePage(app);
  const { receiver } = await statusFromPage(page);
  const post = (id: string, type = 'order.paid', amount = 42) =>
    ask(`${receiver.url}/in/shop`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type, id, amount }),
    });
  await post('q-1');
  const runs = async () => runsSchema.parse(await callFromPage(page, 'runs.list', {})).items;
  await expect.poll(async () => (await runs()).map(({ state }) => state)).toEqual(['running']);
  const ended = new Promise<number | null>((resolve) => app.process().on('exit', resolve));
  // The answer may come after the app has ended.
  const quit = () => app.evaluate((electron) => electron.app.quit()).catch(() => undefined);
  return { workshop, app, page, post, runs, ended, quit };
}

test('quitting with a run under way asks, can be called off, and can wait for it', async () => {
  const { workshop, app, page, post, runs, ended, quit } = await openWithRun();
  await quit();
  const dialog = await dialogWith(app, /1 run is still running/);
  expect(dialog.buttons).toEqual(['Wait for Runs', 'Stop Runs and Quit', 'Cancel']);
  await press(app, 'Cancel');
  const footer = page.getByRole('contentinfo');
  await expect(footer).toContainText('Accepting');

  await quit();
  await dialogWith(app, /1 run is still running/);
  await press(app, 'Wait for Runs');
  await expect(footer).toContainText('Quitting after 1 run');
  // Nothing further is started, and deliveries are taken still.
  expect((await post('q-2')).status).toBe(202);
  await expect.poll(async () => (await runs()).map(({ state }) => state).sort()).toEqual(['queued', 'running']);
  await quit();
  const again = await dialogWith(app, /Waiting to quit/);
  expect(again.buttons).toEqual(['Keep Waiting', 'Stop Runs and Quit', 'Do Not Quit']);
  await press(app, 'Keep Waiting');
  workshop.release();
  expect(await ended).toBe(0);

  // The one that ran came to its end; the other waits for the next start.
  const box = await startSignalbox({ dataDir: workshop.dataDir, config: workshop.config });
  try {
    await expect
      .poll(async () => (await box.call('runs.list', {})).items.map(({ state }) => state))
      .toEqual(['completed', 'completed']);
    const { items } = await box.call('runs.list', {});
    expect(items.every(({ attempt }) => attempt === 1)).toBe(true);
  } finally {
    await box.end();
    workshop.remove();
  }
});

test('a run that waits for an answer is named as that when the app is quit', async () => {
  const workshop = openWorkshop();
  const configFile = `${workshop.dir}/signalbox.yaml`;
  writeFileSync(
    `${workshop.dir}/ask.mjs`,
    "export default (event, run) => run.ask({ message: 'Go on?', fields: [{ name: 'a', type: 'text', label: 'A' }] });\n",
  );
  writeFileSync(
    configFile,
    `version: 1
sources:
  - { slug: shop, preset: generic, event: { type: $.type } }
jobs:
  - { slug: asker, kind: script, file: ask.mjs }
listeners:
  - { slug: asks, source: shop, type: question, job: asker }
`,
  );
  const app = await launchDesktop({ dataDir: workshop.dataDir, args: ['--config', configFile], answers: [] });
  const page = await consolePage(app);
  const { receiver } = await statusFromPage(page);
  const sent = await ask(`${receiver.url}/in/shop`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'question' }),
  });
  expect(sent.status).toBe(202);
  const states = async () =>
    runsSchema.parse(await callFromPage(page, 'runs.list', {})).items.map(({ state }) => state);
  await expect.poll(states).toEqual(['interaction_required']);
  const ended = new Promise<number | null>((resolve) => app.process().on('exit', resolve));
  await app.evaluate((electron) => electron.app.quit()).catch(() => undefined);
  await dialogWith(app, /^1 run is still running, waiting for your answer\.$/);
  await press(app, 'Stop Runs and Quit');
  expect(await ended).toBe(0);
  workshop.remove();
});

test('a page that leaves for a blank one is loaded again', async () => {
  const workshop = openWorkshop();
  const app = await launchDesktop({ dataDir: workshop.dataDir });
  const page = await consolePage(app);
  await expect(page.getByRole('contentinfo')).toContainText('Accepting');
  await page.evaluate(() => {
    location.href = 'about:blank';
  });
  await expect.poll(() => page.url()).toMatch(/^(?!about:)/);
  await expect(page.getByRole('contentinfo')).toContainText('Accepting');
  await app.close();
  workshop.remove();
});

test('stopping the runs shows that the app is quitting', async () => {
  const { workshop, app, page, ended, quit } = await openWithRun();
  await quit();
  await dialogWith(app, /1 run is still running/);
  await press(app, 'Stop Runs and Quit');
  await expect(page.getByRole('contentinfo')).toContainText('Quitting…');
  expect(await ended).toBe(0);
  workshop.remove();
});

test('a signal does not ask', async () => {
  const { workshop, app, ended } = await openWithRun();
  expect(await openDialogs(app)).toEqual([]);
  const started = performance.now();
  app.process().kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(performance.now() - started).toBeLessThan(20_000);
  workshop.remove();
});

test('canceling a restart without the graphics processor leaves no restart for a later quit', async () => {
  const { workshop, app, page, ended, quit } = await openWithRun();
  await app.evaluate(({ app: electronApp }) => {
    Reflect.set(globalThis, 'relaunches', 0);
    electronApp.relaunch = () => Reflect.set(globalThis, 'relaunches', Reflect.get(globalThis, 'relaunches') + 1);
    const gone = { type: 'GPU', reason: 'crashed', exitCode: 1 };
    for (let crash = 0; crash < 3; crash += 1) electronApp.emit('child-process-gone', {}, gone);
  });
  await dialogWith(app, /graphics process of Signalbox keeps crashing/);
  await press(app, 'Restart Without Graphics Processor');
  await dialogWith(app, /1 run is still running/);
  await press(app, 'Cancel');
  await expect(page.getByRole('contentinfo')).toContainText('Accepting');
  const restart = () =>
    app.evaluate(() => [Reflect.get(globalThis, 'relaunches'), process.env.SIGNALBOX_GPU ?? 'as before']);
  await expect.poll(restart).toEqual([0, 'as before']);

  const relaunches = app.evaluate(
    ({ app: electronApp }) =>
      new Promise((resolve) => electronApp.on('will-quit', () => resolve(Reflect.get(globalThis, 'relaunches')))),
  );
  await quit();
  await dialogWith(app, /1 run is still running/);
  await press(app, 'Stop Runs and Quit');
  expect(await relaunches).toBe(0);
  expect(await ended).toBe(0);
  workshop.remove();
});

test('a click on a notification while the window opens leads to its run', async () => {
  const { workshop, app, page, post, ended } = await openWithRun();
  try {
    await callFromPage(page, 'settings.update', { keepInTray: false, concurrency: 4 });
    await post('n-1', 'order.broken', 1);
    const count = () =>
      app.evaluate((): number => Reflect.get(Reflect.get(globalThis, 'systemSeam'), 'notifications').length);
    await expect.poll(count).toBe(1);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await dialogWith(app, /still running/);
    const opened = app.waitForEvent('window');
    await app.evaluate(({ app: electronApp }) => {
      const [first] = Reflect.get(Reflect.get(globalThis, 'systemSeam'), 'notifications');
      electronApp.emit('activate');
      first.object.deref().emit('click');
    });
    await expect(await opened).toHaveURL(/#\/runs\/.+/);
  } finally {
    app.process().kill('SIGTERM');
    expect(await ended).toBe(0);
    workshop.remove();
  }
});
