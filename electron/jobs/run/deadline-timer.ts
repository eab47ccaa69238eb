const maxWaitMs = 60_000;

interface Timed {
  /** By performance.now(). */
  deadlineMs: number;
}

/**
 * One timer for all time limits. It is set to the earliest and, when it fires, looks at what is running: most runs end
 * long before their limit, so per run this costs one comparison.
 */
export class DeadlineTimer<T extends Timed> {
  readonly #running: () => Iterable<T>;
  readonly #onPassed: (item: T) => void;
  #timer: NodeJS.Timeout | null = null;
  #atMs = Number.POSITIVE_INFINITY;

  constructor(running: () => Iterable<T>, onPassed: (item: T) => void) {
    this.#running = running;
    this.#onPassed = onPassed;
  }

  watch(item: T): void {
    if (item.deadlineMs < this.#atMs) this.#arm(item.deadlineMs);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#atMs = Number.POSITIVE_INFINITY;
  }

  #arm(atMs: number): void {
    this.stop();
    this.#atMs = atMs;
    const waitMs = Math.max(0, Math.ceil(atMs - performance.now()));
    // Limits go up to a day; a timer over 2^31 ms would fire at once.
    this.#timer = setTimeout(() => this.#look(), Math.min(waitMs, maxWaitMs));
  }

  #look(): void {
    this.stop();
    const nowMs = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const item of this.#running()) {
      if (item.deadlineMs <= nowMs) {
        item.deadlineMs = Number.POSITIVE_INFINITY;
        this.#onPassed(item);
      } else next = Math.min(next, item.deadlineMs);
    }
    if (next !== Number.POSITIVE_INFINITY) this.#arm(next);
  }
}
