import type { AttemptStart } from '../attempt/attempt.ts';
import type { ScriptWorker } from './script-worker-process.ts';

/** What a process is made for. */
export interface WorkerStart extends Pick<AttemptStart, 'job' | 'approved'> {
  /** Absolute. */
  file: string;
  cwd: string;
  env: Record<string, string>;
  isolate: boolean;
  /** Changes with the script, the job's definition and its secrets: workers of another fingerprint are out of date. */
  fingerprint: string;
}

export interface SpareWorkersDeps {
  /** Every process there is, at work or not. */
  alive(): Iterable<ScriptWorker>;
  /** False while a process is starting, or runs wait for one: those come first. */
  mayStart(): boolean;
  /** `onReady` is called when it is up and idle; one that cannot start would not the next time either. */
  spawn(start: WorkerStart, onReady: () => void): void;
}

/** Each holds some 45 MB. */
const maxSpares = 4;

/**
 * One process for each of some jobs that is up before there is a run for it: to start one takes longer than most runs. It
 * loads the script with its first run, since nothing of a script may happen without a run.
 */
export class SpareWorkers {
  readonly #deps: SpareWorkersDeps;
  #starts: readonly WorkerStart[] = [];

  constructor(deps: SpareWorkersDeps) {
    this.#deps = deps;
  }

  keep(starts: readonly WorkerStart[]): void {
    this.#starts = starts.filter(({ isolate }) => !isolate).slice(0, maxSpares);
    this.start();
  }

  /** Whether an idle process is to stay, as the last of its job. */
  keeps({ job, fingerprint }: ScriptWorker): boolean {
    return this.#starts.some((start) => start.job.slug === job && start.fingerprint === fingerprint);
  }

  /** Starts what is missing, one after another. */
  start(): void {
    if (!this.#deps.mayStart()) return;
    const missing = this.#starts.find((start) => !this.#hasWorker(start));
    if (missing !== undefined) this.#deps.spawn(missing, () => this.start());
  }

  #hasWorker({ job, fingerprint }: WorkerStart): boolean {
    for (const worker of this.#deps.alive()) {
      if (worker.job === job.slug && worker.fingerprint === fingerprint && worker.isUsable) return true;
    }
    return false;
  }
}
