import type { BlindWindow } from '../store/upkeep/outages.ts';

type Window = Pick<BlindWindow, 'fromMs' | 'toMs'>;

/** Milliseconds between the two times in which deliveries could be received: what was off, asleep or full is left out. */
export function awakeMs(fromMs: number, toMs: number, windows: readonly Window[]): number {
  const cut = windows
    .map((window) => ({ from: Math.max(fromMs, window.fromMs), to: Math.min(toMs, window.toMs ?? toMs) }))
    .filter(({ from, to }) => from < to)
    .sort((one, other) => one.from - other.from);
  let blindMs = 0;
  let countedTo = fromMs;
  for (const { from, to } of cut) {
    if (to <= countedTo) continue;
    blindMs += to - Math.max(from, countedTo);
    countedTo = to;
  }
  return Math.max(0, toMs - fromMs - blindMs);
}
