import { describe, expect, it } from 'vitest';
import type { HttpJobSpec } from '../../shared/contract/jobs.ts';
import { defined, openRunner } from '../jobs/open-runner.ts';
import { eventually } from '../support/eventually.ts';
import { receivingServer } from './receiving-server.ts';

const httpJob = (slug: string, url: string, more: Partial<HttpJobSpec> = {}) =>
  defined({ slug, kind: 'http', url, allowPrivate: true, body: 'payload', ...more });

const numbers = (length: number): { n: number }[] => Array.from({ length }, (_one, n) => ({ n }));
const sent = (received: readonly { text: string }[]): number[] => received.map(({ text }) => JSON.parse(text).n);

describe('order', () => {
  it('sends events with the same key one after the other, and others meanwhile', async () => {
    const open: (() => void)[] = [];
    const server = await receivingServer((request, response) => {
      if (JSON.parse(request.text).key === 'a') open.push(() => response.end());
      else response.end();
    });
    const app = openRunner([httpJob('erp', server.url, { order: { by: 'payload.key' } })]);
    await app.runner.start();
    const ids = await app.postMany('erp', [
      { key: 'a', n: 0 },
      { key: 'a', n: 1 },
      { key: 'b', n: 2 },
      { n: 3 },
      { key: 'a', n: 4 },
    ]);
    for (const n of [2, 3]) expect(await app.ended(ids[n] ?? '')).toMatchObject({ state: 'completed' });
    expect(sent(server.received).sort()).toEqual([0, 2, 3]);
    for (let round = 1; round <= 3; round++) {
      await eventually(() => expect(open).toHaveLength(round));
      open[round - 1]?.();
    }
    for (const id of ids) expect(await app.ended(id)).toMatchObject({ state: 'completed' });
    expect(sent(server.received).filter((n) => n !== 2 && n !== 3)).toEqual([0, 1, 4]);
  });

  it('waits for the retries of the one before, and goes on when that is given up or canceled', async () => {
    const server = await receivingServer((request, response) => {
      response.statusCode = JSON.parse(request.text).n < 2 ? 400 : 204;
      response.end();
    });
    const app = openRunner([httpJob('erp', server.url, { order: { by: 'payload.key' }, retries: ['1h'] })]);
    await app.runner.start();
    const [first = '', second = '', third = ''] = await app.postMany('erp', [
      { key: 'a', n: 0 },
      { key: 'a', n: 1 },
      { key: 'a', n: 2 },
    ]);
    await app.until(first, 'scheduled');
    expect(app.row(second)).toMatchObject({ state: 'queued', attempt: 0 });
    await app.runner.cancel(first);
    await app.until(second, 'scheduled');
    expect(app.row(third)).toMatchObject({ state: 'queued', attempt: 0 });
    // Its second attempt is its last.
    await app.runner.retry(second);
    expect(await app.ended(second)).toMatchObject({ state: 'failed', attempt: 2 });
    expect(await app.ended(third)).toMatchObject({ state: 'completed' });
    expect(sent(server.received)).toEqual([0, 1, 1, 2]);
  });

  it('keeps to the order after a restart', async () => {
    const server = await receivingServer((request, response) => {
      if (JSON.parse(request.text).n > 0) response.end();
    });
    const jobs = [httpJob('erp', server.url, { order: { by: 'payload.key' } })];
    const first = openRunner(jobs);
    await first.runner.start();
    const ids = await first.postMany(
      'erp',
      numbers(3).map(({ n }) => ({ n, key: 1 })),
    );
    await eventually(() => expect(server.received).toHaveLength(1));
    await first.stop(20);
    const second = openRunner(jobs, { store: first.store });
    await second.runner.start();
    await eventually(() => expect(server.received).toHaveLength(2));
    expect(sent(server.received)).toEqual([0, 0]);
    await second.runner.cancel(ids[0] ?? '');
    for (const id of ids.slice(1)) expect(await second.ended(id)).toMatchObject({ state: 'completed' });
    expect(sent(server.received)).toEqual([0, 0, 1, 2]);
  });
});

describe('rate', () => {
  it('sends no more a second than it is told', async () => {
    const at: number[] = [];
    const server = await receivingServer((_request, response) => {
      at.push(performance.now());
      response.end();
    });
    const app = openRunner([httpJob('erp', server.url, { rate: { perSecond: 50 } })]);
    await app.runner.start();
    for (const id of await app.postMany('erp', numbers(40))) await app.ended(id);
    // 40 at 50 a second, of which the first 5 may come at once.
    expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(650);
  });
});

describe('a host that fails', () => {
  it('is asked by one request at a time, and gets the rest when it is back', async () => {
    let isDown = true;
    const server = await receivingServer((_request, response) => {
      response.statusCode = isDown ? 503 : 204;
      response.end();
    });
    const app = openRunner([httpJob('erp', server.url, { retries: ['50ms', '50ms', '50ms', '50ms'], concurrency: 4 })]);
    await app.runner.start();
    const ids = await app.postMany('erp', numbers(200));
    await eventually(() => expect(app.destinations.gate.circuit(app.destinations.spec('erp')).isOpen).toBe(true));
    // Four under way when the fifth failure opened the circuit, and a probe now and then.
    expect(server.received.length).toBeLessThan(20);
    expect(ids.filter((id) => app.row(id).attempt === 0).length).toBeGreaterThan(180);
    isDown = false;
    for (const id of ids) expect(await app.ended(id)).toMatchObject({ state: 'completed' });
  });

  it('does not hold up another host', async () => {
    const down = await receivingServer((_request, response) => {
      response.statusCode = 500;
      response.end();
    });
    const up = await receivingServer();
    const app = openRunner([httpJob('down', down.url), httpJob('up', up.url)]);
    await app.runner.start();
    await app.postMany('down', numbers(50));
    await eventually(() => expect(app.destinations.gate.circuit(app.destinations.spec('down')).isOpen).toBe(true));
    for (const id of await app.postMany('up', numbers(20)))
      expect(await app.ended(id)).toMatchObject({ state: 'completed' });
  });
});
