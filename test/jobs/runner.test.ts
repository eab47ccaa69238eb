import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../electron/jobs/attempt/retry-backoff.ts';
import { ClaimOrder } from '../../electron/jobs/queue/claim-order.ts';
import { statement } from '../../electron/store/database/statements.ts';
import { readAttempts, readRetries } from '../../electron/store/runs/run-history.ts';
import { eventually } from '../support/eventually.ts';
import { nodeJob, openRunner, scriptJob, shellJob } from './open-runner.ts';

const types = (app: ReturnType<typeof openRunner>, id: string): unknown[] =>
  (
    statement(
      app.store.db,
      'SELECT t.type FROM events e JOIN event_types t ON t.id = e.type_id WHERE caused_by_run = ? ORDER BY e.seq',
    ).all(id) as { type: string }[]
  ).map((row) => row.type);

describe('limits', () => {
  it('hold for each job and for all together', async () => {
    const app = openRunner(
      [shellJob('a', 'sleep 0.05', { concurrency: 2 }), shellJob('b', 'sleep 0.05', { concurrency: 8 })],
      {
        concurrency: 5,
      },
    );
    await app.runner.start();
    const ids = [...(await app.postMany('a', Array(8).fill({}))), ...(await app.postMany('b', Array(12).fill({})))];
    let most = 0;
    let mostOfA = 0;
    await eventually(() => {
      most = Math.max(most, app.runner.counts().running);
      mostOfA = Math.max(mostOfA, app.runner.runningOf('a'));
      expect(ids.every((id) => app.row(id).state === 'completed')).toBe(true);
    });
    expect(most).toBe(5);
    expect(mostOfA).toBe(2);
    expect(app.runner.counts()).toEqual({ waiting: 0, running: 0 });
  });

  it('let a run be claimed in the transaction that plans it, and keep it from starting before that is on disk', async () => {
    const app = openRunner([shellJob('a', 'true')], { concurrency: 1, isWatched: true });
    await app.runner.start();
    let seen: unknown[] = [];
    // The first that is told of a commit.
    app.bus.prependListener('run.queued', () => {
      const rows = statement(app.store.reading, 'SELECT state FROM runs ORDER BY seq DESC LIMIT 2').all();
      seen.push({ rows, running: app.runner.counts().running });
    });
    // A transaction ends after 8 ms, on a busy machine without the claim.
    await eventually(async () => {
      seen = [];
      const [first = '', second = ''] = await app.postMany('a', [1, 2]);
      const ended = [await app.ended(first), await app.ended(second)];
      expect(ended.map(({ state }) => state)).toEqual(['completed', 'completed']);
      expect(seen[0]).toEqual({ rows: [{ state: 'queued' }, { state: 'running' }], running: 0 });
    });
  });

  it('let a job with one run through while another has thousands waiting', async () => {
    const app = openRunner([scriptJob('flood', 's.mjs', { concurrency: 4 }), scriptJob('rare', 's.mjs')], {
      concurrency: 2,
    });
    app.script('s.mjs', 'export default () => new Promise((done) => setTimeout(done, 2));');
    await app.runner.start();
    await app.postMany('flood', Array(3000).fill({}));
    await app.ended(await app.post('rare'));
    expect(app.runner.counts().waiting).toBeGreaterThan(1000);
    statement(app.store.db, `UPDATE runs SET state = 'canceled' WHERE state = 'queued'`).run();
  });

  it('give slots in turn, never more than there are, and never nothing when something could run', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 10 }),
        fc.integer({ min: 0, max: 20 }),
        (most, free) => {
          const order = new ClaimOrder();
          for (const index of most.keys()) order.add(`j${index}`, true);
          const given = order.allot(free, (job) => most[Number(job.slice(1))] ?? 0);
          const total = given.reduce((sum, one) => sum + one.slots, 0);
          expect(total).toBe(
            Math.min(
              free,
              most.reduce((sum, one) => sum + one, 0),
            ),
          );
          const slots = given.map((one) => one.slots);
          for (const one of given) expect(one.slots).toBeLessThanOrEqual(most[Number(one.job.slice(1))] ?? 0);
          // Who got less than another has no room for more.
          for (const one of given) {
            if (one.slots < Math.max(...slots) - 1) expect(one.slots).toBe(most[Number(one.job.slice(1))]);
          }
        },
      ),
    );
  });
});

describe('retries', () => {
  it('wait twice as long each time, ± 20 %, at most 10 minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400_000 }), fc.integer({ min: 1, max: 100 }), (base, attempt) => {
        const wait = backoffMs(base, attempt);
        const middle = Math.min(600_000, base * 2 ** (attempt - 1));
        expect(wait).toBeGreaterThanOrEqual(Math.floor(middle * 0.8));
        expect(wait).toBeLessThanOrEqual(Math.min(600_000, Math.ceil(middle * 1.2)));
      }),
    );
  });

  it('go on until one attempt succeeds, and keep every attempt with its output', async () => {
    const app = openRunner([
      shellJob('flaky', 'echo "attempt $SIGNALBOX_ATTEMPT"; test "$SIGNALBOX_ATTEMPT" = 3', {
        attempts: 4,
        backoff: '20ms',
      }),
    ]);
    await app.runner.start();
    const id = await app.post('flaky');
    const row = await app.ended(id);
    expect(row).toMatchObject({ state: 'completed', attempt: 3, attempts: 4, inbox: 0 });
    expect(
      readAttempts(app.store.db, row).map(({ attempt, state, reason, exitCode }) => [attempt, state, reason, exitCode]),
    ).toEqual([
      [1, 'failed', 'exit', 1],
      [2, 'failed', 'exit', 1],
      [3, 'completed', 'exit', 0],
    ]);
    expect(app.output(id, 2).items.map((line) => line.text)).toEqual(['attempt 2']);
    expect(types(app, id)).toEqual(['job:completed']);
    expect(app.changes.filter((run) => run.id === id).map((run) => run.state)).toEqual([
      'running',
      'scheduled',
      'queued',
      'running',
      'scheduled',
      'queued',
      'running',
      'completed',
    ]);
  });

  it('by hand make a new run and take the old one out of the inbox', async () => {
    const app = openRunner([shellJob('bad', 'exit 1')]);
    await app.runner.start();
    const id = await app.post('bad');
    await app.ended(id);
    const retry = await app.runner.retry(id);
    expect(retry).toMatchObject({ retryOf: id, job: 'bad', listener: 'on-bad' });
    expect(app.row(id)).toMatchObject({ inbox: 0, acknowledged_at: null, note: `Retried as ${retry.id}` });
    expect(await app.ended(retry.id)).toMatchObject({ inbox: 1 });
    const again = await app.runner.retry(id);
    await app.ended(again.id);
    expect(readRetries(app.store.db, id)).toEqual([retry.id, again.id]);
    const ofRetry = await app.runner.retry(again.id);
    await app.ended(ofRetry.id);
    expect(ofRetry.retryOf).toBe(again.id);
    expect(readRetries(app.store.db, again.id)).toEqual([ofRetry.id]);
    expect(readRetries(app.store.db, id), 'only its own').toEqual([retry.id, again.id]);
    const { payload } = statement(
      app.store.db,
      'SELECT payload FROM events WHERE caused_by_run = ? ORDER BY seq DESC LIMIT 1',
    ).get(again.id) as { payload: string };
    expect(JSON.parse(payload)).toMatchObject({ status: 'failed', retryOf: id });
  });

  it('by hand do not wait for a scheduled run, and leave a running one alone', async () => {
    const app = openRunner([shellJob('bad', 'sleep 0.2; exit 1', { attempts: 2, backoff: '10m' })]);
    await app.runner.start();
    const id = await app.post('bad');
    await app.until(id, 'running');
    await expect(app.runner.retry(id)).rejects.toMatchObject({ code: 'wrong_state' });
    await app.until(id, 'scheduled');
    await app.runner.retry(id);
    expect(await app.ended(id)).toMatchObject({ state: 'failed', attempt: 2 });
  });
});

describe('cancel', () => {
  it('ends a queued and a scheduled run at once, and refuses one that has ended', async () => {
    const app = openRunner([
      shellJob('slow', 'sleep 5', { concurrency: 1 }),
      shellJob('bad', 'exit 1', { attempts: 2, backoff: '10m' }),
    ]);
    await app.runner.start();
    const [running = '', queued = ''] = await app.postMany('slow', [{}, {}]);
    const scheduled = await app.post('bad');
    await app.until(running, 'running');
    await app.until(scheduled, 'scheduled');
    expect(await app.runner.cancel(queued)).toMatchObject({ state: 'canceled', reason: 'canceled', startedAt: null });
    expect(await app.runner.cancel(scheduled)).toMatchObject({ state: 'canceled', dueAt: null });
    await expect(app.runner.cancel(queued)).rejects.toMatchObject({ code: 'wrong_state' });
    await expect(app.runner.cancel('run_none')).rejects.toMatchObject({ code: 'not_found' });
    await app.runner.cancel(running);
    expect(await app.ended(running)).toMatchObject({ state: 'canceled' });
    for (const id of [running, queued, scheduled]) expect(types(app, id)).toEqual(['job:canceled']);
  });
});

describe('what runs say as events', () => {
  it('are outcomes always, and other transitions where a listener could take them', async () => {
    const app = openRunner(
      [shellJob('quiet', 'echo "::progress percent=10::on it"; sleep 0.5'), nodeJob('chained', '')],
      {
        chain: [
          { slug: 'after-ready', type: 'job:ready', job: 'chained' },
          { slug: 'after-updated', type: 'job:updated', job: 'chained' },
        ],
      },
    );
    await app.runner.start();
    const id = await app.post('quiet');
    await app.ended(id);
    expect(types(app, id)).toEqual(['job:ready', 'job:updated', 'job:completed']);
    await eventually(() => expect(app.runner.counts()).toEqual({ waiting: 0, running: 0 }));
    // Each of its own runs becomes ready as well: the chain ends by its depth.
    const { deepest } = statement(app.store.db, 'SELECT max(depth) AS deepest FROM runs').get() as { deepest: number };
    expect(deepest).toBeLessThanOrEqual(8);
  });

  it('let an outcome wait in the inbox when its job asks for an acknowledgement', async () => {
    const app = openRunner([shellJob('import', 'true', { acknowledge: 'required' })]);
    await app.runner.start();
    expect(await app.ended(await app.post('import'))).toMatchObject({ state: 'completed', inbox: 1 });
  });
});

describe('a test run', () => {
  it('runs the job for a given or a stored event, without listeners and without retries', async () => {
    const app = openRunner([shellJob('import', 'cat', { attempts: 5, acknowledge: 'required' })]);
    await app.runner.start();
    const made = await app.runner.testRun({ slug: 'import', event: { type: 'import', payload: { n: 1 } } });
    const row = await app.ended(made.runId);
    expect(row).toMatchObject({
      state: 'completed',
      listener: null,
      attempts: 1,
      inbox: 0,
      source: 'signalbox',
      event_type: 'import',
    });
    expect(app.text(made.runId).join('')).toContain('"payload":{"n":1}');
    const again = await app.runner.testRun({ slug: 'import', eventId: row.event_id });
    expect((await app.ended(again.runId)).event_id).toBe(made.eventId);
    await expect(app.runner.testRun({ slug: 'none' })).rejects.toMatchObject({ code: 'not_found' });
  });
});
