import { useSyncExternalStore } from 'react';

interface Clock {
  listeners: Set<() => void>;
  timer: ReturnType<typeof setInterval> | undefined;
  nowMs: number;
  /** Runs while someone listens and the page can be seen. */
  adjust: () => void;
}
const clocks = new Map<number, Clock>();

function clockOf(everyMs: number): Clock {
  const known = clocks.get(everyMs);
  if (known !== undefined) return known;
  const tick = (): void => {
    clock.nowMs = Date.now();
    for (const listener of [...clock.listeners]) listener();
  };
  const clock: Clock = {
    listeners: new Set(),
    timer: undefined,
    nowMs: Date.now(),
    adjust() {
      const isNeeded = clock.listeners.size > 0 && !document.hidden;
      if (isNeeded === (clock.timer !== undefined)) return;
      clearInterval(clock.timer);
      clock.timer = isNeeded ? setInterval(tick, everyMs) : undefined;
      if (isNeeded) tick();
    },
  };
  document.addEventListener('visibilitychange', clock.adjust);
  clocks.set(everyMs, clock);
  return clock;
}

/**
 * What `read` makes of the current epoch ms, checked every `everyMs`; renders again only when that has changed. One timer
 * for all callers with the same step, stopped while the page is hidden.
 */
export function useNowAs<T extends string | number>(everyMs: number, read: (nowMs: number) => T): T {
  const clock = clockOf(everyMs);
  return useSyncExternalStore(
    (listener) => {
      // A clock that stood still catches up first, before a snapshot is compared.
      if (clock.timer === undefined) clock.nowMs = Date.now();
      clock.listeners.add(listener);
      clock.adjust();
      return () => {
        clock.listeners.delete(listener);
        clock.adjust();
      };
    },
    () => read(clock.nowMs),
  );
}

const asIs = (nowMs: number): number => nowMs;

/** Epoch ms that moves every `everyMs`. */
export const useNow = (everyMs: number): number => useNowAs(everyMs, asIs);
