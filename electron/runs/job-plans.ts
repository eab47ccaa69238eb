import type { FieldPath } from '../../shared/conditions/values/paths.ts';
import type { BatchTerms } from '../store/events/batch-terms.ts';

/** What planning must know of a job. */
export interface JobPlan {
  attempts: number;
  acknowledge: 'required' | 'none';
  mode: 'foreground' | 'background';
  approval: 'required' | 'none';
  approvalTimeoutMs: number;
  /** How long a run may wait in the queue; null: no limit. */
  expireAfterMs: number | null;
  /** Runs that may wait. */
  queue: number;
  /** Runs of events with the same value there are started one after the other; null: in any order. */
  orderBy: FieldPath | null;
  /** Its events are gathered, where a listener says nothing else; null: each has a run. */
  batch: BatchTerms | null;
}

export interface JobPlans {
  plan(job: string): JobPlan | null;
  /** Whether its definition is damaged in the store: its runs and batches wait until it can be read. */
  isUnreadable(job: string): boolean;
  /** Runs of the job now waiting, as counted in memory. */
  waiting(job: string): number;
  /** Counts runs that are on disk into the queue (+) or out of it (−). */
  addWaiting(job: string, count: number): void;
}
