import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { z } from 'zod';
import { instanceName } from '../../electron/jobs/process/child-environment.ts';
import { findMarked, instanceMarker } from '../../electron/jobs/process/process-tree.ts';
import { isBuilt } from '../../scripts/build-state.mjs';
import { type CallInput, type CallName, contract, type Input, type Output } from '../../shared/contract/index.ts';
import { replySchema } from '../../shared/contract/reply.ts';
import { parseExact } from '../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';
import { compileCache } from '../support/compile-cache.ts';
import { wholePage } from '../support/whole-page.ts';
import { type Answer, type Ask, ask } from './http.ts';
import { type PushReader, readPushes } from './pushes.ts';

const root = join(import.meta.dirname, '../..');

/** The built app when it is made from these sources, else the sources themselves. */
const headlessFile = isBuilt() ? join(root, 'out/main/headless.js') : join(root, 'electron/headless.ts');

const schemas: { [N in CallName]: { input: z.ZodType<Input<N>>; output: z.ZodType<Output<N>> } } = contract;

export interface StartArguments {
  dataDir: string;
  /** YAML; written beside the data directory and handed over with --config. */
  config?: string | undefined;
  args?: readonly string[];
  env?: Record<string, string>;
  /** A program and its arguments to start it with, such as strace. */
  under?: readonly string[];
}

export interface Signalbox {
  pid: number;
  dataDir: string;
  configFile: string;
  receiverUrl: string;
  consoleUrl: string;
  /** The printed address, which signs one browser in. */
  signInUrl: string;
  token: string;
  /** From the start of the process to its second line, ms. */
  readyMs: number;
  /** One delivery; JSON unless `body` is text already. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The ids of the events of a delivery that was accepted; throws when it was not. */
  accept(path: string, body: unknown, headers?: Record<string, string>): Promise<string[]>;
  /** A call's value, held against the contract; throws when it is refused. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Output<N>>;
  /** A call's reply as it crosses the wire. */
  raw(name: string, input: unknown): Promise<{ status: number; reply: z.infer<typeof replySchema>; text: string }>;
  get(path: string, ask?: Ask): Promise<Answer>;
  pushes(): Promise<PushReader>;
  /** Sends a signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<Ended>;
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** From the signal to the end. */
  tookMs: number;
}

/** Asks until it is so; for what nothing tells about. */
export async function until<T>(what: string, look: () => Promise<T | null | undefined | false>, timeoutMs = 120_000) {
  const endBy = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > endBy) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await wait(25);
  }
}

export interface Place {
  dir: string;
  dataDir: string;
  remove(): void;
}

/** A folder for one test: `data` is for the data directory, the rest for config and scripts. */
export function makePlace(): Place {
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-process-'));
  return {
    dir,
    dataDir: join(dir, 'data'),
    remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function startProcess(start: StartArguments): ChildProcess & { pid: number } {
  const configFile = join(start.dataDir, '..', 'signalbox.yaml');
  if (start.config !== undefined) writeFileSync(configFile, start.config);
  const own = [
    ...['--data-dir', start.dataDir, '--receiver', '127.0.0.1:0', '--console', '127.0.0.1:0'],
    ...(start.config === undefined ? [] : ['--config', configFile]),
    ...(start.args ?? []),
  ];
  const [program = process.execPath, ...args] = [...(start.under ?? []), process.execPath, headlessFile, ...own];
  const child = spawn(program, args, {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...compileCache, ...start.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} could not be started`);
  return Object.assign(child, { pid });
}

function follow(child: ChildProcess) {
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text;
    });
  }
  const ended = new Promise<Omit<Ended, 'tookMs'>>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
  return { texts, ended };
}

/** A start from the sources takes a second alone; on a machine with ten times the work it can do it took over a minute. */
const startBudgetMs = 240_000;

/** Starts it with arguments that it should refuse, and waits for its end. */
export async function startInVain(start: StartArguments): Promise<Omit<Ended, 'tookMs'>> {
  const child = startProcess(start);
  const { ended } = follow(child);
  const timer = setTimeout(() => child.kill('SIGKILL'), startBudgetMs);
  const end = await ended;
  clearTimeout(timer);
  return end;
}

/** Starts it, sends a signal once `isTime` says so of what it has printed, and waits for its end. */
export async function endDuringStart(
  start: StartArguments,
  signal: NodeJS.Signals,
  isTime: (texts: { stdout: string; stderr: string }) => boolean,
): Promise<Omit<Ended, 'tookMs'>> {
  const child = startProcess(start);
  const { texts, ended } = follow(child);
  const timer = setTimeout(() => child.kill('SIGKILL'), startBudgetMs);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  await until('the moment for the signal', async () => isOver || isTime(texts));
  child.kill(signal);
  const end = await ended;
  clearTimeout(timer);
  return end;
}

/** Starts the headless app and waits for its two lines; `end` must be called. */
export async function startSignalbox(start: StartArguments): Promise<Signalbox> {
  const startedAt = performance.now();
  const child = startProcess(start);
  const { texts, ended } = follow(child);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  const lines = /^receiver (\S+)\/in\/<source>\nconsole ((\S+)\/\?code=\S+)\n/;
  const printed = await new Promise<RegExpExecArray>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`not ready within ${startBudgetMs} ms: ${texts.stderr}`)),
      startBudgetMs,
    );
    const done = (act: () => void): void => {
      clearTimeout(timer);
      act();
    };
    child.stdout?.on('data', () => {
      const match = lines.exec(texts.stdout);
      if (match !== null) done(() => resolve(match));
    });
    void ended.then(({ code, stderr }) => done(() => reject(new Error(`ended with ${code}: ${stderr}`))));
  }).catch((error: unknown) => {
    if (!isOver && start.under !== undefined) process.kill(onlyChild(child.pid), 'SIGKILL');
    child.kill('SIGKILL');
    throw error;
  });
  const readyMs = performance.now() - startedAt;
  const [, receiverUrl = '', signInUrl = '', consoleUrl = ''] = printed;
  const token = readFileSync(join(start.dataDir, 'console-token'), 'utf8').trim();
  const authorization = `Bearer ${token}`;
  // Under another program, its child is the app.
  const pid = start.under === undefined ? child.pid : onlyChild(child.pid);

  async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const type = { 'content-type': 'application/json' };
    return ask(`${receiverUrl}/in/${path}`, { method: 'POST', body: text, headers: { ...type, ...headers } });
  }

  async function raw(name: string, input: unknown) {
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await ask(`${consoleUrl}/api/${name}`, { method: 'POST', body: stringifyExact(input), headers });
    return { status: answer.status, reply: replySchema.parse(parseExact(answer.text)), text: answer.text };
  }

  return {
    pid,
    dataDir: start.dataDir,
    configFile: join(start.dataDir, '..', 'signalbox.yaml'),
    receiverUrl,
    consoleUrl,
    signInUrl,
    token,
    readyMs,
    post,
    async accept(path, body, headers) {
      const { status, text } = await post(path, body, headers);
      const answer: { accepted?: boolean; events?: string[] } = JSON.parse(text);
      if (status !== 202 || answer.events === undefined) throw new Error(`answered ${status}: ${text}`);
      return answer.events;
    },
    async call(name, input) {
      const value = await wholePage(name, input, async (asked) => {
        const { reply } = await raw(name, asked);
        if (reply.ok) return reply.value;
        const logged = texts.stderr.split('\n').filter((line) => line.startsWith('{"level":50'));
        const why = reply.error.code === 'internal' ? `\n${logged.at(-1) ?? ''}` : '';
        throw new Error(`${name}: ${reply.error.code}: ${reply.error.message}${why}`);
      });
      return schemas[name].output.parse(value);
    },
    raw,
    get: (path, options = {}) =>
      ask(`${consoleUrl}${path}`, { ...options, headers: { authorization, ...options.headers } }),
    pushes: () => readPushes(`${consoleUrl}/api/push`, token),
    async end(signal = 'SIGTERM') {
      const signaledAt = performance.now();
      if (!isOver) process.kill(pid, signal);
      const timer = setTimeout(() => process.kill(pid, 'SIGKILL'), 25_000);
      const end = await ended;
      clearTimeout(timer);
      const tookMs = performance.now() - signaledAt;
      await until('no process of a job is left', async () => markedProcesses(start.dataDir).length === 0);
      return { ...end, tookMs };
    },
  };
}

/** Processes that jobs of this data directory have left running, and its helpers. */
export const markedProcesses = (dataDir: string): number[] =>
  findMarked({ name: instanceMarker, values: [instanceName(dataDir)] }).map(({ pid }) => pid);

function onlyChild(pid: number): number {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return Number(child);
}

/** A run once it has ended, with its attempts and what it caused. */
export function endedRun(box: Signalbox, id: string, timeoutMs?: number): Promise<Output<'runs.get'>> {
  return until(
    `run ${id} ends`,
    async () => {
      const run = await box.call('runs.get', { id });
      return run.finishedAt === null || ['scheduled', 'queued', 'running'].includes(run.state) ? null : run;
    },
    timeoutMs,
  );
}

/** The runs that an event started, all ended. */
export async function endedRunsOf(box: Signalbox, eventId: string, timeoutMs?: number): Promise<Output<'runs.get'>[]> {
  const { items } = await box.call('runs.list', { eventId });
  return Promise.all(items.map(({ id }) => endedRun(box, id, timeoutMs)));
}
