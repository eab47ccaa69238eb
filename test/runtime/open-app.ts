import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Runtime, RuntimeOptions } from '../../electron/runtime/runtime-types.ts';
import { startRuntime } from '../../electron/runtime/start.ts';
import { appCaller } from '../../shared/contract/access/caller.ts';
import { type CallInput, type CallName, contract, type Input, type Output } from '../../shared/contract/index.ts';
import { wholePage } from '../support/whole-page.ts';

const electron = (file: string): string => resolve(import.meta.dirname, '../../electron', file);
const inputs: { [N in CallName]: { input: { parse(value: unknown): Input<N> } } } = contract;

export interface OpenApp {
  dataDir: string;
  runtime: Runtime;
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Output<N>>;
  post(slug: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  script(name: string, text: string): string;
  /** Stops it; the same folder can be opened again. */
  stop(): Promise<void>;
}

/** The whole app without its window, in this process, with a receiver on a free port. */
export async function openApp(dataDir: string = newDataDir(), options: Partial<RuntimeOptions> = {}): Promise<OpenApp> {
  const runtime = await startRuntime({
    mode: 'headless',
    dataDir,
    configFile: null,
    receiver: { host: '127.0.0.1', port: 0 },
    console: null,
    logLevel: 'silent',
    demo: false,
    restoreFile: null,
    rendererDir: dataDir,
    workerFiles: {
      readWorker: electron('store/read/read-worker.ts'),
      indexWorker: electron('store/search/index-worker.ts'),
      upkeepWorker: electron('store/upkeep/upkeep-worker.ts'),
      scriptWorker: resolve(import.meta.dirname, '../support/script-worker.mjs'),
      guardian: electron('jobs/guardian.ts'),
      configWorker: electron('runtime/config/config-worker.ts'),
    },
    ...options,
  });
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await runtime.stop('the test is over');
  };
  onTestFinished(stop);
  return {
    dataDir,
    runtime,
    call: (name, input) =>
      wholePage(name, input, async (asked) => runtime.handlers[name](inputs[name].input.parse(asked), appCaller)),
    post: (slug, body, headers = {}) =>
      fetch(`${runtime.receiverUrl}/in/${slug}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    script(name, text) {
      const folder = join(dataDir, 'jobs');
      mkdirSync(folder, { recursive: true });
      const file = join(folder, name);
      writeFileSync(file, text);
      return file;
    },
    stop,
  };
}

export function newDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-app-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
