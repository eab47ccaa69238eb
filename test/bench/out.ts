import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { type App, keepAll, startApp } from './app.ts';
import type { Part, Row } from './bench-types.ts';
import { percentile } from './numbers.ts';
import { sendSteadily } from './steady-sender.ts';

const perSecond = 200;
/** Events that one request brings, to fill a queue. */
const perRequest = 100;

/** A receiver that answers at once and keeps when each request came. */
async function fastReceiver() {
  /** From when an event was sent to the receiver, by its payload. */
  const addedMs: number[] = [];
  let count = 0;
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      count += 1;
      const sentMs: unknown = JSON.parse(text).sentMs;
      if (typeof sentMs === 'number') addedMs.push(performance.now() - sentMs);
      response.statusCode = 204;
      response.end();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    count: () => count,
    takeAddedMs: () => addedMs.splice(0),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A port that nothing listens on. */
async function closedPort(): Promise<number> {
  const server = createSocketServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export const outPart: Part = {
  name: 'out',
  letters: 'o',
  about: 'events that http jobs send on: a backlog, the latency added, and beside a dead destination',
  async run({ workDir, isQuick, say }) {
    const receiver = await fastReceiver();
    const destination = { kind: 'http', body: 'payload', allowPrivate: true };
    const app = await startApp({
      dataDir: join(workDir, 'out'),
      config: {
        version: 1,
        settings: keepAll,
        sources: [
          { slug: 'one', preset: 'generic', rateLimit: 'off', event: { type: '$.to' } },
          { slug: 'many', preset: 'generic', rateLimit: 'off', event: { each: '$[*]', type: '$.to' } },
        ],
        jobs: [
          { ...destination, slug: 'fast', url: receiver.url, concurrency: 64 },
          { ...destination, slug: 'dead', url: `http://127.0.0.1:${await closedPort()}/` },
        ],
        listeners: [
          { slug: 'to-fast', type: 'fast', job: 'fast' },
          { slug: 'to-dead', type: 'dead', job: 'dead' },
        ],
      },
    });
    try {
      const backlog = isQuick ? 3000 : 10_000;
      await app.call('destinations.pause', { job: 'fast' });
      await fill(app, 'fast', backlog);
      const rate = await drain(app, receiver, backlog);
      say(`${backlog} events in ${(backlog / rate).toFixed(1)} s`);
      const alone = await latencies(app, receiver, isQuick ? 5 : 20);
      say(`alone: ${alone.addedMs.length} events`);
      await fill(app, 'dead', backlog);
      const beside = await latencies(app, receiver, isQuick ? 5 : 20);
      say(`beside ${backlog} events of a dead destination: ${beside.addedMs.length} events`);
      return [
        {
          part: 'o',
          what: 'deliveries to a fast local receiver, each end stored',
          value: rate,
          unit: '/s',
          aim: '>= 2,000/s',
          met: rate >= 2000,
          note: `a backlog of ${backlog}, 64 at a time`,
        },
        toRow(`from the sender to the receiver at ${perSecond}/s`, alone),
        toRow(`the same beside a backlog of ${backlog} for a dead destination`, beside),
      ];
    } finally {
      await app.stop();
      receiver.close();
    }
  },
};

async function fill(app: App, to: string, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += perRequest) {
    const events = Array.from({ length: perRequest }, (_, n) => ({ to, n: sent + n }));
    const response = await fetch(`${app.receiverUrl}/in/many`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(events),
    });
    if (response.status !== 202) throw new Error(`answered ${response.status}: ${await response.text()}`);
    await response.arrayBuffer();
  }
}

/** Requests a second, until the end of the last one is stored. */
async function drain(app: App, receiver: Awaited<ReturnType<typeof fastReceiver>>, count: number): Promise<number> {
  const until = receiver.count() + count;
  const startedMs = performance.now();
  await app.call('destinations.resume', { job: 'fast' });
  while (receiver.count() < until) await wait(5);
  for (;;) {
    const { runs } = await app.status();
    if (runs.waiting === 0 && runs.running === 0) break;
    await wait(5);
  }
  return count / ((performance.now() - startedMs) / 1000);
}

async function latencies(
  app: App,
  receiver: Awaited<ReturnType<typeof fastReceiver>>,
  seconds: number,
): Promise<Latencies> {
  receiver.takeAddedMs();
  const before = receiver.count();
  // Sender and receiver are in this process: how late it is itself belongs to what it measures.
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  const sender = sendSteadily(`${app.receiverUrl}/in/one`, perSecond, (n) =>
    JSON.stringify({ to: 'fast', n, sentMs: performance.now() }),
  );
  await wait(seconds * 1000);
  await sender.stop();
  while (receiver.count() < before + sender.sent() - sender.failed()) await wait(10);
  loop.disable();
  // The first second is warm-up.
  return { addedMs: receiver.takeAddedMs().slice(perSecond), benchLateMs: loop.percentile(99) / 1e6 };
}

interface Latencies {
  addedMs: readonly number[];
  /** How late the event loop of the benchmark came, the 99th percentile. */
  benchLateMs: number;
}

function toRow(what: string, { addedMs: values, benchLateMs }: Latencies): Row {
  const p99 = percentile(values, 0.99);
  return {
    part: 'o',
    what,
    value: p99,
    unit: 'ms p99',
    aim: '< 20 ms',
    met: p99 < 20,
    note:
      `p50 ${percentile(values, 0.5).toFixed(2)}, max ${Math.max(...values).toFixed(1)} ms, ${values.length} events; ` +
      `the bench itself late by p99 ${benchLateMs.toFixed(1)} ms`,
  };
}
