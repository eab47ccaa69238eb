/** A clock that jumps and a system that sleeps move no timer: looked at again at least this often. */
const maxWaitMs = 30_000;

/** Calls `onDue` when the earliest known time has come, and every 30 s in any case. */
export class DueTimer {
  readonly #onDue: () => void;
  readonly #nowMs: () => number;
  #timer: NodeJS.Timeout | null = null;
  #atMs = Number.POSITIVE_INFINITY;
  #isRunning = false;

  constructor(onDue: () => void, nowMs: () => number) {
    this.#onDue = onDue;
    this.#nowMs = nowMs;
  }

  start(): void {
    this.#isRunning = true;
    this.#arm();
  }

  /** Something becomes due then. */
  expect(atMs: number): void {
    if (atMs >= this.#atMs) return;
    this.#atMs = atMs;
    if (this.#isRunning) this.#arm();
  }

  stop(): void {
    this.#isRunning = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #arm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const waitMs = Math.min(maxWaitMs, Math.max(0, this.#atMs - this.#nowMs()));
    this.#timer = setTimeout(() => {
      this.#atMs = Number.POSITIVE_INFINITY;
      this.#arm();
      this.#onDue();
    }, waitMs);
  }
}
