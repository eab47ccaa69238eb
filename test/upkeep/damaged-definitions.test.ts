import { expect, it } from 'vitest';
import type { CallInput } from '../../shared/contract/index.ts';
import { type OpenApp, openApp } from '../runtime/open-app.ts';
import { eventually } from '../support/eventually.ts';
import { withStore } from '../support/second-connection.ts';

const alertsOf = async (app: OpenApp) => (await app.call('app.status', {})).alerts;

const job: CallInput<'jobs.create'> = { slug: 'note', kind: 'command', command: ['true'] };
const listener = {
  slug: 'all',
  source: 'crm',
  job: 'note',
  where: { field: 'payload.n', op: 'gt', value: 9 },
} as const;

async function withListener(): Promise<OpenApp> {
  const app = await openApp();
  await app.call('sources.create', { slug: 'crm', preset: 'generic', event: { type: '$.type' }, rateLimit: 'off' });
  await app.call('jobs.create', job);
  await app.call('listeners.create', listener);
  return app;
}

const damage = (app: OpenApp, ...statements: string[]): void =>
  withStore(app.dataDir, (db) => {
    for (const sql of statements) expect(db.prepare(sql).run().changes).toBeGreaterThan(0);
  });

async function accepted(app: OpenApp, n: number): Promise<string> {
  const answer = await app.post('crm', { type: 'made', n });
  expect(answer.status).toBe(202);
  const { events }: { events: string[] } = JSON.parse(await answer.text());
  return events[0] ?? '';
}

/** What its runs are for, oldest first, once none is under way. */
const eventsRun = (app: OpenApp): Promise<string[]> =>
  eventually(async () => {
    const { items } = await app.call('runs.list', { job: 'note' });
    expect(items.map(({ state }) => state).filter((state) => state !== 'completed')).toEqual([]);
    return items.map(({ eventId }) => eventId).reverse();
  });

it('a listener whose definition is damaged is read from its history', async () => {
  const app = await withListener();
  await app.stop();
  damage(app, "UPDATE listeners SET spec = '{' WHERE slug = 'all'");
  const again = await openApp(app.dataDir);
  expect(await alertsOf(again)).toEqual([]);
  const id = await accepted(again, 10);
  await eventually(async () => expect(await eventsRun(again)).toEqual([id]));
  expect(await again.call('listeners.update', { ...listener, name: 'Large ones', version: 1 })).toMatchObject({
    version: 2,
  });
});

it('events that came while a listener was damaged get their runs when it is back, each once', async () => {
  const app = await withListener();
  const before = await accepted(app, 10);
  await eventually(async () => expect(await eventsRun(app)).toEqual([before]));
  await app.stop();
  damage(app, "UPDATE listeners SET spec = '{' WHERE slug = 'all'", "UPDATE listener_versions SET spec = 'x'");
  const broken = await openApp(app.dataDir);
  const first = await accepted(broken, 11);
  await broken.stop();
  const again = await openApp(app.dataDir);
  expect(await alertsOf(again)).toMatchObject([
    { code: 'definitions_broken', message: expect.stringMatching(/listener all .*run when it is back/) },
  ]);
  const second = await accepted(again, 12);
  const other = await accepted(again, 9);
  expect(await eventsRun(again)).toEqual([before]);
  expect(await again.call('events.get', { id: second })).toMatchObject({ ignored: true });
  expect(await again.call('listeners.create', listener)).toMatchObject({ version: 2 });
  await eventually(async () => expect(await eventsRun(again)).toEqual([before, first, second]));
  expect(await again.call('events.get', { id: second })).toMatchObject({ ignored: false });
  expect(await again.call('events.get', { id: other })).toMatchObject({ ignored: true, runs: [] });
  expect(await alertsOf(again)).toEqual([]);
  const third = await accepted(again, 13);
  await again.stop();
  const last = await openApp(app.dataDir);
  await eventually(async () => expect(await eventsRun(last)).toEqual([before, first, second, third]));
});

it('runs of a job that is damaged wait for it, and events that came meanwhile get theirs', async () => {
  const app = await withListener();
  app.runtime.holdRuns(true);
  const queued = await accepted(app, 10);
  await app.stop();
  damage(app, "UPDATE jobs SET spec = '{' WHERE slug = 'note'");
  const again = await openApp(app.dataDir);
  const missed = await accepted(again, 11);
  // A job of its own ends, so the queue has been looked at.
  await again.call('jobs.create', { ...job, slug: 'other' });
  const { runId } = await again.call('jobs.testRun', { slug: 'other', eventId: missed });
  await eventually(async () => expect((await again.call('runs.get', { id: runId })).state).toBe('completed'));
  expect((await again.call('runs.list', { job: 'note' })).items).toMatchObject([{ eventId: queued, state: 'queued' }]);
  await again.call('jobs.create', job);
  await eventually(async () => expect(await eventsRun(again)).toEqual([queued, missed]));
  expect(await alertsOf(again)).toEqual([]);
});

it('calls that name a damaged definition are told that it is damaged, not that it is gone', async () => {
  const app = await withListener();
  await app.call('sources.create', { slug: 'shop', preset: 'generic' });
  await app.stop();
  damage(
    app,
    "UPDATE jobs SET spec = '{' WHERE slug = 'note'",
    "UPDATE listeners SET spec = '{' WHERE slug = 'all'",
    "UPDATE listener_versions SET spec = 'x'",
    "UPDATE sources SET spec = '{' WHERE slug = 'shop'",
  );
  const again = await openApp(app.dataDir);
  const damaged = { code: 'unavailable', message: expect.stringContaining('is damaged in the store') };
  const event = { type: 'test', payload: {} };
  for (const asked of [
    () => again.call('jobs.get', { slug: 'note' }),
    () => again.call('jobs.update', { ...job, version: 1 }),
    () => again.call('jobs.testRun', { slug: 'note', event }),
    () => again.call('destinations.get', { job: 'note' }),
    () => again.call('listeners.get', { slug: 'all' }),
    () => again.call('listeners.update', { ...listener, version: 1 }),
    () => again.call('listeners.setState', { slug: 'all', state: 'disabled', version: 1 }),
    () => again.call('sources.get', { slug: 'shop' }),
    () => again.call('sources.setEnabled', { slug: 'shop', enabled: false }),
  ]) {
    await expect(asked()).rejects.toMatchObject(damaged);
  }
  await expect(again.call('jobs.get', { slug: 'none' })).rejects.toMatchObject({ code: 'not_found' });
});

it('one that is created again disabled gives up the events that came meanwhile', async () => {
  const app = await withListener();
  await app.stop();
  damage(app, "UPDATE listeners SET spec = '{' WHERE slug = 'all'", "UPDATE listener_versions SET spec = 'x'");
  const again = await openApp(app.dataDir);
  await accepted(again, 11);
  await again.call('listeners.create', { ...listener, state: 'disabled' });
  await eventually(() => expect(withStore(again.dataDir, gapsOf)).toEqual([]));
  await again.call('listeners.setState', { slug: 'all', state: 'active' });
  const id = await accepted(again, 12);
  await eventually(async () => expect(await eventsRun(again)).toEqual([id]));
});

const gapsOf = (db: { prepare(sql: string): { all(): unknown[] } }): unknown[] =>
  db.prepare('SELECT slug FROM definition_gaps').all();
