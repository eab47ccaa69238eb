import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { parseExact } from '../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';
import { nodeCommand } from './child-environment.ts';
import { signalGroup } from './process-tree.ts';
import {
  createLineReader,
  type FromWorker,
  fromWorkerSchema,
  printRun,
  type Reply,
  type RunMessage,
  type RunRequest,
} from './script-protocol.ts';

export interface Gone {
  code: number | null;
  signal: NodeJS.Signals | null;
  spawnError: string | null;
}

export interface RunHandlers {
  onMessage(message: RunMessage): void;
  /** Bytes written past Node's own streams, by native code or by children. False: rest before reading on. */
  onRawOutput(stream: 'stdout' | 'stderr', chunk: Buffer): boolean;
  /** The process ended in the middle of the run. */
  onGone(gone: Gone): void;
}

export interface WorkerSpec {
  job: string;
  file: string;
  cwd: string;
  env: Record<string, string>;
  fingerprint: string;
}

export interface WorkerSurroundings {
  workerFile: string;
  apiDir: string;
  log: Logger;
}

const quietFlags = ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];
/** An idle worker has nothing to do but leave; one that does not within this time is killed. */
const endMs = 2000;
const drainMs = 1000;
const restMs = 100;
/** A process that is still not up by then is no longer waited for. */
const readyMs = 2000;

/**
 * The app's side of one script worker. Own documents on a pipe instead of Node's `fork` channel: the worker can write
 * them at once and in order even if the script blocks its event loop.
 */
export class ScriptWorker {
  readonly job: string;
  readonly fingerprint: string;
  /** Resolves when the process is up, or is taking too long to be waited for, or is gone. */
  readonly ready: Promise<void>;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  runs = 0;
  idleSinceMs = 0;
  readonly #child: ChildProcess;
  readonly #channel: Duplex | null;
  readonly #log: Logger;
  #handlers: RunHandlers | null = null;
  #isEnding = false;
  #isGone = false;
  #setReady: () => void = () => undefined;

  constructor(spec: WorkerSpec, { workerFile, apiDir, log }: WorkerSurroundings) {
    this.job = spec.job;
    this.fingerprint = spec.fingerprint;
    this.#log = log;
    const { command, args, env } = nodeCommand(workerFile, [spec.file, apiDir], quietFlags);
    this.#child = spawn(command, args, {
      cwd: spec.cwd,
      env: { ...env, ...spec.env },
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const channel = this.#child.stdio[3];
    this.#channel = channel instanceof Duplex ? channel : null;
    this.ready = new Promise((resolve) => {
      const timer = setTimeout(resolve, readyMs);
      this.#setReady = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.gone = this.#watch(spec);
  }

  get isUsable(): boolean {
    return !this.#isEnding && !this.#isGone && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  run(request: RunRequest, handlers: RunHandlers): void {
    this.#handlers = handlers;
    this.#channel?.write(printRun(request));
  }

  abort(reason: string): void {
    this.#channel?.write(`${JSON.stringify({ t: 'abort', reason })}\n`);
  }

  reply(reply: Reply): void {
    if (this.isUsable) this.#channel?.write(`${stringifyExact({ t: 'reply', ...reply })}\n`);
  }

  kill(): void {
    if (this.#child.pid !== undefined && !this.#isGone) signalGroup(this.#child.pid, 'SIGKILL');
  }

  /** Closes its channel, upon which it exits; resolves when it is gone. */
  async end(): Promise<void> {
    if (!this.#isEnding) {
      this.#isEnding = true;
      this.#channel?.end();
      const timer = setTimeout(() => this.kill(), endMs);
      void this.gone.then(() => clearTimeout(timer));
    }
    await this.gone;
  }

  #watch(spec: WorkerSpec): Promise<void> {
    const child = this.#child;
    this.#channel?.on(
      'data',
      createLineReader((line) => this.#take(line)),
    );
    this.#channel?.on('error', (error) => this.#log.debug({ err: error, job: this.job }, 'a script worker hung up'));
    for (const stream of ['stdout', 'stderr'] as const) {
      const pipe = child[stream];
      pipe?.on('data', (chunk: Buffer) => {
        if (this.#handlers === null || this.#handlers.onRawOutput(stream, chunk)) return;
        pipe.pause();
        setTimeout(() => pipe.resume(), restMs);
      });
    }
    const { pid } = child;
    return new Promise((resolve) => {
      const leave = (gone: Gone): void => {
        if (this.#isGone) return;
        this.#isGone = true;
        this.#setReady();
        const handlers = this.#handlers;
        this.#handlers = null;
        resolve();
        handlers?.onGone(gone);
      };
      child.on('error', (error) => leave({ code: null, signal: null, spawnError: explain(error, spec) }));
      child.on('exit', (code, signal) => {
        if (pid !== undefined) signalGroup(pid, 'SIGKILL');
        // Its last messages may still be in the pipe.
        const drained = setTimeout(() => leave({ code, signal, spawnError: null }), drainMs);
        child.once('close', () => {
          clearTimeout(drained);
          leave({ code, signal, spawnError: null });
        });
      });
    });
  }

  #take(line: string): void {
    let message: FromWorker;
    try {
      message = fromWorkerSchema.parse(parseExact(line));
    } catch (error) {
      this.#log.warn({ err: error, job: this.job }, 'a script worker sent what is no message: killed');
      this.kill();
      return;
    }
    if (message.t === 'ready') {
      this.#setReady();
      return;
    }
    const handlers = this.#handlers;
    // Something the script started for itself and that went on after its end has no run to belong to.
    if (handlers === null) return;
    if (message.t === 'done') this.#handlers = null;
    handlers.onMessage(message);
  }
}

function explain(error: Error, { job, cwd }: WorkerSpec): string {
  if (!existsSync(cwd)) return `The folder ${cwd} does not exist; create it or change "cwd" of the job ${job}.`;
  return `The process for the script could not be started: ${error.message}`;
}
