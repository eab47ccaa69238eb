import { describe, expect, it } from 'vitest';
import { awaitedReserve } from '../../electron/jobs/queue/claim-loop.ts';
import type { RunEnd } from '../../electron/runs/run-end.ts';
import { eventually } from '../support/eventually.ts';
import { openRunner, scriptJob, shellJob } from './open-runner.ts';

const slow = 'export default (event) => new Promise((done) => setTimeout(() => done(event.payload), 20));';

describe('a run that somebody waits for', () => {
  it('starts before those that were queued earlier, and tells its end', async () => {
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
    const forget = app.runner.prioritize({ seq: app.row(id).seq, job: 'asked' }, (end) => ends.push(end));
    await eventually(() => {
      most = Math.max(most, app.runner.counts().running);
      expect(ends).toHaveLength(1);
    });
    forget();
    expect(ends).toEqual([
      { state: 'completed', reason: 'exit', error: null, outcome: { answer: 42 }, retryAtMs: null },
    ]);
    expect(most, 'one more than the limit: the awaited one').toBeLessThanOrEqual(2);
    expect(app.row(id).state).toBe('completed');
    expect(earlier.filter((one) => app.row(one).state === 'completed').length).toBeLessThan(3);
    for (const one of [...flood, ...earlier]) await app.ended(one);
  });

  it('does not wait for the end of a long run of another job, while others do', async () => {
    const app = openRunner([shellJob('long', 'sleep 60'), scriptJob('asked', 's.mjs'), scriptJob('other', 's.mjs')], {
      concurrency: 1,
    });
    app.script('s.mjs', slow);
    await app.runner.start();
    const long = await app.post('long');
    await app.until(long, 'running');
    const other = await app.post('other');
    const id = await app.post('asked', { answer: 42 });
    const end = await new Promise<RunEnd>((resolve) => {
      app.runner.prioritize({ seq: app.row(id).seq, job: 'asked' }, resolve);
    });
    expect(end).toMatchObject({ state: 'completed', outcome: { answer: 42 } });
    expect(app.row(long).state).toBe('running');
    expect(app.row(other)).toMatchObject({ state: 'queued', attempt: 0 });
    await app.runner.cancel(long);
    expect(await app.ended(other)).toMatchObject({ state: 'completed' });
  });

  it('goes over the limit of all jobs by a few only, and never over that of its own', async () => {
    const app = openRunner(
      [
        shellJob('long', 'sleep 60'),
        shellJob('asked', 'sleep 0.2', { concurrency: 50 }),
        shellJob('single', 'sleep 0.2'),
      ],
      { concurrency: 1 },
    );
    await app.runner.start();
    await app.until(await app.post('long'), 'running');
    const asked = await app.postMany('asked', Array(awaitedReserve * 2).fill({}));
    const single = await app.postMany('single', [{}, {}]);
    let most = 0;
    let mostOfSingle = 0;
    const ends: RunEnd[] = [];
    for (const id of [...single, ...asked]) {
      const { seq, job } = app.row(id);
      app.runner.prioritize({ seq, job }, (end) => {
        most = Math.max(most, app.runner.counts().running);
        ends.push(end);
      });
    }
    await eventually(() => {
      most = Math.max(most, app.runner.counts().running);
      mostOfSingle = Math.max(mostOfSingle, app.runner.runningOf('single'));
      expect(ends).toHaveLength(asked.length + single.length);
    });
    expect(most).toBe(1 + awaitedReserve);
    expect(mostOfSingle).toBe(1);
    expect(ends.every(({ state }) => state === 'completed')).toBe(true);
  });

  it('is claimed again beyond the limit when its next attempt is due', async () => {
    const app = openRunner(
      [
        shellJob('long', 'sleep 60'),
        shellJob('flaky', 'test "$SIGNALBOX_ATTEMPT" = 2', { attempts: 2, backoff: '50ms' }),
      ],
      { concurrency: 1 },
    );
    await app.runner.start();
    await app.until(await app.post('long'), 'running');
    const id = await app.post('flaky');
    const ends: RunEnd[] = [];
    app.runner.prioritize({ seq: app.row(id).seq, job: 'flaky' }, (end) => ends.push(end));
    await eventually(() => expect(ends).toHaveLength(2));
    expect(ends.map(({ state }) => state)).toEqual(['failed', 'completed']);
  });

  it('tells of each failed attempt and of its cancelation while it is queued', async () => {
    const app = openRunner([scriptJob('fails', 'f.mjs', { attempts: 2, backoff: '1h' })], { concurrency: 1 });
    app.script('f.mjs', 'export default () => { throw new Error("no"); };');
    await app.runner.start();
    const id = await app.post('fails');
    const ends: RunEnd[] = [];
    app.runner.prioritize({ seq: app.row(id).seq, job: 'fails' }, (end) => ends.push(end));
    await eventually(() => expect(ends).toHaveLength(1));
    expect(ends[0]).toMatchObject({ state: 'failed', retryAtMs: expect.any(Number) });
    await app.runner.cancel(id);
    expect(ends[1]).toMatchObject({ state: 'canceled', reason: 'canceled', retryAtMs: null });
  });
});
