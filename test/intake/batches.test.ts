import { describe, expect, it } from 'vitest';
import { assignEvents } from '../../electron/intake/replay/assign-event.ts';
import { replayEvents } from '../../electron/intake/replay/replay.ts';
import { readBatch, readGathering } from '../../electron/store/events/batches.ts';
import { readEventRow } from '../../electron/store/events/events.ts';
import { listEvents } from '../../electron/store/lists/list-events.ts';
import { readEventRuns } from '../../electron/store/runs/event-runs.ts';
import { findRun } from '../../electron/store/runs/find-run.ts';
import { listRuns } from '../../electron/store/runs/list-runs.ts';
import { findExpiredEvents, removeEvents } from '../../electron/store/upkeep/retention.ts';
import type { ListenerBatch } from '../../shared/contract/batches.ts';
import type { Json } from '../../shared/contract/common.ts';
import { eventually } from '../support/eventually.ts';
import { delivery, draft, listener, type TempStore, tempIntake, tempStore } from '../support/temp-store.ts';

const job = (slug: string) => ({
  spec: { slug, kind: 'command' as const, command: ['true'] },
  baseDir: null,
  version: 1,
});

function open(batch: ListenerBatch, store: TempStore = tempStore()) {
  const app = tempIntake(store);
  app.jobs.replaceAll([job('work')]);
  app.listeners.replaceAll([listener({ slug: 'digest', source: 'crm', type: ['open'], job: 'work', batch })]);
  let sent = 0;
  return {
    ...app,
    store,
    async send(payload: Json = {}): Promise<string> {
      sent += 1;
      const atMs = app.clock.nowMs + sent;
      const { eventIds } = await app.intake.accept(delivery([draft({ type: 'open', payload })], { atMs }));
      return eventIds[0] ?? '';
    },
    /** The events of each run, in the order the runs were planned. */
    runs: (): string[][] =>
      listRuns(store.reading, { query: '', limit: 100, cursor: null, nowMs: app.clock.nowMs + 60_000 })
        .items.map(({ id }) => findRun(store.reading, id))
        .reverse()
        .map((row) => readBatch(store.reading, row?.batch_seq ?? 0).items.map(({ id }) => id)),
  };
}

type App = ReturnType<typeof open>;

const seqOf = (app: App, id: string): number => readEventRow(app.store.reading, id)?.seq ?? 0;

describe('a listener that gathers events', () => {
  it('plans one run when there are enough, in the transaction of the last one', async () => {
    const app = open({ count: 3, period: '1h' });
    const ids = [await app.send(), await app.send()];
    expect(app.runs()).toEqual([]);
    expect(readGathering(app.store.reading, seqOf(app, ids[0] ?? ''))).toEqual([
      {
        listener: 'digest',
        job: 'work',
        events: 2,
        count: 3,
        dueAt: new Date(app.clock.nowMs + 3_600_000).toISOString(),
      },
    ]);
    ids.push(await app.send());
    expect(app.runs()).toEqual([ids]);
    expect(readGathering(app.store.reading, seqOf(app, ids[0] ?? ''))).toEqual([]);
    // The next one opens another batch.
    ids.push(await app.send());
    expect(app.runs()).toEqual([ids.slice(0, 3)]);
  });

  it('plans the run when its period ends, also after a restart, and once', async () => {
    const app = open({ count: 100, period: '10m' });
    app.batches.start();
    const ids = [await app.send(), await app.send()];
    app.clock.nowMs += 599_999;
    app.batches.wake();
    await app.batches.stop();
    expect(app.runs()).toEqual([]);

    const later = open({ count: 100, period: '10m' }, app.store);
    later.clock.nowMs = app.clock.nowMs + 86_400_000;
    later.batches.start();
    await eventually(() => expect(later.runs()).toEqual([ids]));
    later.batches.wake();
    await later.batches.stop();
    expect(later.runs()).toEqual([ids]);
    expect(later.heard.jobs).toEqual(['work']);
  });

  it('gathers for each value of its own', async () => {
    const app = open({ count: 2, period: '1h', by: 'payload.campaign' });
    const a1 = await app.send({ campaign: 'a' });
    const b1 = await app.send({ campaign: 'b' });
    const none1 = await app.send({});
    const a2 = await app.send({ campaign: 'a' });
    const none2 = await app.send({ campaign: null });
    expect(app.runs()).toEqual([
      [a1, a2],
      [none1, none2],
    ]);
    const b2 = await app.send({ campaign: 'b' });
    expect(app.runs().at(-1)).toEqual([b1, b2]);
  });

  it('takes what is more than a run can hold into the next', async () => {
    const app = open({ count: 100, period: '1h' });
    const big = 'x'.repeat(5 * 1024 * 1024);
    const first = await app.send(big);
    const second = await app.send(big);
    expect(app.runs()).toEqual([[first]]);
    expect(readGathering(app.store.reading, seqOf(app, second))).toMatchObject([{ events: 1 }]);
  });

  it('shows the run at each of its events, and finds it by each', async () => {
    const app = open({ count: 2, period: '1h' });
    const ids = [await app.send(), await app.send()];
    for (const id of ids) {
      const seq = seqOf(app, id);
      expect(readEventRuns(app.store.reading, [seq]).get(seq)).toMatchObject([{ listener: 'digest', job: 'work' }]);
      const request = { query: '', limit: 10, cursor: null, nowMs: app.clock.nowMs, eventId: id };
      expect(listRuns(app.store.reading, request).items).toMatchObject([{ eventId: ids[1], state: 'queued' }]);
    }
  });

  it('is found by queries about its run at each of its events', async () => {
    const app = open({ count: 2, period: '1h' });
    const found = (query: string) =>
      listEvents(app.store.reading, { query, limit: 10, cursor: null, nowMs: app.clock.nowMs + 60_000 }).items.map(
        ({ id }) => id,
      );
    const open1 = await app.send();
    expect(found('is:failed')).toEqual([]);
    expect(found('-job:work')).toEqual([open1]);
    const ids = [open1, await app.send()].reverse();
    const waiting = await app.send();
    app.store.db.prepare("UPDATE runs SET state = 'failed', inbox = 1, unresolved = 1").run();
    for (const query of [
      'job:work',
      'listener:digest',
      'state:failed',
      'is:failed',
      'is:unresolved',
      'is:unacknowledged',
    ]) {
      expect(found(query), query).toEqual(ids);
    }
    expect(found('job:work is:failed')).toEqual(ids);
    for (const query of ['-job:work', '-is:failed', '-state:failed']) expect(found(query), query).toEqual([waiting]);
    const first = { query: 'is:failed', limit: 1, cursor: null, nowMs: app.clock.nowMs + 60_000 };
    const { nextCursor } = listEvents(app.store.reading, first);
    expect(listEvents(app.store.reading, { ...first, cursor: nextCursor }).items).toMatchObject([{ id: open1 }]);
  });

  it('gets the same events again with a retry', async () => {
    const app = open({ count: 2, period: '1h' });
    const ids = [await app.send(), await app.send()];
    const retried = await app.store.writer.write((tx) => {
      const [run] =
        readEventRuns(tx.db, [seqOf(app, ids[1] ?? '')])
          .values()
          .next().value ?? [];
      const row = findRun(tx.db, run?.id ?? '');
      const plan = app.jobs.plan('work');
      if (row === null || plan === null) throw new Error('no run');
      app.lifecycle.cancel(tx, row);
      const canceled = findRun(tx.db, row.id);
      return canceled === null ? null : app.lifecycle.retry(tx, canceled, plan);
    });
    expect(retried).toMatchObject({ state: 'queued' });
    expect(app.runs()).toEqual([ids, ids]);
  });

  it('gathers replayed events too, and gives those of an operator to one run without waiting', async () => {
    const app = open({ count: 2, period: '1h' });
    const first = await app.send();
    const [replay] = await replayEvents(app.replayDeps, { ids: [first] });
    expect(app.runs()).toEqual([[first, replay?.id]]);

    const never = listener({ slug: 'digest', source: 'crm', type: ['never'], job: 'work', batch: { count: 9 } });
    app.listeners.replaceAll([{ ...never, version: 2 }]);
    const ids = [await app.send(), await app.send(), await app.send()];
    const deps = { ...app.replayDeps, jobs: app.jobs };
    const runs = await assignEvents(deps, { ids, listener: 'digest' });
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
    expect(app.runs().at(-1)).toEqual(ids);
    expect(await assignEvents(deps, { ids: [ids[0] ?? ''], listener: 'digest' })).toMatchObject([{ id: runs[0]?.id }]);
  });

  it('keeps the events of a batch until its run has ended', async () => {
    const app = open({ count: 3, period: '1h' });
    const ids = [await app.send(), await app.send()];
    const limits = { beforeMs: app.clock.nowMs + 1e9, keepEvents: 0, keepBytes: 0, limit: 100 };
    expect(findExpiredEvents(app.store.reading, limits)).toEqual([]);
    ids.push(await app.send());
    expect(findExpiredEvents(app.store.reading, limits)).toEqual([]);
    const seqs = ids.map((id) => seqOf(app, id));
    await app.store.writer.write(({ db }) => removeEvents(db, seqs));
    expect(app.store.db.prepare('SELECT count(*) AS n FROM batches').get()).toEqual({ n: 0 });
    expect(app.store.db.prepare('SELECT count(*) AS n FROM batch_events').get()).toEqual({ n: 0 });
  });

  it('keeps gathering while its job cannot be read, and plans the run when it can', async () => {
    const app = open({ count: 100, period: '10m' });
    const id = await app.send();
    app.jobs.replaceAll([], ['work']);
    app.clock.nowMs += 600_000;
    app.batches.start();
    await app.batches.stop();
    expect(app.runs()).toEqual([]);
    app.jobs.replaceAll([job('work')]);
    app.clock.nowMs += 60_000;
    app.batches.start();
    await eventually(() => expect(app.runs()).toEqual([[id]]));
  });

  it.each(['in the transaction that deletes it', 'when its period ends'])(
    'ends as a failed run when its job is deleted: %s',
    async (when) => {
      const app = open({ count: 100, period: '10m' });
      const ids = [await app.send(), await app.send()];
      if (when === 'when its period ends') {
        app.jobs.replaceAll([]);
        app.clock.nowMs += 600_000;
        app.batches.start();
        await eventually(() => expect(app.runs()).toHaveLength(1));
      } else {
        await app.store.writer.write((tx) => app.lifecycle.closeBatchesOfDeletedJob(tx, 'other'));
        expect(app.runs()).toEqual([]);
        await app.store.writer.write((tx) => app.lifecycle.closeBatchesOfDeletedJob(tx, 'work'));
        app.jobs.replaceAll([]);
      }
      expect(app.runs()).toEqual([ids]);
      const page = { query: 'is:failed', limit: 10, cursor: null, nowMs: app.clock.nowMs + 60_000 };
      const [run] = listRuns(app.store.reading, page).items;
      expect(run).toMatchObject({ state: 'failed', reason: 'spawn' });
      expect(listRuns(app.store.reading, { ...page, inbox: true }).items).toHaveLength(1);
      expect(run?.error).toContain('The job work was deleted');
      // Nothing is lost: each event shows it, and with the job created again a retry gets all of them.
      expect(listEvents(app.store.reading, page).items.map(({ id }) => id)).toEqual(ids.toReversed());
      expect(readGathering(app.store.reading, seqOf(app, ids[0] ?? ''))).toEqual([]);
      app.jobs.replaceAll([job('work')]);
      const retried = await app.store.writer.write((tx) => {
        const row = findRun(tx.db, run?.id ?? '');
        const plan = app.jobs.plan('work');
        return row === null || plan === null ? null : app.lifecycle.retry(tx, row, plan);
      });
      expect(retried).toMatchObject({ state: 'queued' });
      expect(app.runs()).toEqual([ids, ids]);
    },
  );

  it('is closed before another is opened when its job was deleted and its listener has a new one', async () => {
    const app = open({ count: 2, period: '1h' });
    const before = await app.send();
    app.jobs.replaceAll([job('next')]);
    const moved = listener({ slug: 'digest', source: 'crm', type: ['open'], job: 'next', batch: { count: 2 } });
    app.listeners.replaceAll([{ ...moved, version: 2 }]);
    const ids = [await app.send(), await app.send()];
    expect(app.runs()).toEqual([[before], ids]);
  });
});
