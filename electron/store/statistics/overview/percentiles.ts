import type { RunStatistics } from '../../../../shared/contract/statistics.ts';

/** By nearest rank; where the clock was set back, 0. Null of nothing. */
export function percentiles(values: readonly number[]): RunStatistics['durationMs'] {
  if (values.length === 0) return null;
  const sorted = values.map((value) => Math.max(0, value)).sort((one, other) => one - other);
  const rank = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: rank(0.5), p95: rank(0.95), p99: rank(0.99) };
}
