import { expect, it } from 'vitest';
import { listRuns } from '../../electron/store/runs/list-runs.ts';
import { defined, openRunner } from './open-runner.ts';

const many = 500;

it('cancels, retries and acknowledges 500 runs in one call each, and skips those it cannot', async () => {
  // Never started, so that its runs wait.
  const app = openRunner([defined({ slug: 'work', kind: 'command', command: ['true'] })]);
  const ids = await app.postMany(
    'work',
    Array.from({ length: many }, (_, n) => ({ n })),
  );
  const timed = async <T>(what: string, work: Promise<T>): Promise<T> => {
    const from = performance.now();
    const cpu = process.cpuUsage();
    const result = await work;
    if (process.env.SHOW_TIMES === '1')
      console.log(
        what,
        `${Math.round(performance.now() - from)} ms, CPU ${Math.round(process.cpuUsage(cpu).user / 1000)} ms`,
      );
    return result;
  };

  const early = await app.runner.retryMany(ids.slice(0, 2));
  expect(early.items).toEqual([]);
  expect(early.skipped[0]).toEqual({ id: ids[0], reason: expect.stringContaining('queued') });

  const canceled = await timed('cancel', app.runner.cancelMany([...ids, 'run_none']));
  expect(canceled.items.map(({ state }) => state)).toEqual(ids.map(() => 'canceled'));
  expect(canceled.skipped.map(({ id }) => id)).toEqual(['run_none']);

  const retried = await timed('retry', app.runner.retryMany(ids));
  expect(retried.items.map(({ retryOf }) => retryOf)).toEqual(ids);
  expect(retried.skipped).toEqual([]);
  const queued = listRuns(app.store.db, { state: 'queued', limit: many, nowMs: Date.now() });
  expect(queued.items).toHaveLength(many);

  const seen = await timed('acknowledge', app.runner.acknowledge({ ids, by: 'ada', note: null }));
  expect(seen.every(({ acknowledgedBy }) => acknowledgedBy === 'ada')).toBe(true);
});
