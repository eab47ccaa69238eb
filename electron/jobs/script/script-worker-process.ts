import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { maxFrameBytes, maxUnreadReplyBytes, printBytes, readBytesPerTick, shareWindowMs } from '../channel-limits.ts';
import type { Share, TimeShare } from '../output/time-share.ts';
import { nodeCommand } from '../process/child-environment.ts';
import { withoutInherited } from '../process/inherited-descriptors.ts';
import type { JobsUser } from '../process/jobs-user.ts';
import { createLineReader } from '../process/line-reader.ts';
import { signalGroup } from '../process/process-tree.ts';
import { spawnAsUser } from '../process/spawn-as-user.ts';
import type { Hello } from './channel/script-channel.ts';
import {
  type FromWorker,
  fromWorkerSchema,
  printRun,
  type Reply,
  type RunMessage,
  type RunRequest,
  type WorkerSettled,
} from './channel/script-protocol.ts';
import { createSeal, maxSealBytes, newSealKey, type Seal } from './channel/script-seal.ts';

export interface Gone {
  code: number | null;
  signal: NodeJS.Signals | null;
  spawnError: string | null;
  /** What it did that the app ended it for. */
  violation: string | null;
}

export interface RunHandlers {
  onMessage(message: RunMessage): void;
  /** Bytes written past Node's own streams, by native code or by children. False: rest before reading on. */
  onRawOutput(stream: 'stdout' | 'stderr', chunk: Buffer): boolean;
  /** Something else than the worker wrote to its channel; nothing came of that. */
  onForeign(): void;
  /** The process ended in the middle of the run. */
  onGone(gone: Gone): void;
}

export interface WorkerSpec {
  job: string;
  /** What its runs have left in its group outlives it. */
  mayLeave: boolean;
  file: string;
  cwd: string;
  env: Record<string, string>;
  fingerprint: string;
  /** Parts of Node that runs of this job load later on. */
  preload: readonly string[];
  isSingleUse: boolean;
  /** No run waits for it yet. */
  isSpare: boolean;
  /** Absolute path → SHA-256 of what was approved; null: no approval is needed. */
  approved: ReadonlyMap<string, string> | null;
}

export interface WorkerDeps {
  workerFile: string;
  apiDir: string;
  user: JobsUser | null;
  share: TimeShare;
  log: Logger;
}

const quietFlags = ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];
/** An idle worker has nothing to do but leave; one that does not within this time is killed. */
const endMs = 2000;
const drainMs = 1000;
/** From the end of its channel until a process that is still there is ended. */
const closedMs = 1000;
/** A process that has not said by then what its run left is not used again. */
const settleMs = 2000;
/** Time limit of waiting for a process to be ready. */
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
  #violation: string | null = null;
  #isResting = false;
  readonly #share: Share;
  readonly #seal: Seal;
  #settled: WorkerSettled | null = null;
  #onSettled: () => void = () => undefined;
  #setReady: () => void = () => undefined;

  constructor(spec: WorkerSpec, { workerFile, apiDir, user, share, log }: WorkerDeps) {
    this.job = spec.job;
    this.fingerprint = spec.fingerprint;
    this.#log = log;
    this.#share = share.open();
    this.#child = withoutInherited(['ignore', 'pipe', 'pipe', 'pipe'], (stdio, coveredTo) => {
      const { command, args, env } = nodeCommand(workerFile, [spec.file, apiDir, String(coveredTo)], quietFlags);
      const options = {
        cwd: spec.cwd,
        env: { ...env, ...spec.env },
        detached: process.platform !== 'win32',
        stdio,
        windowsHide: true,
      };
      return user === null ? spawn(command, args, options) : spawnAsUser(user, command, args, options);
    });
    const channel = this.#child.stdio[3];
    this.#channel = channel instanceof Duplex ? channel : null;
    const key = newSealKey();
    this.#seal = createSeal(key, 'app');
    const approved = spec.approved === null ? null : Object.fromEntries(spec.approved);
    const { isSingleUse, isSpare } = spec;
    const hello: Hello = { key, preload: [...spec.preload], isSingleUse, isSpare, approved };
    this.#channel?.write(`${JSON.stringify(hello)}\n`);
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
    return (
      !this.#isEnding &&
      !this.#isGone &&
      this.#violation === null &&
      this.#child.exitCode === null &&
      this.#child.signalCode === null
    );
  }

  run(request: RunRequest, handlers: RunHandlers): void {
    this.#handlers = handlers;
    this.#settled = null;
    this.#send(printRun(request));
  }

  abort(reason: string): void {
    this.#send(JSON.stringify({ t: 'abort', reason }));
  }

  reply(reply: Reply): void {
    if (!this.isUsable) return;
    this.#send(stringifyExact({ t: 'reply', ...reply }));
    this.#restIfNeeded();
  }

  /** After a run: what it left in the process. Null: that could not be known, for the process is gone or does not answer. */
  async settled(): Promise<WorkerSettled | null> {
    if (this.#settled === null && !this.#isGone) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, settleMs);
        this.#onSettled = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#settled;
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

  #send(text: string): void {
    this.#channel?.write(this.#seal.close(text));
  }

  #watch(spec: WorkerSpec): Promise<void> {
    const child = this.#child;
    const read = createLineReader((line) => this.#take(line), {
      maxBytes: maxFrameBytes + maxSealBytes,
      onTooLong: () =>
        this.#violate(
          `it wrote a message of more than ${printBytes(maxFrameBytes)} to descriptor 3, the channel to Signalbox`,
        ),
    });
    this.#channel?.on('data', (chunk: Buffer) => {
      if (this.#violation !== null) return;
      read(chunk);
      this.#restIfNeeded();
    });
    // A process that ends closes it too; one that goes on can say nothing any more.
    this.#channel?.once('end', () => {
      if (this.#isEnding) return;
      const timer = setTimeout(() => this.#violate('it closed descriptor 3, the channel to Signalbox'), closedMs);
      void this.gone.then(() => clearTimeout(timer));
    });
    this.#channel?.on('error', (error) => this.#log.debug({ err: error, job: this.job }, 'a script worker hung up'));
    for (const stream of ['stdout', 'stderr'] as const) this.#readOutput(stream);
    const { pid } = child;
    return new Promise((resolve) => {
      const leave = (gone: Gone): void => {
        if (this.#isGone) return;
        this.#isGone = true;
        this.#setReady();
        this.#onSettled();
        const handlers = this.#handlers;
        this.#handlers = null;
        resolve();
        handlers?.onGone(gone);
      };
      child.on('error', (error) =>
        leave({ code: null, signal: null, spawnError: explain(error, spec), violation: null }),
      );
      child.on('exit', (code, signal) => {
        if (pid !== undefined && !spec.mayLeave) signalGroup(pid, 'SIGKILL');
        const left = (): void => leave({ code, signal, spawnError: null, violation: this.#violation });
        // Its last messages may still be in the pipe, which holds little: they are read without a rest.
        this.#isResting = false;
        this.#channel?.resume();
        const drained = setTimeout(() => {
          // A process that has left the group may hold them open for as long as it lives.
          child.stdout?.destroy();
          child.stderr?.destroy();
          this.#channel?.destroy();
          left();
        }, drainMs);
        child.once('close', () => {
          clearTimeout(drained);
          left();
        });
      });
    });
  }

  /** What is written past Node's own streams. It rests like any other output, also while no run is there to take it. */
  #readOutput(stream: 'stdout' | 'stderr'): void {
    const pipe = this.#child[stream];
    let bytes = 0;
    let timer: NodeJS.Timeout | null = null;
    pipe?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      const goesOn = this.#handlers?.onRawOutput(stream, chunk) ?? true;
      timer ??= setTimeout(() => {
        timer = null;
        bytes = 0;
        pipe.resume();
      }, shareWindowMs);
      if (!goesOn || bytes > readBytesPerTick) pipe.pause();
    });
    pipe?.on('close', () => {
      if (timer !== null) clearTimeout(timer);
    });
  }

  /** A script that floods its channel, or does not read what it asked for, waits: its writes block meanwhile. */
  #restIfNeeded(): void {
    const channel = this.#channel;
    if (channel === null || this.#isResting || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const isUnread = channel.writableLength > maxUnreadReplyBytes;
    if (!isUnread && this.#share.leftMs() > 0) return;
    this.#isResting = true;
    channel.pause();
    const goOn = (): void => {
      this.#isResting = false;
      channel.resume();
      this.#restIfNeeded();
    };
    if (isUnread) channel.once('drain', goOn);
    else setTimeout(goOn, shareWindowMs);
  }

  #violate(what: string): void {
    if (this.#violation !== null) return;
    this.#violation = what;
    this.#log.warn({ job: this.job, what }, 'a script worker was killed');
    this.#channel?.destroy();
    this.kill();
  }

  #take(line: string): void {
    if (this.#violation !== null) return;
    const fromMs = performance.now();
    // Each line is sealed with an empty one before it, in case something else was written without a line end.
    const opened = line === '' ? null : this.#seal.open(line);
    if (opened?.kind !== 'text') {
      if (opened?.kind === 'foreign') this.#handlers?.onForeign();
      else if (opened?.kind === 'gap') this.#violate('something else wrote over its messages on descriptor 3');
      this.#share.spend(performance.now() - fromMs);
      return;
    }
    let message: FromWorker;
    try {
      message = fromWorkerSchema.parse(parseExact(opened.text));
    } catch {
      this.#violate('it wrote something other than a message to descriptor 3, the channel to Signalbox');
      return;
    }
    this.#give(message);
    // Each run has one end, which the app has asked for by starting it.
    if (message.t !== 'done') this.#share.spend(performance.now() - fromMs);
  }

  #give(message: FromWorker): void {
    if (message.t === 'ready') {
      this.#setReady();
      return;
    }
    if (message.t === 'settled') {
      this.#settled = message;
      this.#onSettled();
      return;
    }
    const handlers = this.#handlers;
    // Something the script started for itself and that went on after its end has no run to belong to.
    if (handlers === null) return;
    if (message.t === 'done') {
      this.#handlers = null;
      this.#settled = message.settled;
    }
    handlers.onMessage(message);
  }
}

function explain(error: Error, { job, cwd }: WorkerSpec): string {
  if (!existsSync(cwd)) return `The folder ${cwd} does not exist; create it or change "cwd" of the job ${job}.`;
  return `The process for the script could not be started: ${error.message}`;
}
