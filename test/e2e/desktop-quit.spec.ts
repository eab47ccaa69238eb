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
  const post = (id: string) =>
    ask(`${receiver.url}/in/shop`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'order.paid', id, amount: 42 }),
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
