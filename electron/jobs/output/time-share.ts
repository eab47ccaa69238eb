import { shareMaxMs, shareTotalMs, shareWindowMs } from '../channel-limits.ts';

/** What one stream of one child may cost. */
export interface Share {
  /** What is left of it now; 0 or less: rest. */
  leftMs(): number;
  spend(ms: number): void;
}

/**
 * Shares the app's thread among the children that write: each gets an equal part of what all may cost in a window, and
 * what one of them took too much it waits for. Children that say little never notice.
 */
export class TimeShare {
  readonly #nowMs: () => number;
  /** Those that have used some of theirs lately, or too much of it. */
  readonly #users = new Set<{ leftMs: number; usedIn: number }>();
  #window = 0;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  open(): Share {
    const own = { leftMs: 0, usedIn: 0 };
    const refill = (): void => {
      this.#turn();
      if (!this.#users.has(own)) own.leftMs = this.#allowanceMs(1);
    };
    return {
      leftMs: () => {
        refill();
        return own.leftMs;
      },
      spend: (ms) => {
        refill();
        own.leftMs -= ms;
        own.usedIn = this.#window;
        this.#users.add(own);
      },
    };
  }

  #allowanceMs(more: number): number {
    return Math.min(shareMaxMs, shareTotalMs / Math.max(1, this.#users.size + more));
  }

  #turn(): void {
    const window = Math.floor(this.#nowMs() / shareWindowMs);
    const passed = window - this.#window;
    if (passed <= 0) return;
    this.#window = window;
    const allowanceMs = this.#allowanceMs(0);
    for (const user of this.#users) {
      // What was overdrawn is paid back; nothing is saved up.
      user.leftMs = Math.min(allowanceMs, Math.min(0, user.leftMs) + allowanceMs * passed);
      if (user.leftMs === allowanceMs && user.usedIn < window - 1) this.#users.delete(user);
    }
  }
}
