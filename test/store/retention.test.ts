import { describe, expect, it } from 'vitest';
import { statement } from '../../electron/store/database/statements.ts';
import { findExpiredEvents, removeEvents, removeOldDeliveries } from '../../electron/store/upkeep/retention.ts';
import { delivery, draft, listener, type TempStore, tempIntake, tempStore } from '../support/temp-store.ts';

const dayMs = 86_400_000;
const startMs = Date.parse('2026-01-01T00:00:00Z');

/** One event a day of source crm, each with a run, and two of source shop. */
async function fill(store: TempStore, days: number): Promise<void> {
  const { intake, listeners, jobs } = tempIntake(store);
  jobs.replaceAll([{ spec: { slug: 'import', kind: 'command', command: ['true'] }, baseDir: null, version: 1 }]);
  listeners.replaceAll([listener({ slug: 'all', job: 'import' })]);
  for (let day = 0; day < days; day++) {
    await intake.accept(delivery([draft({ type: 'a', payload: { day } })], { atMs: startMs + day * dayMs }));
  }
  for (let n = 0; n < 2; n++) await intake.accept(delivery([draft({ type: 'b' })], { source: 'shop', atMs: startMs }));
  await store.writer.write(({ db }) => db.exec("UPDATE runs SET state = 'completed'"));
}

const everything = { beforeMs: 0, keepEvents: 1_000_000, keepBytes: 1e12, limit: 1000 };
const count = (store: TempStore, table: string): unknown =>
  statement(store.reading, `SELECT count(*) AS n FROM ${table}`).get();

describe('retention', () => {
  it('finds what is older than it is kept, of every source', async () => {
    const store = tempStore();
    await fill(store, 10);
    const seqs = findExpiredEvents(store.reading, { ...everything, beforeMs: startMs + 4 * dayMs });
    // The newest event of all is the second of the shop: it stays whatever its age.
    expect(seqs.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 11]);
  });

  it('finds the oldest beyond the number that is kept of a source', async () => {
    const store = tempStore();
    await fill(store, 10);
    expect(findExpiredEvents(store.reading, { ...everything, keepEvents: 7 })).toEqual([1, 2, 3]);
    expect(findExpiredEvents(store.reading, { ...everything, keepEvents: 10 })).toEqual([]);
  });

  it('finds the oldest beyond the bytes that are kept of a source', async () => {
    const store = tempStore();
    await fill(store, 10);
    // Each is `{}` beside `{"day":n}`: eleven characters.
    expect(findExpiredEvents(store.reading, { ...everything, keepBytes: 44 }).length).toBe(6);
  });

  it.each(['queued', 'scheduled', 'running'])('keeps an event whose run is %s', async (state) => {
    const store = tempStore();
    await fill(store, 5);
    await store.writer.write(({ db }) => statement(db, 'UPDATE runs SET state = ? WHERE event_seq = 2').run(state));
    expect(findExpiredEvents(store.reading, { ...everything, keepEvents: 1 })).toEqual([1, 3, 4, 6]);
  });

  it('keeps an event whose outcome nobody has acknowledged', async () => {
    const store = tempStore();
    await fill(store, 5);
    await store.writer.write(({ db }) => db.exec("UPDATE runs SET state = 'failed', inbox = 1 WHERE event_seq = 1"));
    expect(findExpiredEvents(store.reading, { ...everything, beforeMs: startMs + 2 * dayMs })).toEqual([2, 6]);
  });

  it('removes events with their runs and deliveries, and leaves the rest whole', async () => {
    const store = tempStore();
    await fill(store, 5);
    await store.writer.write(({ db }) => removeEvents(db, [1, 2]));
    expect(count(store, 'events')).toEqual({ n: 5 });
    expect(count(store, 'runs')).toEqual({ n: 5 });
    expect(count(store, 'deliveries')).toEqual({ n: 5 });
    expect(statement(store.reading, 'PRAGMA foreign_key_check').all()).toEqual([]);
  });

  it('keeps the delivery that another event still needs', async () => {
    const store = tempStore();
    const { intake } = tempIntake(store);
    await intake.accept(delivery([draft({ type: 'a' }), draft({ type: 'b' })]));
    await intake.accept(delivery([draft({ type: 'c' })]));
    await store.writer.write(({ db }) => removeEvents(db, [1]));
    expect(count(store, 'deliveries')).toEqual({ n: 2 });
    await store.writer.write(({ db }) => removeEvents(db, [2]));
    expect(count(store, 'deliveries')).toEqual({ n: 1 });
  });

  it('removes refused deliveries by age', async () => {
    const store = tempStore();
    const { intake, clock } = tempIntake(store);
    for (const atMs of [startMs, startMs + 5 * dayMs, startMs + 9 * dayMs]) {
      clock.nowMs = atMs;
      intake.refuse({ delivery: delivery([], { atMs }).delivery, status: 401, code: 'x', message: '' });
      await store.writer.drain();
    }
    const removed = await store.writer.write(({ db }) => removeOldDeliveries(db, startMs + 6 * dayMs, 100));
    expect(removed).toBe(2);
  });
});
