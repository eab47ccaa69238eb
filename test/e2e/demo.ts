import type { Page } from '@playwright/test';
import { makePlace, type Signalbox, startSignalbox, until } from '../process/signalbox.ts';

export interface Demo {
  box: Signalbox;
  /** Stored things of each kind, for pages that show one. */
  ids: { matched: string; ignored: string; failed: string; completed: string };
  end(): Promise<void>;
}

/** The app with what its demo has sent it, once there is something of every kind to look at. Nothing more is sent. */
export async function startDemo(): Promise<Demo> {
  const place = makePlace();
  let box = await startSignalbox({ dataDir: place.dataDir, args: ['--demo'] });
  const first = (query: string) =>
    until(
      `an event like ${query}`,
      async () => (await box.call('events.list', { query, limit: 1 })).items[0]?.id,
      120_000,
    );
  const ended = (state: 'failed' | 'completed') =>
    until(
      `a run that ${state}`,
      async () => (await box.call('runs.list', { state, job: 'import-file', limit: 1 })).items[0]?.id,
      120_000,
    );
  const end = async (): Promise<void> => {
    await box.end();
    place.remove();
  };
  try {
    const ids = {
      matched: await first('source:crm type:file:* is:completed'),
      ignored: await first('source:shop is:ignored'),
      failed: await ended('failed'),
      completed: await ended('completed'),
    };
    await box.end();
    box = await startSignalbox({ dataDir: place.dataDir });
    await until(
      'the runs have ended, but for those that ask somebody',
      async () => {
        const { items } = await box.call('runs.list', { query: 'state:queued,scheduled,running', limit: 1 });
        return items.length === 0;
      },
      120_000,
    );
    return { box, ids, end };
  } catch (error) {
    await end();
    throw error;
  }
}

export async function signIn(page: Page, box: Signalbox): Promise<void> {
  await page.goto(`${box.consoleUrl}/?token=${box.token}`);
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
}

/** Goes to one of the console's own addresses without loading it anew. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#${path}`);
}
