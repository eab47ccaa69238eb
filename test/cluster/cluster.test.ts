import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Signalbox, until } from '../process/signalbox.ts';
import { type NatsCluster, natsServer, startNats, withoutNats } from './nats.ts';
import { makeNodes, type Nodes } from './nodes.ts';

const config = `
sources:
  - { slug: orders, name: Orders, preset: generic, event: { id: "$.id" }, verify: { scheme: none } }
jobs:
  - { slug: ship, name: Ship, kind: command, command: [node, -e, "console.log('shipped')"], concurrency: 2 }
  - { slug: wait, name: Wait, kind: command, command: [node, -e, "setInterval(() => {}, 1000)"], onInterrupted: retry }
listeners:
  - { slug: ship-orders, name: Ship orders, source: orders, type: order.new, job: ship }
  - { slug: wait-orders, name: Wait, source: orders, type: order.wait, job: wait }
`;

describe.skipIf(natsServer === undefined)(`a cluster of two nodes on one NATS server${withoutNats}`, () => {
  let nats: NatsCluster;
  let nodes: Nodes;
  let a: Signalbox;
  let b: Signalbox;

  beforeAll(async () => {
    nats = await startNats(1);
    nodes = makeNodes(nats, config);
    a = await nodes.start('a');
    b = await nodes.start('b');
  });
  afterAll(async () => {
    await Promise.all([a?.end(), b?.end()]);
    nodes?.remove();
    await nats?.stop();
  });

  it('gives its definitions to the others, and shows every event and run on each node', async () => {
    const { items } = await b.call('sources.list', {});
    expect(items.map(({ slug }) => slug)).toContain('orders');
    const [id = ''] = await b.accept('orders', { type: 'order.new', id: 'one' });
    for (const node of [a, b]) {
      const run = await until('the run has ended', async () => {
        const found = await node.call('runs.list', { query: 'job:ship' });
        return found.items.find(({ state }) => state === 'completed');
      });
      expect(run.eventId).toBe(id);
      expect((await node.call('runs.list', { query: 'job:ship' })).items).toHaveLength(1);
    }
  });

  it('makes one event of what is sent to two receivers at once', async () => {
    const body = { type: 'order.new', id: 'twice' };
    const headers = { 'x-delivery-id': 'twice' };
    const answers = await Promise.all([a.post('orders', body, headers), b.post('orders', body, headers)]);
    const ids = answers.map(({ text }) => JSON.parse(text));
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(ids.map(({ events }) => events[0])).toEqual([ids[0].events[0], ids[0].events[0]]);
    expect(ids.map(({ duplicate }) => duplicate).sort()).toEqual([false, true]);
  });

  it('keeps one of two changes of the same version, and tells the other', async () => {
    const spec = { slug: 'made-here', name: 'Made here', preset: 'generic', verify: { scheme: 'none' } };
    const made = await a.call('sources.create', spec);
    await until('the other node has it', async () =>
      (await b.call('sources.list', {})).items.some(({ slug }) => slug === 'made-here'),
    );
    const { version } = made;
    const replies = await Promise.all(
      [a, b].map((node, at) => node.raw('sources.update', { ...spec, name: `Name ${at}`, version })),
    );
    const codes = replies.map(({ reply }) => (reply.ok ? 'done' : reply.error.code));
    expect(codes.sort()).toEqual(['done', 'stale_version']);
    const names = await Promise.all(
      [a, b].map(async (node) => (await node.call('sources.get', { slug: 'made-here' })).name),
    );
    expect(names[0]).toBe(names[1]);
  });

  it('cancels on the node that runs it what is canceled on any', async () => {
    await a.accept('orders', { type: 'order.wait', id: 'cancel' });
    for (const other of [a, b]) {
      const run = await until('it runs', async () => {
        const { items } = await other.call('runs.list', { query: 'job:wait state:running' });
        return items[0];
      });
      await other.call('runs.cancel', { id: run.id });
      const ended = await until('it is canceled', async () => {
        const found = await other.call('runs.get', { id: run.id });
        return found.state === 'canceled' && found;
      });
      expect(ended.state).toBe('canceled');
      if (other === a) await b.accept('orders', { type: 'order.wait', id: 'cancel again' });
    }
  });

  it('refuses what a cluster cannot do yet with a sentence', async () => {
    const { reply } = await a.raw('secrets.set', { name: 'token', value: 'x' });
    expect(reply).toMatchObject({ ok: false, error: { code: 'unavailable' } });
  });

  it('says what a confirmation stands on, and who takes part', async () => {
    const { alerts, cluster } = await a.call('app.status', {});
    expect(alerts.map(({ code }) => code)).toContain('cluster_durability');
    expect(cluster?.problem).toBeNull();
    const nodes = await until('both are seen', async () => {
      const { cluster: seen } = await b.call('app.status', {});
      return seen?.nodes.length === 2 && seen.nodes;
    });
    expect(nodes.filter(({ isThisNode }) => isThisNode)).toHaveLength(1);
  });

  it('gives the runs of a node that was killed to another, once', async () => {
    // Signs of life trail: those from before this would name the node that ran the one before.
    const fromMs = Date.now();
    await until('nothing runs', async () => {
      const { cluster } = await a.call('app.status', {});
      return cluster?.nodes.every(({ running, lastSeenAt }) => running === 0 && Date.parse(lastSeenAt) > fromMs);
    });
    await a.accept('orders', { type: 'order.wait', id: 'left' });
    const place = await until('it runs', async () => {
      const { items } = await a.call('runs.list', { query: 'job:wait state:running' });
      const { cluster } = await a.call('app.status', {});
      const busy = cluster?.nodes.find(({ running }) => running > 0);
      return items[0] !== undefined && busy !== undefined && { id: items[0].id, isOnA: busy.isThisNode };
    });
    await (place.isOnA ? a : b).end('SIGKILL');
    const left = place.isOnA ? b : a;
    await until('it runs on the other', async () => {
      const run = await left.call('runs.get', { id: place.id });
      return run.attempt === 2 && run.state === 'running';
    });
    await left.call('runs.cancel', { id: place.id });
    await until('it is over', async () => (await left.call('runs.get', { id: place.id })).state === 'canceled');
    const again = await nodes.start(place.isOnA ? 'a' : 'b');
    if (place.isOnA) a = again;
    else b = again;
    await until(
      'the node has caught up',
      async () => (await again.call('runs.get', { id: place.id })).state === 'canceled',
    );
  });

  it('answers 503 while the log cannot be written, and is not ready', async () => {
    await nats.kill(0);
    const refused = await until('it is refused', async () => {
      const answer = await a.post('orders', { type: 'order.new', id: 'refused' });
      return answer.status === 503 && answer;
    });
    expect(refused.headers['retry-after']).toBeDefined();
    expect((await a.get('/readyz')).status).toBe(503);
    nats.start(0);
    await until(
      'it is accepted again',
      async () => (await a.post('orders', { type: 'order.new', id: 'again' })).status === 202,
    );
    await until('it is ready', async () => (await a.get('/readyz')).status === 200);
  });
});
