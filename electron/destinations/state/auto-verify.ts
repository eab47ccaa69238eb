const firstWaitMs = 60_000;
const maxWaitMs = 3_600_000;

/** Verifies what waits for it without being told to, again and again at growing distances. */
export class AutoVerify {
  readonly #verify: (job: string) => Promise<boolean>;
  readonly #waits = new Map<string, { waitMs: number; timer: NodeJS.Timeout | null }>();
  #isStopped = false;

  /** `verify` resolves with whether nothing more has to be done. */
  constructor(verify: (job: string) => Promise<boolean>) {
    this.#verify = verify;
  }

  /** Starts with those that are new; the others keep their turn, unless they are gone. */
  watch(pending: readonly string[]): void {
    for (const job of this.#waits.keys()) if (!pending.includes(job)) this.#forget(job);
    for (const job of pending) {
      if (this.#waits.has(job) || this.#isStopped) continue;
      this.#waits.set(job, { waitMs: firstWaitMs, timer: null });
      void this.#try(job);
    }
  }

  stop(): void {
    this.#isStopped = true;
    for (const job of [...this.#waits.keys()]) this.#forget(job);
  }

  async #try(job: string): Promise<void> {
    const isDone = await this.#verify(job);
    const wait = this.#waits.get(job);
    if (wait === undefined || this.#isStopped) return;
    if (isDone) {
      this.#waits.delete(job);
      return;
    }
    wait.timer = setTimeout(() => void this.#try(job), wait.waitMs);
    wait.waitMs = Math.min(wait.waitMs * 2, maxWaitMs);
  }

  #forget(job: string): void {
    const timer = this.#waits.get(job)?.timer ?? null;
    if (timer !== null) clearTimeout(timer);
    this.#waits.delete(job);
  }
}
