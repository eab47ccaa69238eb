import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type OpenApp, openApp } from '../runtime/open-app.ts';
import { eventually } from '../support/eventually.ts';

let app: OpenApp;
const answerSchema = z.object({ events: z.tuple([z.string()]) });

/** Two listeners for `order.*`: one's job fails for an amount of 0, the other's never. */
beforeEach(async () => {
  app = await openApp();
  await app.call('sources.create', { slug: 'shop', name: 'Shop', preset: 'generic', rateLimit: 'off' });
  const script = (name: string, text: string) => ({
    kind: 'script' as const,
    file: app.script(`${name}.mjs`, `export default ${text};`),
  });
  await app.call('jobs.create', {
    slug: 'charge',
    name: 'Charge',
    ...script('charge', "(event) => { if (event.payload.amount === 0) throw new Error('nothing to charge'); }"),
  });
  await app.call('jobs.create', { slug: 'log', name: 'Log', ...script('log', '() => undefined') });
  for (const job of ['charge', 'log']) {
    await app.call('listeners.create', { slug: job, name: job, source: 'shop', type: ['order.*'], job });
  }
});

const send = async (type: string, amount: number): Promise<string> => {
  const answer = answerSchema.parse(await (await app.post('shop', { type, amount })).json());
  return answer.events[0];
};

const endedRuns = (id: string) =>
  eventually(async () => {
    const { runs } = await app.call('events.get', { id });
    expect(runs.every((run) => ['completed', 'failed'].includes(run.state))).toBe(true);
    return runs;
  });

const repeatsOf = async (): Promise<{ replayOf: string | null; listeners: (string | null)[] }[]> =>
  (await app.call('events.list', { query: 'is:replay' })).items.map(({ replayOf, runs }) => ({
    replayOf,
    listeners: runs.map((run) => run.listener).sort(),
  }));

const completed = (id: string) =>
  eventually(async () => {
    const replay = (await app.call('replays.list', {})).items.find((one) => one.id === id);
    expect(replay?.state).toBe('completed');
    return replay;
  });

describe('a replay of many', () => {
  test('is worked out before it starts: how many, from when to when, to which listeners', async () => {
    for (const [type, amount] of [
      ['order.paid', 5],
      ['order.paid', 7],
      ['visit', 1],
    ] as const)
      await send(type, amount);
    const all = await app.call('replays.preview', { query: '-is:internal' });
    expect(all).toMatchObject({
      events: 3,
      isMore: false,
      examined: 3,
      unmatched: 1,
      listeners: [
        { listener: 'charge', job: 'charge', events: 2 },
        { listener: 'log', job: 'log', events: 2 },
      ],
    });
    expect(Date.parse(all.oldestAt ?? '')).toBeLessThanOrEqual(Date.parse(all.newestAt ?? ''));
    expect(await app.call('replays.preview', { query: '-is:internal', limit: 2 })).toMatchObject({
      events: 2,
      isMore: true,
    });
    expect(await app.call('replays.preview', { query: 'type:order.*', listeners: ['log'] })).toMatchObject({
      events: 2,
      listeners: [{ listener: 'log', events: 2 }],
    });
    expect(await app.call('replays.preview', { query: 'type:nothing' })).toMatchObject({
      events: 0,
      listeners: [],
      oldestAt: null,
      newestAt: null,
    });
    expect(await repeatsOf()).toEqual([]);
  });

  test('to failed listeners only leaves out what succeeded, and what a retry has mended', async () => {
    const good = await send('order.paid', 5);
    const bad = await send('order.paid', 0);
    await endedRuns(good);
    await endedRuns(bad);
    const input = { query: 'type:order.*', onlyFailed: true };
    expect(await app.call('replays.preview', input)).toMatchObject({
      events: 1,
      listeners: [{ listener: 'charge', events: 1 }],
    });
    const started = await app.call('replays.start', input);
    await completed(started.id);
    expect(await repeatsOf()).toEqual([{ replayOf: bad, listeners: ['charge'] }]);
    expect((await app.call('events.replay', { ids: [good], onlyFailed: true })).items).toEqual([]);

    app.script('charge.mjs', 'export default () => undefined;');
    const failed = (await app.call('events.get', { id: bad })).runs.find((run) => run.state === 'failed');
    await app.call('runs.retry', { id: failed?.id ?? '' });
    await eventually(async () => {
      expect(await app.call('replays.preview', { query: 'type:order.* -is:replay', onlyFailed: true })).toMatchObject({
        events: 0,
      });
    });
  });

  test('keeps to its rate, and ends at once when it is canceled', async () => {
    for (let n = 0; n < 4; n += 1) await send('visit', n);
    const paced = await app.call('replays.start', { query: 'type:visit', perSecond: 20 });
    const ended = await completed(paced.id);
    expect(ended).toMatchObject({ done: 4, total: 4, perSecond: 20 });
    // Two a step, ten steps a second: the second step waits for a tenth of a second.
    expect(Date.parse(ended?.finishedAt ?? '') - Date.parse(ended?.startedAt ?? '')).toBeGreaterThanOrEqual(95);

    const slow = await app.call('replays.start', { query: 'type:visit -is:replay', perSecond: 1 });
    await eventually(async () => {
      expect((await app.call('replays.list', {})).items.find((one) => one.id === slow.id)?.done).toBe(1);
    });
    await app.call('replays.cancel', { id: slow.id });
    await eventually(async () => {
      const replay = (await app.call('replays.list', {})).items.find((one) => one.id === slow.id);
      expect(replay).toMatchObject({ state: 'canceled', done: 1 });
    });
  });
});
