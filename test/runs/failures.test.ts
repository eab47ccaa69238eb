import { beforeEach, describe, expect, it } from 'vitest';
import { createFailureOrders } from '../../electron/jobs/operator/failure-orders.ts';
import { readRunning } from '../../electron/runs/running-run.ts';
import { readFailureDetail } from '../../electron/store/failures/failure-detail.ts';
import { countFailures, listFailures, pruneFailures } from '../../electron/store/failures/list-failures.ts';
import { findRun } from '../../electron/store/runs/find-run.ts';
import { listRuns } from '../../electron/store/runs/list-runs.ts';
import { pickQueuedRun } from '../../electron/store/runs/run-claims.ts';
import { countInbox } from '../../electron/store/runs/run-counts.ts';
import { type RunRow, toRun } from '../../electron/store/runs/run-rows.ts';
import { runHistogram } from '../../electron/store/statistics/run-histogram.ts';
import { findExpiredEvents, removeEvents } from '../../electron/store/upkeep/retention.ts';
import type { Failure } from '../../shared/contract/failures.ts';
import type { JobSpec } from '../../shared/contract/jobs.ts';
import type { ListenerResolves } from '../../shared/contract/listeners.ts';
import { delivery, draft, listener, tempIntake, tempStore } from '../support/temp-store.ts';

const hourMs = 3_600_000;
const ids = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id);

/** A store whose events of type `work` run the job `work`, and what happens to its runs. */
function open(resolves: ListenerResolves = 'retry') {
  const store = tempStore();
  const app = tempIntake(store);
  const { lifecycle, jobs, clock, bus } = app;
  const job = { slug: 'work', kind: 'command', command: ['true'] } as JobSpec;
  jobs.replaceAll([{ spec: job, baseDir: null, version: 1 }]);
  app.listeners.replaceAll([listener({ slug: 'on-work', source: 'crm', type: ['work'], job: 'work', resolves })]);
  const pushed: Failure[] = [];
  bus.on('failures.changed', (failures) => pushed.push(...failures));
  const orders = createFailureOrders({ writer: store.writer, bus, lifecycle, nowMs: () => clock.nowMs });

  const row = (id: string): RunRow => {
    const found = findRun(store.db, id);
    if (found === null) throw new Error(`no run ${id}`);
    return found;
  };

  async function end(id: string, error: string | null): Promise<string> {
    clock.nowMs += 1000;
    await store.writer.write((tx) => {
      const queued = pickQueuedRun(tx.db, row(id).seq);
      if (queued !== null) lifecycle.claim(tx, queued, clock.nowMs);
      return lifecycle.finish(tx, {
        run: readRunning(row(id)),
        outcome: null,
        end: {
          state: error === null ? 'completed' : 'failed',
          reason: 'exit',
          error,
          exitCode: error === null ? 0 : 3,
          signal: null,
          progress: null,
          steps: null,
          outcome: null,
          finishedAtMs: clock.nowMs,
        },
      });
    });
    return id;
  }

  async function plan(context: Record<string, string> = { space: 'a' }): Promise<string> {
    await app.intake.accept(delivery([draft({ type: 'work', context })], { atMs: clock.nowMs }));
    const [newest] = listRuns(store.db, { limit: 1, nowMs: clock.nowMs }).items;
    return newest?.id ?? '';
  }

  return {
    ...app,
    store,
    pushed,
    orders,
    row,
    plan,
    end,
    fail: async (error = 'Space sp_12 not found after 31 ms', context?: Record<string, string>) =>
      end(await plan(context), error),
    succeed: async (context?: Record<string, string>) => end(await plan(context), null),
    retry: (id: string) =>
      store.writer.write((tx) => {
        const found = jobs.get('work');
        const run = found === null ? null : lifecycle.retry(tx, row(id), found);
        if (run === null) throw new Error('not retried');
        return run.id;
      }),
    acknowledge: (id: string, by = 'ada') =>
      store.writer.write((tx) => lifecycle.acknowledge(tx, row(id), { atMs: clock.nowMs, by, note: 'seen' })),
    only: (): Failure => {
      const { items } = listFailures(store.db, { limit: 10 });
      const [failure] = items;
      if (failure === undefined || items.length > 1) throw new Error(`${items.length} failures`);
      return failure;
    },
    kinds: (id: string) => readFailureDetail(store.db, { id })?.entries.map(({ kind, by }) => `${kind} ${by ?? '-'}`),
    unresolved: () => ids(listRuns(store.db, { query: 'is:unresolved', limit: 100, nowMs: clock.nowMs }).items),
    inbox: () => countInbox(store.db),
  };
}

describe('failures', () => {
  let app: ReturnType<typeof open>;
  beforeEach(() => {
    app = open();
  });

  it('count the runs that ended alike, and know when they were first and last seen', async () => {
    const first = await app.fail('Space sp_12 not found after 31 ms');
    const firstAt = app.row(first).finished_at ?? 0;
    const last = await app.fail('Space sp_99 not found after 7 ms', { space: 'b' });
    await app.fail('Permission denied');
    await app.succeed();
    const { items } = listFailures(app.store.db, { limit: 10 });
    expect(items.map(({ count, message }) => [count, message])).toEqual([
      [1, 'Permission denied'],
      [2, 'Space sp_99 not found after 7 ms'],
    ]);
    const failure = items[1];
    expect(failure).toMatchObject({
      job: 'work',
      listener: 'on-work',
      reason: 'exit',
      exitCode: 3,
      state: 'open',
      firstSeenAt: new Date(firstAt).toISOString(),
      lastRunId: last,
      regressions: 0,
    });
    expect(toRun(app.row(first)).failureId).toBe(failure?.id);
    const detail = readFailureDetail(app.store.db, { id: failure?.id ?? '' });
    expect(detail).toMatchObject({ unresolved: 2, stored: 2 });
    expect(detail?.contexts).toEqual([
      {
        path: 'context.space',
        distinct: 2,
        values: [
          { value: 'b', count: 1 },
          { value: 'a', count: 1 },
        ],
      },
    ]);
    // The same runs, by the query that the page's chart and list use.
    const query = `failure:${failure?.id}`;
    const found = listRuns(app.store.db, { query, limit: 10, nowMs: app.clock.nowMs });
    expect(ids(found.items)).toEqual([last, first]);
    const rest = listRuns(app.store.db, { query: `-${query}`, limit: 10, nowMs: app.clock.nowMs });
    expect(rest.items).toHaveLength(2);
    const { buckets } = runHistogram(app.store.db, { query, nowMs: app.clock.nowMs });
    expect(buckets.reduce((sum, bucket) => sum + bucket.failed, 0)).toBe(2);
    expect(app.pushed.at(-1)?.message).toBe('Permission denied');
  });

  it('are acknowledged with the last of their runs, and open with the next one', async () => {
    const [one, two] = [await app.fail(), await app.fail()];
    await app.acknowledge(one);
    expect(app.only().state).toBe('open');
    await app.acknowledge(two);
    expect(app.only()).toMatchObject({ state: 'acknowledged', stateBy: 'ada' });
    expect(app.unresolved()).toEqual([]);
    await app.store.writer.write((tx) => app.lifecycle.unacknowledge(tx, app.row(two)));
    expect(app.only().state).toBe('open');
    expect(app.unresolved()).toEqual([two]);
    await app.acknowledge(two);
    await app.fail();
    const failure = app.only();
    expect(failure).toMatchObject({ state: 'open', count: 3, regressions: 0 });
    expect(app.kinds(failure.id)).toEqual(['acknowledged ada', 'reopened -', 'acknowledged ada', 'reopened -']);
  });

  it('are acknowledged with the last try of a run that was retried in vain, and back', async () => {
    const one = await app.fail();
    const two = await app.retry(one);
    await app.end(two, 'Permission denied');
    expect([app.inbox(), app.unresolved()]).toEqual([1, [two, one]]);
    await app.acknowledge(two);
    const states = () => listFailures(app.store.db, { limit: 10 }).items.map(({ state }) => state);
    expect([app.inbox(), app.unresolved(), states()]).toEqual([0, [], ['acknowledged', 'acknowledged']]);
    await app.store.writer.write((tx) => app.lifecycle.unacknowledge(tx, app.row(two)));
    expect([app.inbox(), app.unresolved(), states()]).toEqual([1, [two, one], ['open', 'open']]);
  });

  it('leave a retried run out of the inbox when they are opened again', async () => {
    const one = await app.fail();
    const two = await app.retry(one);
    await app.end(two, 'Space sp_4 not found after 5 ms');
    const order = { ids: [app.only().id], by: 'ada' };
    await app.orders.close(order, 'resolved');
    expect([app.inbox(), app.unresolved()]).toEqual([0, []]);
    await app.orders.reopen(order);
    expect([app.inbox(), app.unresolved()]).toEqual([1, [two, one]]);
    expect(toRun(app.row(two)).needsAcknowledgement).toBe(true);
  });

  it('come back as a regression when they fail after they were resolved, and the resolution can be undone', async () => {
    await app.fail();
    await app.fail();
    const { id } = app.only();
    await app.orders.close({ ids: [id], by: 'ada', note: '**Restarted** the importer' }, 'resolved');
    expect(app.only()).toMatchObject({ state: 'resolved', stateBy: 'ada' });
    expect([app.inbox(), app.unresolved()]).toEqual([0, []]);
    expect(countFailures(app.store.db)).toEqual({ open: 0, acknowledged: 0, snoozed: 0, resolved: 1 });
    await app.orders.reopen({ ids: [id], by: 'ada' });
    expect([app.only().state, app.inbox(), app.unresolved().length]).toEqual(['open', 2, 2]);
    app.clock.nowMs += 1;
    await app.orders.close({ ids: [id], by: 'bo' }, 'resolved');
    const run = await app.fail();
    expect(app.only()).toMatchObject({ state: 'open', regressions: 1, count: 3 });
    expect(app.unresolved()).toEqual([run]);
    expect(app.kinds(id)).toEqual(['resolved ada', 'reopened ada', 'resolved bo', 'regressed -']);
  });

  it.each([
    ['a time', { untilMs: 0, more: null, onChange: false }],
    ['so many more runs', { untilMs: null, more: 2, onChange: false }],
    ['a change of the definition', { untilMs: null, more: null, onChange: true }],
  ])('stay out of the inbox while they are snoozed, until %s', async (_what, end) => {
    const before = await app.fail();
    const { id } = app.only();
    const untilMs = end.untilMs === null ? null : app.clock.nowMs + hourMs;
    const [snoozed] = await app.orders.snooze({ ids: [id], by: 'ada' }, { ...end, untilMs });
    expect(snoozed?.snooze).toMatchObject({ more: end.more, onChange: end.onChange });
    const during = await app.fail();
    expect(app.inbox()).toBe(0);
    expect(app.unresolved()).toEqual([during, before]);
    expect(toRun(app.row(during)).needsAttention).toBeNull();
    const wake = () => app.store.writer.write((tx) => app.lifecycle.wakeFailures(tx, 100));
    expect(await wake()).toBe(0);

    if (untilMs !== null) app.clock.nowMs = untilMs;
    if (end.onChange) {
      await app.store.writer.write(({ db }) =>
        db
          .prepare(
            `INSERT INTO jobs (slug, spec, owner, version, created_at, updated_at) VALUES ('work', '{}', 'user', 2, 1, 1)`,
          )
          .run(),
      );
    }
    if (end.more === null) expect(await wake()).toBe(1);
    else await app.fail();
    expect(app.only()).toMatchObject({ state: 'open', snooze: null });
    expect(app.inbox()).toBe(end.more === null ? 2 : 3);
    expect(app.kinds(id)).toEqual(['snoozed ada', 'woke -']);
  });

  it('keep their snoozed runs from retention, and outlive those that go', async () => {
    await app.fail();
    const { id } = app.only();
    await app.orders.snooze({ ids: [id], by: 'ada' }, { untilMs: null, more: 100, onChange: false });
    await app.succeed();
    await app.succeed();
    const expired = () =>
      findExpiredEvents(app.store.db, { beforeMs: app.clock.nowMs + 1, keepEvents: 1e6, keepBytes: 1e12, limit: 100 });
    const failedEvent = 1;
    expect(expired()).not.toContain(failedEvent);
    await app.orders.close({ ids: [id], by: 'ada' }, 'acknowledged');
    expect(expired()).toContain(failedEvent);
    await app.store.writer.write(({ db }) => removeEvents(db, [failedEvent]));
    await app.orders.note(id, 'ada', 'Happens **every** Monday');
    expect(readFailureDetail(app.store.db, { id })).toMatchObject({ count: 1, stored: 0, state: 'acknowledged' });
    expect(app.kinds(id)).toEqual(['snoozed ada', 'acknowledged ada', 'note ada']);
    const prune = (beforeMs: number) => app.store.writer.write(({ db }) => pruneFailures(db, beforeMs, 100));
    expect(await prune(app.clock.nowMs - hourMs)).toBe(0);
    expect(await prune(app.clock.nowMs + hourMs)).toBe(1);
    expect(readFailureDetail(app.store.db, { id })).toBeNull();
  });

  it('are resolved by a retry that completes, and not by another run', async () => {
    const one = await app.fail();
    const two = await app.fail();
    await app.succeed();
    expect(app.unresolved()).toEqual([two, one]);
    const again = await app.retry(one);
    expect(app.unresolved()).toEqual([two, one]);
    await app.end(again, 'Space sp_1 not found after 2 ms');
    expect(app.unresolved()).toEqual([again, two, one]);
    await app.end(await app.retry(again), null);
    expect(app.unresolved()).toEqual([two]);
    expect(app.only().state).toBe('open');
    const last = await app.retry(two);
    await app.end(last, null);
    expect([app.only().state, app.unresolved(), app.inbox()]).toEqual(['resolved', [], 0]);
    expect(readFailureDetail(app.store.db, { id: app.only().id })?.entries.at(-1)).toMatchObject({
      kind: 'resolved',
      by: null,
      runId: last,
    });
  });

  it('are resolved by a later run with the same context where the listener says so', async () => {
    app = open('context');
    const queuedBefore = await app.plan({ space: 'a' });
    const a = await app.fail('Down', { space: 'a' });
    const b = await app.fail('Down', { space: 'b' });
    await app.end(queuedBefore, null);
    expect(app.unresolved()).toEqual([b, a]);
    await app.succeed({ space: 'a' });
    expect([app.unresolved(), app.inbox(), app.only().state]).toEqual([[b], 1, 'open']);
    expect(app.row(a).note).toMatch(/^Resolved by run_/);
    await app.succeed({ space: 'b' });
    expect([app.unresolved(), app.only().state]).toEqual([[], 'resolved']);
    await app.fail('No context', {});
    await app.succeed({});
    expect(app.unresolved()).toHaveLength(1);
  });

  it('are resolved by the next completed run where the listener says so', async () => {
    app = open('any');
    await app.fail('Down', { space: 'a' });
    await app.fail('Out of memory', { space: 'b' });
    await app.succeed({ space: 'c' });
    expect(app.unresolved()).toEqual([]);
    expect(countFailures(app.store.db)).toMatchObject({ open: 0, resolved: 2 });
  });

  it('are found by words, state and assignee, a page at a time', async () => {
    for (const error of ['Disk full', 'Disk slow', 'No route']) await app.fail(error);
    const [newest] = listFailures(app.store.db, { limit: 1 }).items;
    await app.orders.assign({ ids: [newest?.id ?? ''], by: 'ada' }, 'bo');
    const messages = (request: Partial<Parameters<typeof listFailures>[1]>) =>
      listFailures(app.store.db, { limit: 10, ...request }).items.map(({ message }) => message);
    expect(messages({ query: 'disk work' })).toEqual(['Disk slow', 'Disk full']);
    expect(messages({ assignee: 'bo' })).toEqual(['No route']);
    expect(messages({ state: ['resolved', 'snoozed'] })).toEqual([]);
    const first = listFailures(app.store.db, { limit: 2 });
    const second = listFailures(app.store.db, { limit: 2, cursor: first.nextCursor });
    expect([...first.items, ...second.items].map(({ message }) => message)).toEqual([
      'No route',
      'Disk slow',
      'Disk full',
    ]);
    expect(second.nextCursor).toBeNull();
  });
});
