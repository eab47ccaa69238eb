import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { type CallInput, type CallName, contract, type Output } from '../../shared/contract/index.ts';
import { type Child, startChild } from './child.ts';

const headless = join(import.meta.dirname, '../../out/main/headless.js');

/** The built app, headless, as a process of its own. */
export interface App extends Child {
  receiverUrl: string;
  consoleUrl: string;
  /** From the start of the process to its two lines. */
  readyMs: number;
  /** Gives the value of the reply, unchecked; `contract[name].output` reads it. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<unknown>;
  status(): Promise<Output<'app.status'>>;
  /** Resolves when at least so many events are counted and all of them are in the full-text index. */
  settled(events?: number): Promise<void>;
}

export interface AppOptions {
  dataDir: string;
  /** What a config file says; written into a folder beside the data directory. */
  config?: object;
  /** Flags for Node, such as `--cpu-prof`. */
  nodeFlags?: readonly string[];
  /** Beside this process's own. */
  env?: NodeJS.ProcessEnv;
}

/** Benchmarks store more than a desktop keeps; what is measured is not its removal. */
export const keepAll = { retention: { days: 3650, events: 100_000_000, bytes: 2 ** 50, outputDays: 3650 } };

const replySchema = z.object({ ok: z.boolean(), value: z.unknown().optional(), error: z.unknown().optional() });

export async function startApp(options: AppOptions): Promise<App> {
  mkdirSync(options.dataDir, { recursive: true });
  const args = ['--data-dir', options.dataDir, '--receiver', '127.0.0.1:0', '--console', '127.0.0.1:0'];
  if (options.config !== undefined) {
    const folder = `${options.dataDir}-config`;
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'signalbox.yaml');
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(options.config));
    args.push('--config', file);
  }
  const flags = [...(options.nodeFlags ?? []), ...(process.env.BENCH_APP_NODE_FLAGS?.split(' ') ?? [])];
  const startedMs = performance.now();
  const child = await startChild(process.execPath, [...flags, headless, ...args], {
    ready: /^console .*$/m,
    env: { ...process.env, ...options.env },
  });
  const readyMs = performance.now() - startedMs;
  const receiverUrl = /^receiver (http:\S+)\/in\//m.exec(child.printed())?.[1] ?? '';
  const consoleUrl = /^console (http:\S+)\/\?code=/m.exec(child.printed())?.[1] ?? '';
  const token = readFileSync(join(options.dataDir, 'console-token'), 'utf8').trim();

  async function call<N extends CallName>(name: N, input: CallInput<N>): Promise<unknown> {
    const response = await fetch(`${consoleUrl}/api/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    const reply = replySchema.parse(await response.json());
    if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.error)}`);
    return reply.value;
  }

  const status = async (): Promise<Output<'app.status'>> =>
    contract['app.status'].output.parse(await call('app.status', {}));

  return {
    ...child,
    receiverUrl,
    consoleUrl,
    readyMs,
    call,
    status,
    async settled(events = 0) {
      for (;;) {
        const now = await status();
        if (now.events.total >= events && now.index.behind === 0) return;
        await wait(100);
      }
    },
  };
}
