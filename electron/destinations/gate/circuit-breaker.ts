/** So many failures in a row open the circuit of a host. */
const maxFailures = 5;
const firstPauseMs = 1000;
const maxPauseMs = 60_000;
/** Longest pause that `Retry-After` of one answer makes for all of a host. */
const maxAskedMs = 3_600_000;

/**
 * Of one host: while it fails, only one request at a time finds out whether it is back, at growing distances, so that a
 * backlog neither wears out its attempts nor hits a host that is coming up. Times by performance.now().
 */
export class CircuitBreaker {
  #failures = 0;
  #pauseMs = firstPauseMs;
  #untilMs = 0;

  /** How many requests may start; `running` are under way to this host. */
  slots(nowMs: number, running: number): number {
    if (nowMs < this.#untilMs) return 0;
    if (!this.isOpen) return Number.POSITIVE_INFINITY;
    return running > 0 ? 0 : 1;
  }

  get isOpen(): boolean {
    return this.#failures >= maxFailures;
  }

  /** Milliseconds until a request may find out; 0: now. */
  waitMs(nowMs: number): number {
    return Math.max(0, Math.ceil(this.#untilMs - nowMs));
  }

  succeeded(): void {
    this.#failures = 0;
    this.#pauseMs = firstPauseMs;
    this.#untilMs = 0;
  }

  /** `askedMs`: what it asked to be left alone for; null: nothing. */
  failed(nowMs: number, askedMs: number | null): void {
    this.#failures += 1;
    if (askedMs !== null) this.#untilMs = Math.max(this.#untilMs, nowMs + Math.min(askedMs, maxAskedMs));
    if (!this.isOpen) return;
    this.#untilMs = Math.max(this.#untilMs, nowMs + this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, maxPauseMs);
  }

  /** An operator wants to know now. */
  retryNow(): void {
    this.#untilMs = 0;
  }
}
