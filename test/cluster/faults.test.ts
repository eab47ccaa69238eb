import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Signalbox, until } from '../process/signalbox.ts';
import { type NatsCluster, natsServer, startNats, withoutNats } from './nats.ts';
import { makeNodes, type Nodes } from './nodes.ts';

/** `npm run test:cluster` makes fifty. */
const rounds = Number(process.env.SIGNALBOX_CLUSTER_ROUNDS ?? 2);
const budgetMs = 600_000 + rounds * 300_000;
/** Three nodes and three NATS servers may have two busy processors. */
const waitMs = 300_000;

const config = `
sources:
  - { slug: load, name: Load, preset: generic, event: { id: "$.id" }, verify: { scheme: none }, rateLimit: off }
jobs:
  - slug: work
    name: Work
    kind: script
    file: work.mjs
    concurrency: 3
    onInterrupted: retry
    attempts: 1
listeners:
  - { slug: work-load, name: Work, source: load, type: load.item, job: work }
`;

/** A sender that repeats what was not confirmed, to another receiver each time, as senders do. */
function send(nodes: () => (Signalbox | null)[], name: string) {
  const confirmed: string[] = [];
  let isStopped = false;
  let count = 0;
  let turn = 0;
  async function lane(lane: number): Promise<void> {
    while (!isStopped) {
      count += 1;
      const id = `${name}-${lane}-${count}`;
      for (;;) {
        turn += 1;
        const up = nodes().filter((node) => node !== null);
        const node = up[turn % Math.max(1, up.length)];
        const status = await node?.post('load', { type: 'load.item', id }).then(
          (answer) => answer.status,
          () => 0,
        );
        if (status === 202) break;
        if (isStopped) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      confirmed.push(id);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  const lanes = Promise.all([0, 1].map(lane));
  return {
    confirmed,
    async stop() {
      isStopped = true;
      await lanes;
    },
  };
}

describe.skipIf(natsServer === undefined)(`three nodes on three NATS servers, under load${withoutNats}`, () => {
  const names = ['a', 'b', 'c'] as const;
  const up = new Map<string, Signalbox | null>();
  let nats: NatsCluster;
  let nodes: Nodes;

  beforeAll(async () => {
    nats = await startNats(3);
    nodes = makeNodes(nats, config, { 'work.mjs': 'export default (event) => ({ id: event.payload.id });\n' });
    for (const name of names) up.set(name, await nodes.start(name));
  }, budgetMs);
  afterAll(async () => {
    await Promise.all([...up.values()].map((node) => node?.end()));
    nodes?.remove();
    await nats?.stop();
  }, budgetMs);

  /** Of the store itself: each event and run, however many there are. */
  const all = (node: Signalbox) => {
    const db = new DatabaseSync(join(node.dataDir, 'signalbox.db'), { readOnly: true });
    try {
      const rows = (sql: string) =>
        db
          .prepare(sql)
          .all()
          .map((row) => Object.values(row).map(String));
      const events = new Map<string, string[]>();
      const stored = rows(
        "SELECT e.external_id, e.id FROM events e JOIN event_types t ON t.id = e.type_id WHERE t.type = 'load.item'",
      );
      for (const [key = '', id = ''] of stored) events.set(key, [...(events.get(key) ?? []), id]);
      const runs = rows(
        "SELECT r.id, r.state, r.attempt, e.id AS event_id, r.reason || ': ' || r.error AS why FROM runs r JOIN events e ON e.seq = r.event_seq",
      );
      return {
        events,
        runs: runs.map(([id = '', state = '', attempt = '', eventId = '', why = '']) => ({
          id,
          state,
          attempt,
          eventId,
          why,
        })),
      };
    } finally {
      db.close();
    }
  };

  it(
    'has every confirmed delivery once and ends every run once on each node, whatever is killed',
    async () => {
      const sender = send(() => [...up.values()], 'load');
      let at = 0;
      for (let round = 0; round < rounds; round += 1) {
        at = sender.confirmed.length;
        await until('deliveries are confirmed', async () => sender.confirmed.length > at + 5, waitMs);
        if (round % 3 === 1) {
          const server = Math.floor(round / 3) % 3;
          await nats.kill(server);
          at = sender.confirmed.length;
          await until('two servers of three are enough', async () => sender.confirmed.length > at + 5, waitMs);
          nats.start(server);
          continue;
        }
        const name = names[(round - Math.floor((round + 1) / 3)) % 3] ?? 'a';
        const node = up.get(name);
        up.set(name, null);
        await node?.end('SIGKILL');
        at = sender.confirmed.length;
        await until('two nodes of three are enough', async () => sender.confirmed.length > at + 5, waitMs);
        up.set(name, await nodes.start(name));
      }
      await sender.stop();
      for (const name of names) {
        const node = up.get(name);
        if (node === null || node === undefined) throw new Error(`${name} does not run`);
        const { events, runs } = await until(
          `each run has ended on ${name}`,
          async () => {
            const found = all(node);
            const isComplete = found.events.size >= sender.confirmed.length && found.runs.length >= found.events.size;
            return isComplete && found.runs.every(({ state }) => state === 'completed' || state === 'failed') && found;
          },
          waitMs,
        );
        expect(sender.confirmed.filter((id) => events.get(id)?.length !== 1)).toEqual([]);
        expect([...events.values()].filter((ids) => ids.length !== 1)).toEqual([]);
        expect(new Set(runs.map(({ eventId }) => eventId)).size).toBe(runs.length);
        // Each with the reason of its failure.
        expect(runs.filter(({ state }) => state !== 'completed')).toEqual([]);
      }
      const [first, ...others] = [...up.values()].map((node) => {
        const { runs } = node === null ? { runs: [] } : all(node);
        return runs.map(({ id, state, attempt, eventId }) => `${id} ${state} ${attempt} ${eventId}`).sort();
      });
      for (const other of others) expect(other).toEqual(first);
    },
    budgetMs,
  );
});
