import { describe, expect, it } from 'vitest';
import { statement } from '../../electron/store/database/statements.ts';
import type { HttpJobSpec } from '../../shared/contract/jobs.ts';
import { defined, openRunner } from '../jobs/open-runner.ts';
import { eventually } from '../support/eventually.ts';
import type { TempStore } from '../support/temp-store.ts';
import { receivingServer } from './receiving-server.ts';

const httpJob = (slug: string, url: string, more: Partial<HttpJobSpec> = {}) =>
  defined({ slug, kind: 'http', url, allowPrivate: true, body: 'payload', ...more });

const told = ({ db }: TempStore): { type: string; payload: Record<string, unknown> }[] =>
  (
    statement(
      db,
      `SELECT t.type, e.payload FROM events e JOIN event_types t ON t.id = e.type_id
       WHERE t.type LIKE 'event_destination.%' ORDER BY e.seq`,
    ).all() as { type: string; payload: string }[]
  ).map(({ type, payload }) => ({ type, payload: JSON.parse(payload) }));

const day = 86_400_000;

describe('the life of a destination', () => {
  it('keeps its events while it is paused, over a restart too, and sends them when it is resumed', async () => {
    const server = await receivingServer();
    const jobs = [httpJob('erp', server.url)];
    const first = openRunner(jobs);
    await first.runner.start();
    await first.destinations.setPaused('erp', true);
    const ids = await first.postMany('erp', [{ n: 1 }, { n: 2 }]);
    await first.stop();
    const second = openRunner(jobs, { store: first.store });
    await second.runner.start();
    await second.postMany('erp', [{ n: 3 }]);
    expect(second.destinations.standing('erp')).toMatchObject({ state: 'active', isPaused: true });
    expect(server.received).toEqual([]);
    await second.destinations.setPaused('erp', false);
    for (const id of ids) expect(await second.ended(id)).toMatchObject({ state: 'completed' });
    await eventually(() => expect(server.received).toHaveLength(3));
  });

  it.each([
    ['is paused', 204],
    ['is gone', 410],
    ['fails', 503],
  ])('starts no more requests as others end when it %s', async (_what, status) => {
    let statusNow = 204;
    const server = await receivingServer((_request, response) => {
      response.statusCode = statusNow;
      setTimeout(() => response.end(), 5);
    });
    const app = openRunner([httpJob('erp', server.url, { retries: ['0s', '0s', '0s', '0s', '0s', '0s', '0s', '0s'] })]);
    await app.runner.start();
    await app.postMany(
      'erp',
      Array.from({ length: 500 }, (_one, n) => ({ n })),
    );
    await eventually(() => expect(server.received.length).toBeGreaterThan(20));
    statusNow = status;
    if (status === 204) await app.destinations.setPaused('erp', true);
    const count = (state: string): unknown =>
      statement(app.store.db, `SELECT count(*) AS n FROM runs WHERE job = 'erp' AND state = ?`).get(state);
    await eventually(() => expect(count('running')).toEqual({ n: 0 }));
    const before = server.received.length;
    await eventually(() => expect(count('running')).toEqual({ n: 0 }));
    expect(server.received.length - before).toBeLessThan(3);
    expect(count('queued')).not.toEqual({ n: 0 });
    // A host that fails is asked once a second at most.
    expect(server.received.length).toBeLessThan(400);
  });

  it('is switched off by 410, says so as an event, and keeps what comes', async () => {
    let status = 410;
    const server = await receivingServer((_request, response) => {
      response.statusCode = status;
      response.end();
    });
    const app = openRunner([httpJob('erp', server.url, { concurrency: 1 })]);
    await app.runner.start();
    const gone = await app.post('erp', { n: 1 });
    expect(await app.ended(gone)).toMatchObject({ state: 'failed', reason: 'answer' });
    await eventually(() => expect(told(app.store)).toHaveLength(1));
    expect(told(app.store)).toEqual([
      {
        type: 'event_destination.deactivated',
        payload: { destination: 'erp', url: server.url, state: 'inactive', reason: 'It answered 410 Gone.' },
      },
    ]);
    const kept = await app.post('erp', { n: 2 });
    expect(app.row(kept)).toMatchObject({ state: 'queued' });
    status = 204;
    expect(await app.destinations.recover('erp', 0)).toBe(1);
    expect(await app.ended(kept)).toMatchObject({ state: 'completed' });
    await eventually(() => expect(server.received.map(({ text }) => JSON.parse(text).n).sort()).toEqual([1, 1, 2]));
    expect(told(app.store).at(-1)).toMatchObject({ type: 'event_destination.activated' });
  });

  it('is switched off after five days of failures, however the app was restarted, and not after one success', async () => {
    const clock = { nowMs: Date.parse('2026-03-01T00:00:00Z') };
    let status = 400;
    const server = await receivingServer((_request, response) => {
      response.statusCode = status;
      response.end();
    });
    const jobs = [httpJob('erp', server.url, { retries: 'none' })];
    let app = openRunner(jobs, { clock });
    await app.runner.start();
    const fail = async (afterMs: number): Promise<void> => {
      clock.nowMs += afterMs;
      expect(await app.ended(await app.post('erp'))).toMatchObject({ state: 'failed' });
    };
    await fail(0);
    await fail(4 * day);
    status = 204;
    clock.nowMs += 1;
    await app.ended(await app.post('erp'));
    status = 400;
    const sinceMs = clock.nowMs;
    await fail(0);
    await fail(4 * day);
    await eventually(() => expect(app.destinations.standing('erp').failingSinceMs).toBe(sinceMs));
    await app.stop();
    app = openRunner(jobs, { clock, store: app.store });
    await app.runner.start();
    expect(app.destinations.standing('erp').state).toBe('active');
    await fail(day);
    await eventually(() => expect(app.destinations.standing('erp')).toMatchObject({ state: 'inactive' }));
    await eventually(() =>
      expect(told(app.store)).toMatchObject([{ payload: { reason: 'Every request has failed for 5 days.' } }]),
    );
  });

  it('is active after a 2xx to a signed test event', async () => {
    let status = 500;
    const server = await receivingServer((_request, response) => {
      response.statusCode = status;
      response.end();
    });
    const app = openRunner([httpJob('erp', server.url, { verification: 'status' })]);
    await app.runner.start();
    const id = await app.post('erp', { n: 1 });
    expect(app.destinations.standing('erp').state).toBe('pending_verification');
    expect(await app.destinations.verify('erp')).toBe(`127.0.0.1:${server.port} answered 500 to a test event.`);
    expect(app.row(id)).toMatchObject({ state: 'queued' });
    status = 200;
    expect(await app.destinations.verify('erp')).toBeNull();
    expect(await app.ended(id)).toMatchObject({ state: 'completed' });
    expect(JSON.parse(server.received[0]?.text ?? '')).toMatchObject({ type: 'destination.verification' });
    expect(told(app.store)).toMatchObject([{ type: 'event_destination.activated', payload: { state: 'active' } }]);
  });

  it('is active after it answers a challenge, and with another address it is not', async () => {
    let answers = false;
    const server = await receivingServer((request, response) => {
      const { challenge } = JSON.parse(request.text);
      response.end(answers ? JSON.stringify({ challenge }) : 'ok');
    });
    const app = openRunner([httpJob('erp', server.url, { verification: 'challenge' })]);
    expect(await app.destinations.verify('erp')).toContain('without the challenge');
    answers = true;
    expect(await app.destinations.verify('erp')).toBeNull();
    expect(app.destinations.standing('erp').state).toBe('active');
    app.catalog.replaceAll([httpJob('erp', `${server.url}/v2`, { verification: 'challenge' })]);
    expect(app.destinations.standing('erp').state).toBe('pending_verification');
    // Told of new definitions, it is verified without anybody.
    app.destinations.refresh();
    await eventually(() => expect(app.destinations.standing('erp').state).toBe('active'));
  });

  it('counts failures of an address for that address alone', async () => {
    const clock = { nowMs: Date.parse('2026-03-01T00:00:00Z') };
    const server = await receivingServer((_request, response) => {
      response.statusCode = 400;
      response.end();
    });
    const app = openRunner([httpJob('erp', server.url, { retries: 'none' })], { clock });
    await app.runner.start();
    await app.ended(await app.post('erp'));
    clock.nowMs += 4 * day;
    await app.ended(await app.post('erp'));
    app.catalog.replaceAll([httpJob('erp', `${server.url}/v2`, { retries: 'none' })]);
    clock.nowMs += day;
    await app.ended(await app.post('erp'));
    await app.stop();
    expect(app.destinations.standing('erp')).toMatchObject({ state: 'active', failingSinceMs: null });
    expect(told(app.store)).toEqual([]);
  });

  it.each([
    ['has another address by then', (url: string) => [httpJob('erp', `${url}/v2`)]],
    ['is removed by then', () => []],
  ])('is not switched off by a late 410 when its job %s', async (_what, jobsAfter) => {
    const open: (() => void)[] = [];
    const server = await receivingServer((_request, response) => {
      open.push(() => {
        response.statusCode = 410;
        response.end();
      });
    });
    const app = openRunner([httpJob('erp', server.url)]);
    await app.runner.start();
    const id = await app.post('erp');
    await eventually(() => expect(open).toHaveLength(1));
    app.catalog.replaceAll(jobsAfter(server.url));
    open[0]?.();
    expect(await app.ended(id)).toMatchObject({ state: 'failed', reason: 'answer' });
    await app.stop();
    expect(told(app.store)).toEqual([]);
  });

  it('needs no verification any more when its job asks for none, though it was paused before', async () => {
    const server = await receivingServer();
    const app = openRunner([httpJob('erp', server.url, { verification: 'challenge' })]);
    await app.runner.start();
    await app.destinations.setPaused('erp', true);
    const id = await app.post('erp', { n: 1 });
    app.catalog.replaceAll([httpJob('erp', server.url)]);
    await app.destinations.setPaused('erp', false);
    expect(await app.ended(id)).toMatchObject({ state: 'completed' });
  });

  it('sends everything again that failed since a time, once', async () => {
    let status = 400;
    const server = await receivingServer((_request, response) => {
      response.statusCode = status;
      response.end();
    });
    const clock = { nowMs: Date.parse('2026-03-01T00:00:00Z') };
    const app = openRunner(
      [httpJob('erp', server.url, { retries: 'none' }), httpJob('late', server.url, { retries: ['1h'] })],
      { clock },
    );
    await app.runner.start();
    const old = await app.post('erp', { n: 0 });
    await app.ended(old);
    clock.nowMs += day;
    const sinceMs = clock.nowMs;
    for (const id of await app.postMany('erp', [{ n: 1 }, { n: 2 }, { n: 3 }])) await app.ended(id);
    const scheduled = await app.post('late', { n: 9 });
    await app.until(scheduled, 'scheduled');
    status = 204;
    expect(await app.destinations.recover('erp', sinceMs)).toBe(3);
    await eventually(() =>
      expect(server.received.map(({ text }) => JSON.parse(text).n).filter((n) => n < 9)).toEqual([0, 1, 2, 3, 1, 2, 3]),
    );
    expect(await app.destinations.recover('erp', sinceMs)).toBe(0);
    expect(await app.destinations.recover('late', sinceMs)).toBe(1);
    expect(await app.ended(scheduled)).toMatchObject({ state: 'completed' });
  });
});
