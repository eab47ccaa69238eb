import type { CatalogJob } from './job-catalog.ts';

const maxDelayMs = 10 * 60_000;
const spread = 0.2;

const spreadOut = (ms: number, random: () => number): number => Math.round(ms * (1 - spread + 2 * spread * random()));

/**
 * Milliseconds to wait after attempt `attempt` (counting from 1) has failed: the base doubles each time, ± 20 % so that
 * runs that failed together do not come back together, and never over 10 minutes.
 */
export function backoffMs(baseMs: number, attempt: number, random: () => number = Math.random): number {
  const doubled = Math.min(maxDelayMs, baseMs * 2 ** Math.min(attempt - 1, 40));
  return Math.min(maxDelayMs, spreadOut(doubled, random));
}

/** Longest wait that an answer may ask for with `Retry-After`. */
const maxAskedMs = 24 * 3_600_000;

/** The same for a job that has its own waits. `askedMs`: what the answer asked for at least; null: nothing. */
export function retryWaitMs(
  job: Pick<CatalogJob, 'backoffMs' | 'retryWaitsMs'> | null,
  attempt: number,
  askedMs: number | null = null,
  random: () => number = Math.random,
): number {
  const wait = job?.retryWaitsMs?.[Math.min(attempt, job.retryWaitsMs.length) - 1];
  const plannedMs = wait === undefined ? backoffMs(job?.backoffMs ?? 0, attempt, random) : spreadOut(wait, random);
  return Math.max(plannedMs, Math.min(askedMs ?? 0, maxAskedMs));
}
