import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { RunEnd } from '../../electron/intake/run-end.ts';
import { ClaimOrder } from '../../electron/jobs/claim-order.ts';
import { openRunner, scriptJob } from './open-runner.ts';

const slow = 'export default (event) => new Promise((done) => setTimeout(() => done(event.payload), 20));';

describe('a run that somebody waits for', () => {
  it('starts before those that were queued earlier, within the limits, and tells its end', async () => {
    const app = openRunner([scriptJob('flood', 's.mjs', { concurrency: 2 }), scriptJob('asked', 's.mjs')], {
      concurrency: 1,
    });
    app.script('s.mjs', slow);
    await app.runner.start();
    const flood = await app.postMany('flood', Array(40).fill({}));
    const earlier = await app.postMany('asked', Array(10).fill({}));
    const id = await app.post('asked', { answer: 42 });
    const ends: RunEnd[] = [];
    let most = 0;
    const forget = app.runner.hurry({ seq: app.row(id).seq, job: 'asked' }, (end) => ends.push(end));
    await vi.waitFor(
      () => {
        most = Math.max(most, app.runner.counts().running);
        expect(ends).toHaveLength(1);
      },
      { timeout: 10_000, interval: 2 },
    );
    forget();
    expect(ends).toEqual([
      { state: 'completed', reason: 'exit', error: null, outcome: { answer: 42 }, retryAtMs: null },
    ]);
    expect(most).toBe(1);
    expect(app.row(id).state).toBe('completed');
    expect(earlier.filter((one) => app.row(one).state === 'completed').length).toBeLessThan(3);
    for (const one of [...flood, ...earlier]) await app.ended(one);
  });

  it('tells of each failed attempt and of its cancelation while it is queued', async () => {
    const app = openRunner([scriptJob('fails', 'f.mjs', { attempts: 2, backoff: '1h' })], { concurrency: 1 });
    app.script('f.mjs', 'export default () => { throw new Error("no"); };');
    await app.runner.start();
    const id = await app.post('fails');
    const ends: RunEnd[] = [];
    app.runner.hurry({ seq: app.row(id).seq, job: 'fails' }, (end) => ends.push(end));
    await vi.waitFor(() => expect(ends).toHaveLength(1), { timeout: 10_000 });
    expect(ends[0]).toMatchObject({ state: 'failed', retryAtMs: expect.any(Number) });
    await app.runner.cancel(id);
    expect(ends[1]).toMatchObject({ state: 'canceled', reason: 'canceled', retryAtMs: null });
  });
});

it('the order of claims gives jobs that are waited for their slots first, and no more than there are', () => {
  const counts = fc.array(fc.record({ most: fc.nat(5), wanted: fc.nat(5) }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(counts, fc.nat(12), (jobs, free) => {
      const order = new ClaimOrder();
      for (const i of jobs.keys()) order.add(`j${i}`, true);
      const first = new Map(jobs.flatMap(({ wanted }, i) => (wanted > 0 ? [[`j${i}`, wanted] as const] : [])));
      const given = new Map(
        order.allot(free, (job) => jobs[Number(job.slice(1))]?.most ?? 0, first).map((one) => [one.job, one.slots]),
      );
      let left = free;
      for (const [i, { most, wanted }] of jobs.entries()) {
        const slots = given.get(`j${i}`) ?? 0;
        expect(slots).toBeLessThanOrEqual(most);
        if (wanted > 0) expect(slots).toBeGreaterThanOrEqual(Math.min(left, most, wanted));
        if (wanted > 0) left -= Math.min(left, most, wanted);
      }
      const total = [...given.values()].reduce((sum, slots) => sum + slots, 0);
      expect(total).toBe(
        Math.min(
          free,
          jobs.reduce((sum, { most }) => sum + most, 0),
        ),
      );
    }),
  );
});
