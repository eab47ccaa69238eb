/** A clock that moves only when told, in the shape the push hub and the notifier take. */
export function fakeClock() {
  let nowMs = 0;
  const timers = new Map<object, { atMs: number; callback: () => void }>();
  return {
    nowMs: () => nowMs,
    after(delayMs: number, callback: () => void) {
      const key = {};
      timers.set(key, { atMs: nowMs + delayMs, callback });
      return () => timers.delete(key);
    },
    timers: () => timers.size,
    advance(ms: number) {
      const endMs = nowMs + ms;
      for (;;) {
        const next = [...timers].filter(([, { atMs }]) => atMs <= endMs).sort((a, b) => a[1].atMs - b[1].atMs)[0];
        if (next === undefined) break;
        timers.delete(next[0]);
        nowMs = Math.max(nowMs, next[1].atMs);
        next[1].callback();
      }
      nowMs = endMs;
    },
  };
}
