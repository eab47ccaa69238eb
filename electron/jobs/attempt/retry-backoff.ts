const maxDelayMs = 10 * 60_000;
const spread = 0.2;

/**
 * Milliseconds to wait after attempt `attempt` (counting from 1) has failed: the base doubles each time, ± 20 % so that
 * runs that failed together do not come back together, and never over 10 minutes.
 */
export function backoffMs(baseMs: number, attempt: number, random: () => number = Math.random): number {
  const doubled = Math.min(maxDelayMs, baseMs * 2 ** Math.min(attempt - 1, 40));
  return Math.min(maxDelayMs, Math.round(doubled * (1 - spread + 2 * spread * random())));
}
