import { describe, expect, it } from 'vitest';
import { assignEvents } from '../../electron/intake/replay/assign-event.ts';
import { statement } from '../../electron/store/database/statements.ts';
import { listScheduled } from '../../electron/store/events/scheduled-events.ts';
import { eventually } from '../support/eventually.ts';
import { delivery, draft, listener, type TempStore, tempIntake, tempStore } from '../support/temp-store.ts';

const job = (slug: string) => ({
  spec: { slug, kind: 'command' as const, command: ['true'] },
  baseDir: null,
  version: 1,
});

const open = (store: TempStore = tempStore()) => ({ ...tempIntake(store), store });

const events = (store: TempStore): unknown[] =>
  statement(
    store.reading,
    `SELECT e.id, t.source, t.type, e.external_id, e.payload, e.ignored FROM events e JOIN event_types t ON t.id = e.type_id
     ORDER BY e.seq`,
  ).all();

const person = { runId: null, depth: 0, by: 'ada' };
const hourMs = 3_600_000;

describe('a scheduled event', () => {
  it('happens once, when it is due, even if the app was not running then', async () => {
    const app = open();
    app.schedule.start();
    const { scheduledId, dueAt, eventId } = await app.raise({ type: 'nightly', message: 1, inSeconds: 3600 }, person);
    expect({ eventId, dueAt }).toEqual({ eventId: null, dueAt: new Date(app.clock.nowMs + hourMs).toISOString() });
    app.schedule.wake();
    await app.schedule.stop();
    expect(events(app.store)).toEqual([]);

    // Another start of the app, a day later, with a listener that was not there before.
    const later = open(app.store);
    later.clock.nowMs += 24 * hourMs;
    later.jobs.replaceAll([job('work')]);
    later.listeners.replaceAll([listener({ slug: 'n', source: 'signalbox', type: ['CUSTOM_NIGHTLY'], job: 'work' })]);
    later.schedule.start();
    later.schedule.wake();
    await eventually(() => expect(events(app.store)).toHaveLength(1));
    later.schedule.wake();
    await later.schedule.stop();
    expect(events(app.store)).toMatchObject([
      { source: 'signalbox', type: 'CUSTOM_NIGHTLY', payload: '1', ignored: 0 },
    ]);
    expect(later.heard.jobs).toEqual(['work']);
    expect(listScheduled(app.store.db, 'fired', 10).rows).toMatchObject([
      { id: scheduledId, created_by: 'ada', event_id: expect.stringMatching(/^evt_/) },
    ]);
  });

  it('can be canceled until then', async () => {
    const app = open();
    app.schedule.start();
    const { scheduledId } = await app.raise({ type: 'a', scheduleFor: '2026-01-02T04:00:00Z' }, person);
    expect(await app.schedule.cancel(scheduledId ?? '')).toMatchObject({ state: 'canceled' });
    app.clock.nowMs += hourMs;
    app.schedule.wake();
    await app.schedule.stop();
    expect(events(app.store)).toEqual([]);
    await expect(app.schedule.cancel('sch_none')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('may come from a delivery, whose repeat is a duplicate', async () => {
    const app = open();
    app.schedule.start();
    const later = draft({ type: 'a', externalId: 'x1', payload: { n: 1 }, dueAtMs: app.clock.nowMs + hourMs });
    const past = draft({ type: 'b', dueAtMs: app.clock.nowMs - 1 });
    const first = await app.intake.accept(delivery([later, past]));
    expect(first.eventIds).toEqual([expect.stringMatching(/^sch_/), expect.stringMatching(/^evt_/)]);
    expect(app.heard.scheduledAtMs).toEqual([app.clock.nowMs + hourMs]);
    const again = await app.intake.accept(delivery([later]));
    expect(again).toMatchObject({ duplicate: true, eventIds: [first.eventIds[0]] });
    app.clock.nowMs += hourMs;
    app.schedule.wake();
    await eventually(() => expect(events(app.store)).toHaveLength(2));
    expect(events(app.store)[1]).toMatchObject({ source: 'crm', type: 'a', external_id: 'x1', payload: '{"n":1}' });
  });
});

describe('taking an ignored event', () => {
  it('plans one run for the event itself, however often it is asked', async () => {
    const app = open();
    const { store, intake, listeners, jobs } = app;
    jobs.replaceAll([job('work')]);
    const { eventIds } = await intake.accept(delivery([draft({ type: 'stray' })]));
    listeners.replaceAll([listener({ slug: 'other', source: 'shop', type: ['never'], job: 'work' })]);
    expect(events(store)).toMatchObject([{ ignored: 1 }]);
    const deps = { ...app.replayDeps, jobs };
    const [first] = await assignEvents(deps, { ids: eventIds, listener: 'other' });
    const [second] = await assignEvents(deps, { ids: eventIds, listener: 'other' });
    expect(first).toMatchObject({ eventId: eventIds[0], listener: 'other', job: 'work', state: 'queued' });
    expect(second?.id).toBe(first?.id);
    expect(events(store)).toMatchObject([{ type: 'stray', ignored: 0 }]);
    expect(app.heard.jobs).toEqual(['work']);
    await expect(assignEvents(deps, { ids: eventIds, listener: 'none' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(assignEvents(deps, { ids: ['evt_none'], listener: 'other' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
