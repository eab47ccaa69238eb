import { useSyncExternalStore } from 'react';

interface Clock {
  listeners: Set<() => void>;
  timer: ReturnType<typeof setInterval> | undefined;
  nowMs: number;
}
const clocks = new Map<number, Clock>();

function clockOf(everyMs: number): Clock {
  const known = clocks.get(everyMs);
  if (known !== undefined) return known;
  const clock: Clock = { listeners: new Set(), timer: undefined, nowMs: Date.now() };
  clocks.set(everyMs, clock);
  return clock;
}

/** Epoch ms that moves every `everyMs`: one timer for all who ask for the same step. */
export function useNow(everyMs: number): number {
  const clock = clockOf(everyMs);
  return useSyncExternalStore(
    (listener) => {
      clock.listeners.add(listener);
      if (clock.timer === undefined) {
        clock.nowMs = Date.now();
        clock.timer = setInterval(() => {
          clock.nowMs = Date.now();
          for (const one of clock.listeners) one();
        }, everyMs);
      }
      return () => {
        clock.listeners.delete(listener);
        if (clock.listeners.size > 0) return;
        clearInterval(clock.timer);
        clock.timer = undefined;
      };
    },
    () => clock.nowMs,
  );
}
