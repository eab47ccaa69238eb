import type { Logger } from 'pino';
import type { ActiveRun } from './active-run.ts';
import { type OutputFlush, takeOutputFlush } from './output-flush.ts';
import type { RunWrites } from './run-writes.ts';
import type { JobRunnerDeps } from './runner-deps.ts';

const tickMs = 100;
/** The store gets output every other tick. */
const flushTicks = 2;
const progressStoreMs = 1000;

/**
 * Ten times a second, while any run says anything: tells those who watch, and now and then the store. One timer for all
 * runs, none while they are silent.
 */
export class RunTicker {
  readonly #deps: JobRunnerDeps;
  readonly #writes: RunWrites;
  readonly #nowMs: () => number;
  readonly #log: Logger;
  readonly #talking = new Set<ActiveRun>();
  #timer: NodeJS.Timeout | null = null;
  #ticks = 0;

  constructor(deps: JobRunnerDeps, writes: RunWrites, nowMs: () => number) {
    this.#deps = deps;
    this.#writes = writes;
    this.#nowMs = nowMs;
    this.#log = deps.log;
  }

  /** The run has written or progressed. */
  note(run: ActiveRun): void {
    this.#talking.add(run);
    this.#timer ??= setInterval(() => this.#tick(), tickMs);
  }

  /** The run has ended: its last words to those who watch. The store gets them with the end itself. */
  end(run: ActiveRun): void {
    if (!this.#talking.delete(run)) return;
    this.#tell(run);
    if (this.#talking.size === 0) this.#stop();
  }

  /** Something is to be added to a run that has ended. */
  addLate(run: ActiveRun): void {
    this.#talking.delete(run);
    if (this.#talking.size === 0) this.#stop();
    this.#tell(run);
    const flush = takeOutputFlush(run);
    if (flush === null) return;
    this.#writes.lateOutput(run, flush).catch((error: unknown) => {
      this.#log.warn({ err: error, runId: run.row.id }, 'what an ended run had left was not stored');
    });
  }

  async flush(run: ActiveRun): Promise<void> {
    run.output?.tick();
    await this.#store([run], this.#nowMs());
  }

  #tick(): void {
    this.#ticks += 1;
    const runs = [...this.#talking];
    for (const run of runs) {
      run.output?.tick();
      this.#tell(run);
      // Those that only made progress have nothing for the next tick once that is stored.
      if (run.output === null && run.isProgressStored) this.#talking.delete(run);
    }
    if (this.#ticks % flushTicks === 0) {
      this.#store(runs, this.#nowMs()).catch((error: unknown) => {
        // Lines of a disk that takes no more are lost; the hole in their order shows it, and the job goes on.
        this.#log.warn({ err: error }, 'output of runs could not be stored');
      });
    }
    if (this.#talking.size === 0) this.#stop();
  }

  #stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #tell(run: ActiveRun): void {
    const { bus } = this.#deps;
    const lines = run.output?.takeLive() ?? [];
    const isWatched = this.#deps.isWatched();
    if (lines.length > 0 && isWatched) bus.emit('run.wrote', run.row.id, run.attempt, lines);
    if (!run.isProgressNew || run.progress === null) return;
    run.isProgressNew = false;
    if (isWatched) bus.emit('run.progressed', run.row.id, run.progress, run.steps);
  }

  async #store(runs: readonly ActiveRun[], nowMs: number): Promise<void> {
    const flushes: OutputFlush[] = [];
    const progressed: ActiveRun[] = [];
    for (const run of runs) {
      const flush = takeOutputFlush(run);
      if (flush !== null) flushes.push(flush);
      if (run.isProgressStored || nowMs - run.progressStoredAtMs < progressStoreMs) continue;
      run.isProgressStored = true;
      run.progressStoredAtMs = nowMs;
      progressed.push(run);
    }
    if (flushes.length === 0 && progressed.length === 0) return;
    await this.#writes.output(flushes, progressed);
  }
}
