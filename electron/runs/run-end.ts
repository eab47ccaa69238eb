import type { Json } from '../../shared/contract/common.ts';
import type { RunReason } from '../../shared/contract/runs.ts';

/** How an attempt ended, for those who wait for its run. */
export interface RunEnd {
  state: 'completed' | 'failed' | 'canceled';
  reason: RunReason | null;
  error: string | null;
  outcome: Json;
  /** When the next attempt is due; null: none follows while the app runs. */
  retryAtMs: number | null;
}
