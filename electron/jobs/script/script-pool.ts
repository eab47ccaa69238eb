import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import { type AttemptProcess, type AttemptStart, failedResult } from '../attempt/attempt.ts';
import type { CatalogJob } from '../attempt/job-catalog.ts';
import { judgeOutcome, parseOutcome } from '../attempt/outcome.ts';
import { keepFiles } from '../attempt/run-files.ts';
import { sayExit } from '../attempt/say-exit.ts';
import { cutText, maxErrorLength } from '../channel-limits.ts';
import type { TimeShare } from '../output/time-share.ts';
import type { Guardian } from '../process/guardian-link.ts';
import { type JobsUser, makeFolderFor } from '../process/jobs-user.ts';
import { runMark } from '../process/process-tree.ts';
import type { WorkerDone, WorkerSettled } from './channel/script-protocol.ts';
import { relayMessage } from './relay-message.ts';
import { ScriptWorker } from './script-worker-process.ts';
import { SpareWorkers, type WorkerStart } from './spare-workers.ts';

export interface ScriptPoolDeps {
  workerFile: string;
  /** Folder of the `signalbox` package that scripts import. */
  apiDir: string;
  guardian: Guardian;
  /** Workers run as this user; null: as the app's own. */
  user: JobsUser | null;
  killGraceMs: number;
  /** Idle workers kept, of all jobs together. */
  maxIdle: () => number;
  share: TimeShare;
  log: Logger;
}

export type ScriptStart = AttemptStart & WorkerStart;

interface Waiting {
  start: ScriptStart;
  /** By performance.now(). */
  sinceMs: number;
  /** Null while it waits. */
  process: AttemptProcess | null;
}

/**
 * Workers that start at the same time. 16 at once kept two cores busy for seconds, and senders waited 2 s and more for
 * their answers; the runs meanwhile are done sooner by the workers that are up.
 */
const maxStarting = Math.max(1, availableParallelism() - 1);
/**
 * With as many workers of a job at work as there are processors, a run waits for one of them before it gets another process:
 * short runs are through by then. 16 processes for runs of a millisecond cost two processors more than twice what two processes
 * cost (254 and 95 µs a run), since each starts with cold caches. It waits as long as a process takes to start, which it would
 * have to wait for in any case; within these limits.
 */
const leastPatienceMs = 20;
const mostPatienceMs = 250;
const enoughWorkers = availableParallelism();
const idleEndMs = 60_000;
const maxWorkerRuns = 10_000;
const maxTold = 1000;
const foreignWrites = 'Something wrote to descriptor 3 of the script, its channel to Signalbox. The data was ignored.';
const maxWorkerRssBytes = 512 * 1024 * 1024;

const mayLeaveOf = ({ spec }: CatalogJob): boolean => spec.kind !== 'http' && spec.mayLeave === true;

/** Warm processes for script jobs. A worker belongs to one job and runs one of its runs at a time. */
export class ScriptPool {
  readonly #options: ScriptPoolDeps;
  /** By job; the last one was used last, and is used next. */
  readonly #idle = new Map<string, ScriptWorker[]>();
  readonly #alive = new Set<ScriptWorker>();
  /** Workers of each job whose run has ended and that are being compared with how they were before. */
  readonly #settling = new Map<string, number>();
  /** Parts of Node that runs of a job load late: its next processes load them at the start. */
  readonly #preload = new Map<string, Set<string>>();
  readonly #toldOf = new Set<string>();
  /** Workers of each job that are at work. */
  readonly #busy = new Map<string, number>();
  /** When the last run of each job was given to a worker, by performance.now(). */
  readonly #lastRunMs = new Map<string, number>();
  #patienceMs = leastPatienceMs;
  readonly #spares = new SpareWorkers({
    alive: () => this.#alive,
    mayStart: () => !this.#isStopped && this.#starting === 0 && this.#waiting.length === 0,
    spawn: (start, onReady) =>
      this.#spawn(start, (worker) => {
        this.#putIdle(worker);
        onReady();
      }),
  });
  #idleCount = 0;
  #starting = 0;
  #waiting: Waiting[] = [];
  #patience: NodeJS.Timeout | null = null;
  #sweep: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(options: ScriptPoolDeps) {
    this.#options = options;
  }

  start(start: ScriptStart): AttemptProcess {
    const worker = this.#findWorker(start, 0);
    return worker === null ? this.#wait(start) : this.#run(start, worker);
  }

  /** The first of these jobs keep a process that waits for their next run. */
  keepSpares(starts: readonly WorkerStart[]): void {
    this.#spares.keep(starts);
  }

  /** Null: none is free, and enough of them are starting or will be free soon. */
  #findWorker(start: ScriptStart, waitedMs: number): ScriptWorker | null {
    const idle = start.isolate ? null : this.#takeIdle(start);
    if (idle !== null) return idle;
    if (this.#isStopped || this.#starting >= maxStarting) return null;
    const isPatient = !start.isolate && waitedMs < this.#patienceMs && this.#isSoonFree(start.job.slug);
    return isPatient ? null : this.#spawn(start);
  }

  #isSoonFree(job: string): boolean {
    if (this.#settling.has(job)) return true;
    // Where none was given a run for a while, none has ended one either.
    const isMoving = performance.now() - (this.#lastRunMs.get(job) ?? Number.NEGATIVE_INFINITY) < this.#patienceMs;
    return isMoving && (this.#busy.get(job) ?? 0) >= enoughWorkers;
  }

  #wait(start: ScriptStart): AttemptProcess {
    const waiting: Waiting = { start, sinceMs: performance.now(), process: null };
    this.#waiting.push(waiting);
    this.#patience ??= setTimeout(() => this.#endPatience(), leastPatienceMs);
    return {
      stop: (why, graceMs) => {
        if (waiting.process !== null) return waiting.process.stop(why, graceMs);
        const at = this.#waiting.indexOf(waiting);
        if (at === -1) return;
        this.#waiting.splice(at, 1);
        start.output().say('system', why);
        // Not in the caller's own turn, as with a process that has to end first.
        setImmediate(() => start.onEnd(failedResult('canceled', why)));
      },
    };
  }

  /** Lets runs that wait have the workers that became free, or start new ones. */
  #serveWaiting(): void {
    if (this.#waiting.length === 0) return;
    const nowMs = performance.now();
    this.#waiting = this.#waiting.filter((waiting) => {
      const worker = this.#findWorker(waiting.start, nowMs - waiting.sinceMs);
      if (worker !== null) waiting.process = this.#run(waiting.start, worker);
      return worker === null;
    });
  }

  #endPatience(): void {
    this.#patience = null;
    this.#serveWaiting();
    if (this.#waiting.length > 0) this.#patience = setTimeout(() => this.#endPatience(), leastPatienceMs);
  }

  #run(start: ScriptStart, worker: ScriptWorker): AttemptProcess {
    const { guardian, user, killGraceMs } = this.#options;
    const mayLeave = mayLeaveOf(start.job);
    const mark = runMark(start.run.id, start.attempt, mayLeave);
    const sweep = async (ends: boolean): Promise<void> => {
      const left = await guardian.sweepRun(mark, { end: ends });
      if (left !== null && !isStopping) start.onLeft(left);
    };
    let killTimer: NodeJS.Timeout | null = null;
    let isStopping = false;
    let hasForeign = false;
    changeCount(this.#busy, worker.job, 1);
    this.#lastRunMs.set(worker.job, performance.now());
    // Otherwise the script makes it when it asks for it, which another user may not.
    if (user !== null) makeFolderFor(user, start.filesDir);

    const done = (message: WorkerDone): void => {
      if (killTimer !== null) clearTimeout(killTimer);
      changeCount(this.#busy, worker.job, -1);
      worker.runs += 1;
      const isSpent = worker.runs >= maxWorkerRuns || message.rssBytes > maxWorkerRssBytes;
      // A run that was told to stop may have left something going in its process.
      if (start.isolate || isStopping || isSpent) worker.end();
      else if (message.settled !== null) this.#reuse(worker, message.settled);
      else void this.#settle(worker);
      if (message.files) for (const said of keepFiles(start.filesDir, user)) start.output().say('system', said);
      const finish = (): void => start.onEnd(judgeDone(message, start));
      if (message.spawned) void sweep(!mayLeave || isStopping).then(finish);
      else finish();
    };

    worker.run(
      { id: start.run.id, attempt: start.attempt, mark, filesDir: start.filesDir, event: start.event },
      {
        onMessage: (message) => (message.t === 'done' ? done(message) : relayMessage(message, start, worker)),
        onRawOutput: (stream, chunk) => start.output().write(stream, chunk),
        onForeign() {
          if (hasForeign) return;
          hasForeign = true;
          start.output().note('warning', foreignWrites);
        },
        onGone: (gone) => {
          if (killTimer !== null) clearTimeout(killTimer);
          changeCount(this.#busy, worker.job, -1);
          this.#serveWaiting();
          if (gone.spawnError !== null) return start.onEnd(failedResult('spawn', gone.spawnError));
          const output = start.output();
          output.end();
          for (const line of keepFiles(start.filesDir, user)) output.say('system', line);
          const said = sayExit(gone.code, gone.signal, output.lastErrorLine);
          if (gone.violation !== null) output.note('error', `The script was ended: ${gone.violation}.`);
          const error =
            gone.violation !== null
              ? `the script was ended: ${gone.violation}`
              : `the script's process ended before the script returned (${said.error ?? 'exit code 0'})`;
          void sweep(!mayLeave || isStopping || gone.violation !== null).then(() =>
            start.onEnd({
              state: 'failed',
              reason: gone.violation !== null ? 'limit' : gone.signal === null ? 'exit' : 'signal',
              error,
              exitCode: gone.code,
              signal: gone.signal,
              outcome: null,
            }),
          );
        },
      },
    );

    return {
      stop: (why, graceMs = killGraceMs) => {
        if (isStopping) return;
        isStopping = true;
        start.output().say('system', why);
        worker.abort(why);
        killTimer = setTimeout(() => {
          start.output().say('system', `Still running ${graceMs / 1000} s after its signal was aborted: killed.`);
          worker.kill();
        }, graceMs);
      },
    };
  }

  async #settle(worker: ScriptWorker): Promise<void> {
    changeCount(this.#settling, worker.job, 1);
    const settled = await worker.settled();
    changeCount(this.#settling, worker.job, -1);
    this.#reuse(worker, settled);
  }

  /** Another run may have the process when it is known to be as it was before this one. */
  #reuse(worker: ScriptWorker, settled: WorkerSettled | null): void {
    const { job } = worker;
    for (const name of settled?.loaded ?? []) {
      const known = this.#preload.get(job);
      if (known === undefined) this.#preload.set(job, new Set([name]));
      else known.add(name);
    }
    if (settled !== null && settled.left === null && settled.loaded.length === 0) {
      this.#putIdle(worker);
      return;
    }
    if (settled?.left != null) this.#tellOf(job, settled.left);
    void worker.end();
    this.#serveWaiting();
    this.#spares.start();
  }

  /** Once for each: a job that does so mostly does it in every run. */
  #tellOf(job: string, left: string): void {
    const told = `${job} ${left}`;
    if (this.#toldOf.has(told) || this.#toldOf.size >= maxTold) return;
    this.#toldOf.add(told);
    this.#options.log.info({ job, left }, 'a run left something in its process; the next run gets another process');
  }

  /** Ends every worker; resolves when they are gone. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#patience = null;
    if (this.#sweep !== null) clearInterval(this.#sweep);
    this.#sweep = null;
    this.#idle.clear();
    this.#idleCount = 0;
    await Promise.all([...this.#alive].map((worker) => worker.end()));
  }

  #takeIdle(start: ScriptStart): ScriptWorker | null {
    const idle = this.#idle.get(start.job.slug);
    for (let worker = idle?.pop(); worker !== undefined; worker = idle?.pop()) {
      this.#idleCount -= 1;
      if (worker.isUsable && worker.fingerprint === start.fingerprint) return worker;
      void worker.end();
    }
    return null;
  }

  #putIdle(worker: ScriptWorker): void {
    if (!worker.isUsable || this.#isStopped) return void worker.end();
    worker.idleSinceMs = performance.now();
    const idle = this.#idle.get(worker.job);
    if (idle === undefined) this.#idle.set(worker.job, [worker]);
    else idle.push(worker);
    this.#idleCount += 1;
    if (this.#idleCount > this.#options.maxIdle()) this.#endOldest();
    this.#sweep ??= setInterval(() => this.#endIdle(), idleEndMs / 4).unref();
    this.#serveWaiting();
  }

  #endOldest(): void {
    let oldest: ScriptWorker | null = null;
    for (const [first] of this.#idle.values()) {
      if (first !== undefined && (oldest === null || first.idleSinceMs < oldest.idleSinceMs)) oldest = first;
    }
    if (oldest !== null) this.#removeIdle(oldest);
  }

  #endIdle(): void {
    const before = performance.now() - idleEndMs;
    for (const idle of [...this.#idle.values()]) {
      for (const worker of [...idle]) {
        if (worker.idleSinceMs < before && !(idle.length === 1 && this.#spares.keeps(worker))) this.#removeIdle(worker);
      }
    }
    if (this.#idleCount > 0 || this.#sweep === null) return;
    clearInterval(this.#sweep);
    this.#sweep = null;
  }

  #removeIdle(worker: ScriptWorker): void {
    const idle = this.#idle.get(worker.job) ?? [];
    const at = idle.indexOf(worker);
    if (at === -1) return;
    idle.splice(at, 1);
    if (idle.length === 0) this.#idle.delete(worker.job);
    this.#idleCount -= 1;
    void worker.end();
  }

  /** `onReady`: for one that has no run to begin with. */
  #spawn(start: WorkerStart, onReady?: (worker: ScriptWorker) => void): ScriptWorker {
    const { workerFile, apiDir, guardian, user, share, log } = this.#options;
    guardian.watch();
    const sinceMs = performance.now();
    const worker = new ScriptWorker(
      {
        job: start.job.slug,
        mayLeave: mayLeaveOf(start.job),
        file: start.file,
        cwd: start.cwd,
        env: start.env,
        fingerprint: start.fingerprint,
        preload: [...(this.#preload.get(start.job.slug) ?? [])],
        isSingleUse: start.isolate,
        isSpare: onReady !== undefined,
        approved: start.approved?.contents ?? null,
      },
      { workerFile, apiDir, user, share, log },
    );
    this.#alive.add(worker);
    this.#starting += 1;
    void worker.ready.then(() => {
      this.#starting -= 1;
      this.#patienceMs = Math.min(mostPatienceMs, Math.max(leastPatienceMs, performance.now() - sinceMs));
      if (worker.isUsable) onReady?.(worker);
      this.#serveWaiting();
    });
    void worker.gone.then(() => {
      this.#alive.delete(worker);
      this.#removeIdle(worker);
    });
    return worker;
  }
}

function judgeDone(message: WorkerDone, start: ScriptStart) {
  if (message.error !== null) {
    return failedResult(message.error.kind, cutText(start.masks.apply(message.error.message), maxErrorLength));
  }
  const { outcome, problem } = parseOutcome(message.outcome ?? 'null', start.masks);
  if (problem !== null) return failedResult('outcome', `what the script returned ${problem}`);
  return judgeOutcome({ state: 'completed', reason: 'exit', error: null, exitCode: null, signal: null, outcome });
}

/** Counts by job; a count of 0 has no entry. */
function changeCount(counts: Map<string, number>, job: string, change: 1 | -1): void {
  const count = (counts.get(job) ?? 0) + change;
  if (count === 0) counts.delete(job);
  else counts.set(job, count);
}
