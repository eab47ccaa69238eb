import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { createOutageMonitor, type Outage } from '../../electron/upkeep/outage-monitor.ts';
import { openSessionRecord } from '../../electron/upkeep/session-record.ts';
import { eventually } from '../support/eventually.ts';
import { type TempStore, tempStore } from '../support/temp-store.ts';

const noon = Date.parse('2026-05-05T12:00:00Z');
const at = (secondsAfterNoon: number): number => noon + secondsAfterNoon * 1000;

function watched(store: TempStore, clock = { nowMs: noon, monotonicMs: 0, uptimeMs: 5000 }) {
  const state: { outage: Outage | null; jumps: number; told: boolean[] } = {
    outage: null,
    jumps: 0,
    told: [],
  };
  const nowMs = (): number => clock.nowMs;
  const watch = createOutageMonitor({
    db: store.reading,
    writer: store.writer,
    session: openSessionRecord(store.dir, nowMs, unexpected),
    clocks: { nowMs, monotonicMs: () => clock.monotonicMs, uptimeMs: () => clock.uptimeMs },
    log: pino({ level: 'silent' }),
    outage: () => state.outage,
    onTimeJumped: () => {
      state.jumps += 1;
    },
    onChanged: (isBlind) => state.told.push(isBlind),
  });
  return {
    watch,
    state,
    clock,
    /** So many seconds go by, with a look at each. */
    pass(seconds: number) {
      for (let n = 0; n < seconds; n++) {
        clock.nowMs += 1000;
        clock.monotonicMs += 1000;
        clock.uptimeMs += 1000;
        watch.look();
      }
    },
    async windows() {
      await store.writer.drain();
      return watch.list(10);
    },
  };
}

const unexpected = (file: string, error: unknown): never => {
  throw new Error(`${file} cannot be used`, { cause: error });
};

describe('blind windows', () => {
  it('are none while everything is well', async () => {
    const app = watched(tempStore());
    app.watch.start();
    app.pass(120);
    expect(await app.windows()).toEqual([]);
    expect(app.state.jumps).toBe(0);
    await app.watch.stop();
  });

  it('begin and end with what keeps deliveries out', async () => {
    const app = watched(tempStore());
    app.watch.start();
    app.pass(10);
    app.state.outage = { kind: 'full', detail: 'the disk was full' };
    app.pass(5);
    expect(await app.windows()).toEqual([{ kind: 'full', fromMs: at(11), toMs: null, detail: 'the disk was full' }]);
    app.state.outage = { kind: 'refusing', detail: 'the disk refused writes' };
    app.pass(5);
    app.state.outage = null;
    app.pass(1);
    await eventually(async () =>
      expect(await app.windows()).toEqual([
        { kind: 'refusing', fromMs: at(16), toMs: at(21), detail: 'the disk refused writes' },
        { kind: 'full', fromMs: at(11), toMs: at(16), detail: 'the disk was full' },
      ]),
    );
    await eventually(() => expect(app.state.told.at(-1)).toBe(false));
    expect(app.state.told).toContain(true);
    await app.watch.stop();
  });

  it('that cannot be written on a full disk are written when there is room', async () => {
    const store = tempStore();
    const app = watched(store);
    app.watch.start();
    // Every write fails from here.
    store.db.pragma('query_only = ON');
    app.state.outage = { kind: 'full', detail: 'the disk was full' };
    app.pass(3);
    app.state.outage = null;
    app.pass(3);
    await eventually(async () => expect(await app.windows()).toMatchObject([{ kind: 'full', toMs: at(4) }]));
    store.db.pragma('query_only = OFF');
    app.pass(30);
    await eventually(async () => {
      await store.writer.drain();
      expect(store.reading.prepare('SELECT kind, from_at, to_at FROM blind_windows').all()).toEqual([
        { kind: 'full', from_at: at(1), to_at: at(4) },
      ]);
    });
    await app.watch.stop();
  });

  it('of sleep are told from a clock that was set; after both, what is due is looked for', async () => {
    const app = watched(tempStore());
    app.watch.start();
    app.pass(5);
    // Asleep for an hour: the monotonic clock stands still.
    app.clock.nowMs += 3_600_000;
    app.clock.uptimeMs += 3_600_000;
    app.pass(1);
    expect(app.state.jumps).toBe(1);
    await eventually(async () =>
      expect(await app.windows()).toMatchObject([{ kind: 'asleep', fromMs: at(6), toMs: at(3606) }]),
    );
    // Set forward by a day, and back by two.
    app.clock.nowMs += 86_400_000;
    app.pass(1);
    app.clock.nowMs -= 2 * 86_400_000;
    app.pass(1);
    expect(app.state.jumps).toBe(3);
    expect(await app.windows()).toHaveLength(1);
    // Where the monotonic clock goes on in sleep.
    app.clock.nowMs += 60_000;
    app.clock.monotonicMs += 60_000;
    app.clock.uptimeMs += 60_000;
    app.pass(1);
    await eventually(async () => expect((await app.windows()).map(({ kind }) => kind)).toEqual(['asleep', 'asleep']));
    await app.watch.stop();
  });

  it('of a session that ended without a word begin with its last sign of life, and close what it had open', async () => {
    const store = tempStore();
    const first = watched(store);
    first.watch.start();
    first.state.outage = { kind: 'full', detail: 'the disk was full' };
    first.pass(25);
    await store.writer.drain();
    // Killed: neither stop nor end. Its signs of life came every ten seconds.
    const second = watched(store, { nowMs: at(100), monotonicMs: 0, uptimeMs: 0 });
    second.watch.start();
    await eventually(async () => {
      expect(await second.windows()).toEqual([
        { kind: 'off', fromMs: at(20), toMs: at(100), detail: expect.stringContaining('ended unexpectedly') },
        { kind: 'full', fromMs: at(1), toMs: at(20), detail: 'the disk was full' },
      ]);
    });
    await first.watch.stop();
    await second.watch.stop();
  });

  it('of a session that ended in order begin with its end; a clock set back leaves none', async () => {
    const store = tempStore();
    const nowMs = (): number => at(50);
    const session = openSessionRecord(store.dir, nowMs, unexpected);
    session.begin();
    session.end();
    expect(openSessionRecord(store.dir, nowMs, unexpected).last).toEqual({ untilMs: at(50), endedInOrder: true });
    const back = watched(store, { nowMs: at(10), monotonicMs: 0, uptimeMs: 0 });
    back.watch.start();
    expect(await back.windows()).toEqual([]);
    await back.watch.stop();
    utimesSync(join(store.dir, 'session.json'), at(30) / 1000, at(30) / 1000);
    expect(openSessionRecord(store.dir, nowMs, unexpected).last).toEqual({ untilMs: at(30), endedInOrder: false });
  });

  it('of a start that came to nothing leave the last session as it was', () => {
    const store = tempStore();
    const session = openSessionRecord(store.dir, () => at(50), unexpected);
    session.begin();
    session.end();
    openSessionRecord(store.dir, () => at(60), unexpected).end();
    expect(openSessionRecord(store.dir, () => at(70), unexpected).last?.untilMs).toBe(at(50));
  });
});
