import type { FieldPath } from '../../../shared/conditions/values/paths.ts';

/** When events that are gathered become a run. */
export interface BatchTerms {
  /** Events. */
  count: number;
  /** Of their payloads together. */
  bytes: number;
  /** From the first event on. */
  periodMs: number;
  /** Events with the same value there are gathered together; null: all are. */
  by: FieldPath | null;
}
