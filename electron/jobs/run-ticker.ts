import type { Logger } from 'pino';
import type { Planned } from '../intake/intake-types.ts';
import { runEvent } from '../runs/run-event.ts';
import type { WritableDb } from '../store/open.ts';
import { findRunBySeq } from '../store/runs/find-run.ts';
import { storeProgress } from '../store/runs/run-claims.ts';
import { type Annotation, addAnnotations } from '../store/runs/run-history.ts';
import { type OutputWrite, writeOutput } from '../store/runs/run-output.ts';
import { toRun } from '../store/runs/run-rows.ts';
import { type ActiveRun, describeRun } from './active-run.ts';
import type { JobRunnerDeps } from './runner-types.ts';

/** What a run has said since it was last written down. */
export interface Said {
  output: OutputWrite | null;
  annotations: { runSeq: number; attempt: number; from: number; annotations: Annotation[] } | null;
}

export function takeSaid({ row, attempt, output }: ActiveRun): Said | null {
  if (output === null) return null;
  const chunks = output.takeChunks();
  const annotated = output.takeAnnotations();
  if (chunks === null && annotated === null) return null;
  const key = { runSeq: row.seq, attempt };
  return {
    output: chunks === null ? null : { ...key, ...chunks },
    annotations: annotated === null ? null : { ...key, ...annotated },
  };
}

export function writeSaid(db: WritableDb, said: Said): void {
  if (said.output !== null) writeOutput(db, said.output);
  if (said.annotations !== null) {
    const { runSeq, attempt, from, annotations } = said.annotations;
    addAnnotations(db, runSeq, attempt, from, annotations);
  }
}

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
  readonly #nowMs: () => number;
  readonly #log: Logger;
  readonly #talking = new Set<ActiveRun>();
  #timer: NodeJS.Timeout | null = null;
  #ticks = 0;

  constructor(deps: JobRunnerDeps, nowMs: () => number) {
    this.#deps = deps;
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
    const said = takeSaid(run);
    if (said === null) return;
    const { writer, db, hasListeners, onRunsChanged } = this.#deps;
    writer
      .write(({ db: handle }) => writeSaid(handle, said))
      .then(() => {
        const row = hasListeners() ? findRunBySeq(db, run.row.seq) : null;
        if (row !== null) onRunsChanged([toRun(row)]);
      })
      .catch((error: unknown) => {
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
    const { hasListeners, onOutput, onProgress } = this.#deps;
    const lines = run.output?.takeLive() ?? [];
    const isWatched = hasListeners();
    if (lines.length > 0 && isWatched) onOutput(run.row.id, run.attempt, lines);
    if (!run.isProgressNew || run.progress === null) return;
    run.isProgressNew = false;
    if (isWatched) onProgress(run.row.id, run.progress, run.steps);
  }

  async #store(runs: readonly ActiveRun[], nowMs: number): Promise<void> {
    const { writer, intake } = this.#deps;
    const said: Said[] = [];
    const progressed: { run: ActiveRun; text: string | null; steps: string | null }[] = [];
    for (const run of runs) {
      const words = takeSaid(run);
      if (words !== null) said.push(words);
      if (run.isProgressStored || nowMs - run.progressStoredAtMs < progressStoreMs) continue;
      run.isProgressStored = true;
      run.progressStoredAtMs = nowMs;
      const text = run.progress === null ? null : JSON.stringify(run.progress);
      progressed.push({ run, text, steps: run.steps === null ? null : JSON.stringify(run.steps) });
    }
    if (said.length === 0 && progressed.length === 0) return;
    const isHeard = progressed.length > 0 && intake.hasListenerFor('job:updated');
    const planned = await writer.write(({ db }) => {
      for (const words of said) writeSaid(db, words);
      const events: Planned[] = [];
      for (const { run, text, steps } of progressed) {
        storeProgress(db, run.row.seq, run.attempt, text, steps);
        if (isHeard) events.push(intake.recordRunEvent(db, runEvent('job:updated', describeRun(run), run.row.depth)));
      }
      return events;
    });
    for (const one of planned) intake.announce(one);
  }
}
