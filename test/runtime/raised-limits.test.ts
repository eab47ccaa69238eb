import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { type OpenApp, openApp } from './open-app.ts';

/** Two jobs whose runs go on until the app ends. */
async function withTwoJobs(concurrency: number): Promise<OpenApp> {
  const app = await openApp();
  await app.call('settings.update', { concurrency });
  const file = app.script(
    'wait.mjs',
    'export default (_event, { signal }) => new Promise((_, no) => signal.addEventListener("abort", no));',
  );
  for (const slug of ['one', 'two']) {
    await app.call('sources.create', { slug, preset: 'generic' });
    await app.call('jobs.create', { slug, kind: 'script', file, concurrency: 1 });
    await app.call('listeners.create', { slug, source: slug, job: slug });
  }
  return app;
}

async function statesOf(app: OpenApp): Promise<string[]> {
  const { items } = await app.call('runs.list', {});
  return items.map(({ state }) => state).sort();
}

it('more runs of all jobs start as soon as the settings allow more', async () => {
  const app = await withTwoJobs(1);
  await app.post('one', {});
  await eventually(async () => expect(await statesOf(app)).toEqual(['running']));
  await app.post('two', {});
  await eventually(async () => expect(await statesOf(app)).toEqual(['queued', 'running']));
  await app.call('settings.update', { concurrency: 4 });
  await eventually(async () => expect(await statesOf(app)).toEqual(['running', 'running']));
});

it('more runs of a job start as soon as the job allows more', async () => {
  const app = await withTwoJobs(4);
  await app.post('one', {});
  await eventually(async () => expect(await statesOf(app)).toEqual(['running']));
  await app.post('one', {});
  await eventually(async () => expect(await statesOf(app)).toEqual(['queued', 'running']));
  const { version } = await app.call('jobs.get', { slug: 'one' });
  await app.call('jobs.update', {
    slug: 'one',
    kind: 'script',
    file: join(app.dataDir, 'jobs', 'wait.mjs'),
    concurrency: 2,
    version,
  });
  await eventually(async () => expect(await statesOf(app)).toEqual(['running', 'running']));
});
