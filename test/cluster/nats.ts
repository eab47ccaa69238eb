import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { until } from '../process/signalbox.ts';

/** The server of Debian's package nats-server lies outside of a user's PATH. */
export const natsServer = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin']
  .map((dir) => join(dir, 'nats-server'))
  .find((path) => existsSync(path));

export const withoutNats = natsServer === undefined ? ' (skipped: nats-server is not installed)' : '';

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  return await Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      server.close();
      await once(server, 'close');
      if (address === null || typeof address === 'string') throw new Error('no port');
      return address.port;
    }),
  );
}

export interface NatsCluster {
  /** nats://… of each. */
  servers: string[];
  kill(index: number): Promise<void>;
  start(index: number): void;
  stop(): Promise<void>;
}

/** So many NATS servers with JetStream on loopback; one of them forms no cluster. */
export async function startNats(count: 1 | 3): Promise<NatsCluster> {
  const program = natsServer;
  if (program === undefined) throw new Error('nats-server is not installed');
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-nats-'));
  const ports = await freePorts(count * 2);
  const clientPorts = ports.slice(0, count);
  const routePorts = ports.slice(count);
  const children: (ChildProcess | null)[] = Array.from({ length: count }, () => null);
  const texts = Array.from({ length: count }, () => '');

  function start(index: number): void {
    const store = join(dir, `n${index}`);
    mkdirSync(store, { recursive: true });
    const routes = routePorts.map((port) => `nats://127.0.0.1:${port}`).join(', ');
    const file = join(dir, `n${index}.conf`);
    writeFileSync(
      file,
      [
        `server_name: n${index}`,
        `listen: 127.0.0.1:${clientPorts[index]}`,
        `jetstream { store_dir: "${store}", max_mem: 256MB, max_file: 1GB }`,
        ...(count === 1 ? [] : [`cluster { name: t, listen: 127.0.0.1:${routePorts[index]}, routes: [${routes}] }`]),
      ].join('\n'),
    );
    const child = spawn(program ?? '', ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      texts[index] += text;
    });
    children[index] = child;
  }

  async function kill(index: number): Promise<void> {
    const child = children[index];
    if (child === null || child === undefined) return;
    children[index] = null;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  for (let index = 0; index < count; index += 1) start(index);
  await until('the NATS servers are ready', async () => texts.every((text) => text.includes('Server is ready')));
  return {
    servers: clientPorts.map((port) => `nats://127.0.0.1:${port}`),
    kill,
    start,
    async stop() {
      await Promise.all(children.map((_child, index) => kill(index)));
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
