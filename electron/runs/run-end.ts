import type { Json } from '../../shared/contract/common.ts';
import type { RunReason } from '../../shared/contract/runs.ts';
import type { EndedAttempt } from './running-run.ts';

/** How an attempt ended, for those who wait for its run. */
export interface RunEnd {
  state: 'completed' | 'failed' | 'canceled';
  reason: RunReason | null;
  error: string | null;
  outcome: Json;
  /** When the next attempt is due; null: none follows while the app runs. */
  retryAtMs: number | null;
}

export const endOfAttempt = ({ end, outcome }: EndedAttempt): RunEnd => ({
  state: end.state,
  reason: end.reason,
  error: end.error,
  outcome,
  retryAtMs: null,
});

/** Of one that has not been started. */
export const canceledEnd = (reason: 'canceled' | 'rejected' | 'expired'): RunEnd => ({
  state: 'canceled',
  reason,
  error: null,
  outcome: null,
  retryAtMs: null,
});
