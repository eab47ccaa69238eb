import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DueTimer } from '../../electron/runs/due-timer.ts';

const dayMs = 86_400_000;

/** A clock that can be set, beside timers that go on as they were: as on a machine. */
function timed() {
  const clock = { offsetMs: 0 };
  const startMs = performance.now();
  const nowMs = (): number => 1_700_000_000_000 + performance.now() - startMs + clock.offsetMs;
  let dueAtMs = Number.POSITIVE_INFINITY;
  let fired = 0;
  const timer = new DueTimer(() => {
    if (nowMs() < dueAtMs) {
      timer.expect(dueAtMs);
      return;
    }
    dueAtMs = Number.POSITIVE_INFINITY;
    fired += 1;
  }, nowMs);
  return {
    clock,
    timer,
    plan(inMs: number) {
      dueAtMs = nowMs() + inMs;
      timer.expect(dueAtMs);
    },
    fired: () => fired,
  };
}

describe('what is due at a time', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('comes within 30 s of a clock that was set forward, or of sleep, and once', () => {
    const { clock, timer, plan, fired } = timed();
    timer.start();
    plan(dayMs);
    vi.advanceTimersByTime(60_000);
    expect(fired()).toBe(0);
    clock.offsetMs = 2 * dayMs;
    vi.advanceTimersByTime(30_000);
    expect(fired()).toBe(1);
    vi.advanceTimersByTime(dayMs);
    expect(fired()).toBe(1);
    timer.stop();
  });

  it('waits for its time where the clock was set back, and comes once', () => {
    const { clock, timer, plan, fired } = timed();
    timer.start();
    plan(10_000);
    clock.offsetMs = -3_600_000;
    vi.advanceTimersByTime(3_600_000);
    expect(fired()).toBe(0);
    vi.advanceTimersByTime(40_000);
    expect(fired()).toBe(1);
    timer.stop();
  });

  it('is never taken for due because it is further away than a timer reaches', () => {
    const { timer, plan, fired } = timed();
    timer.start();
    plan(400 * dayMs);
    vi.advanceTimersByTime(dayMs);
    expect(fired()).toBe(0);
    timer.stop();
  });
});
