/** Requests that may start at once after a pause: those of a tenth of a second, at least one. */
const burstSeconds = 0.1;

/** So many requests a second and no more: a bucket that fills evenly. Times by performance.now(). */
export class RateLimit {
  readonly perSecond: number;
  readonly #most: number;
  #tokens: number;
  #filledAtMs: number;

  constructor(perSecond: number, nowMs: number) {
    this.perSecond = perSecond;
    this.#most = Math.max(1, perSecond * burstSeconds);
    this.#tokens = this.#most;
    this.#filledAtMs = nowMs;
  }

  slots(nowMs: number): number {
    const filled = this.#tokens + ((nowMs - this.#filledAtMs) / 1000) * this.perSecond;
    this.#tokens = Math.min(this.#most, filled);
    this.#filledAtMs = nowMs;
    return Math.floor(this.#tokens);
  }

  take(count: number): void {
    this.#tokens -= count;
  }

  /** Milliseconds until a request may start. */
  waitMs(): number {
    return Math.max(0, Math.ceil(((1 - this.#tokens) / this.perSecond) * 1000));
  }
}
