import { describe, expect, it } from 'vitest';
import { type OpenApp, openApp } from '../runtime/open-app.ts';
import { eventually } from '../support/eventually.ts';
import { withStore } from '../support/second-connection.ts';

/** Changes cells behind the app's back, as damage does. */
function damage(app: OpenApp, ...statements: string[]): void {
  withStore(app.dataDir, (db) => {
    for (const sql of statements) expect(db.prepare(sql).run().changes).toBeGreaterThan(0);
  });
}

const alertsOf = async (app: OpenApp) => (await app.call('app.status', {})).alerts;

/** Three events with a run each that has come to something. */
async function withRuns(): Promise<{ app: OpenApp; events: string[] }> {
  const app = await openApp();
  await app.call('sources.create', { slug: 'crm', preset: 'generic', event: { type: '$.type' }, rateLimit: 'off' });
  const file = app.script('note.mjs', "export default async () => ({ message: 'done', data: { n: 1 } });");
  await app.call('jobs.create', { slug: 'note', kind: 'script', file });
  await app.call('listeners.create', { slug: 'all', source: 'crm', job: 'note' });
  const events: string[] = [];
  for (let n = 0; n < 3; n++) {
    const answer = await app.post('crm', { type: 'made', n, word: `needle${n}` });
    events.push(...JSON.parse(await answer.text()).events);
  }
  await eventually(async () => {
    const { items } = await app.call('runs.list', { job: 'note' });
    expect(items.map(({ state }) => state)).toEqual(['completed', 'completed', 'completed']);
  });
  return { app, events };
}

describe('a damaged cell', () => {
  it('of an event is shown as such; lists, searches, other events and a replay of many go on', async () => {
    const { app, events } = await withRuns();
    const [id = ''] = events;
    damage(app, `UPDATE events SET payload = '{"n": 0, brok', context = 'x', verification = '[]' WHERE id = '${id}'`);
    const { items } = await app.call('events.list', { query: 'source:crm' });
    expect(items.map((item) => item.id)).toEqual([...events].reverse());
    const unreadable = ['context', 'payload', 'verification'];
    expect(items.at(-1)).toMatchObject({ id, payload: null, context: null, unreadable });
    expect(items[0]).not.toHaveProperty('unreadable');
    expect(await app.call('events.get', { id })).toMatchObject({ id, payload: null, unreadable });
    for (const query of ['needle2', 'payload.n:2', 'needle2 -other']) {
      expect((await app.call('events.list', { query })).items.map((item) => item.id)).toEqual([events[2]]);
    }
    await expect(app.call('events.replay', { ids: [id] })).rejects.toThrow(/is damaged in the store/);
    expect(await app.call('replays.preview', { query: 'source:crm' })).toMatchObject({
      listeners: [{ listener: 'all', events: 2 }],
    });
    await app.call('replays.start', { query: 'source:crm is:accepted' });
    await eventually(async () => {
      const [replay] = (await app.call('replays.list', {})).items;
      expect(replay).toMatchObject({
        state: 'completed',
        error: '1 event is damaged in the store and was left out.',
      });
    });
    await expect(app.call('listeners.explain', { eventId: id })).rejects.toThrow(/is damaged in the store/);
  });

  it('of the headers of a delivery leaves its event out of a replay, and no other', async () => {
    const { app, events } = await withRuns();
    damage(app, `UPDATE deliveries SET headers = '{' WHERE event_ids LIKE '%${events[0]}%'`);
    await expect(app.call('events.replay', { ids: [events[0] ?? ''] })).rejects.toThrow(/is damaged in the store/);
    expect(await app.call('replays.preview', { query: 'source:crm' })).toMatchObject({
      listeners: [{ listener: 'all', events: 2 }],
    });
    await app.call('replays.start', { query: 'source:crm -is:replay' });
    await eventually(async () => {
      expect((await app.call('replays.list', {})).items[0]).toMatchObject({
        state: 'completed',
        error: '1 event is damaged in the store and was left out.',
      });
    });
  });

  it('of a delivery or a run is shown as such, and the rest of the list is there', async () => {
    const { app, events } = await withRuns();
    const [id = ''] = events;
    damage(
      app,
      `UPDATE deliveries SET event_ids = '[', headers = '{' WHERE event_ids LIKE '%${id}%'`,
      `UPDATE runs SET outcome = '{', steps = 'x', progress = '[1', reason = 'no word', queued_at = 9100000000000000000
         WHERE event_seq = (SELECT seq FROM events WHERE id = '${id}')`,
    );
    const deliveries = (await app.call('deliveries.list', {})).items;
    expect(deliveries).toHaveLength(3);
    expect(deliveries.at(-1)).toMatchObject({ eventIds: [], unreadable: ['eventIds'] });
    const detail = await app.call('deliveries.get', { id: deliveries.at(-1)?.id ?? '' });
    expect(detail).toMatchObject({ headers: [], unreadable: ['eventIds', 'headers'] });
    const runs = (await app.call('runs.list', { job: 'note' })).items;
    expect(runs).toHaveLength(3);
    const damaged = runs.find(({ eventId }) => eventId === id);
    expect(damaged).toMatchObject({ outcome: null, reason: 'exit', unreadable: ['progress', 'steps', 'outcome'] });
    expect((await app.call('runs.get', { id: damaged?.id ?? '' })).unreadable).toContain('outcome');
    expect((await app.call('events.get', { id })).runs).toHaveLength(1);
  });

  it('of an output leaves the rest of the run', async () => {
    const { app, events } = await withRuns();
    const file = app.script('say.mjs', "export default async () => { console.log('hello'); };");
    await app.call('jobs.create', { slug: 'say', kind: 'script', file });
    const { runId: id } = await app.call('jobs.testRun', { slug: 'say', eventId: events[0] ?? '' });
    await eventually(async () => expect((await app.call('runs.get', { id })).state).toBe('completed'));
    damage(app, "UPDATE run_output SET lines = '[[1' WHERE stream = 'stdout'");
    const output = await app.call('runs.output', { id });
    expect(output.truncated).toBe(true);
    expect(output.items.map(({ text }) => text)).toContainEqual(expect.stringContaining('damaged in the store'));
  });

  it('of a scheduled event keeps no other from firing; it is shown, said, and can be canceled', async () => {
    const app = await openApp();
    const bad = await app.call('events.raise', { type: 'late', message: { n: 1 }, inSeconds: 3600 });
    // Due at once, but looked at only when the next one is due: a busy machine must not fire it before it is damaged.
    damage(app, `UPDATE scheduled_events SET payload = '{"n": 1', due_at = 1000 WHERE id = '${bad.scheduledId}'`);
    const good = await app.call('events.raise', { type: 'later', message: { n: 2 }, inSeconds: 1 });
    await eventually(async () => {
      const { items } = await app.call('scheduledEvents.list', { state: 'fired' });
      expect(items.map(({ id }) => id)).toEqual([good.scheduledId]);
    });
    const { items } = await app.call('scheduledEvents.list', {});
    expect(items).toMatchObject([{ id: bad.scheduledId, payload: null, unreadable: ['payload'] }]);
    await eventually(async () =>
      expect(await alertsOf(app)).toMatchObject([
        { code: 'scheduled_unreadable', message: expect.stringContaining(bad.scheduledId ?? '') },
      ]),
    );
    await app.call('scheduledEvents.cancel', { id: bad.scheduledId ?? '' });
    expect(await alertsOf(app)).toEqual([]);
  });

  it('of a definition or a setting leaves that one out, names it, and senders to it are told to try again', async () => {
    const { app } = await withRuns();
    await app.call('sources.create', { slug: 'shop', preset: 'generic' });
    await app.call('settings.update', { operatorName: 'Ada' });
    damage(
      app,
      "UPDATE sources SET spec = '{\"slug\": ' WHERE slug = 'crm'",
      "UPDATE listeners SET spec = 'x' WHERE slug = 'all'",
      "UPDATE settings SET value = '{' WHERE key = 'operatorName'",
    );
    await app.stop();
    const again = await openApp(app.dataDir);
    expect(await alertsOf(again)).toMatchObject([
      { code: 'definitions_broken', message: /source crm .*Senders to a damaged source get 503/ },
    ]);
    const refused = await again.post('crm', {});
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect((await again.post('shop', {})).status).toBe(202);
    expect((await again.post('nowhere', {})).status).toBe(404);
    expect((await again.call('sources.list', {})).items.map(({ slug }) => slug)).toContain('shop');
    // A damaged listener keeps nothing from being deleted.
    await again.call('sources.remove', { slug: 'shop' });
    await again.call('sources.remove', { slug: 'crm' });
    await again.call('sources.create', { slug: 'crm', preset: 'generic' });
    expect((await again.post('crm', {})).status).toBe(202);
    expect((await alertsOf(again)).map(({ message }) => message).join()).not.toContain('source crm');
  });
});
