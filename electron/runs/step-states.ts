import type { Step } from '../../shared/contract/runs.ts';

export const areAllCompleted = (steps: readonly Step[] | null): boolean =>
  steps !== null && steps.length > 0 && steps.every(({ state }) => state === 'completed');

/** It has a plan, and no step of it has begun. */
export const areAllWaiting = (steps: readonly Step[] | null): boolean =>
  steps !== null && steps.length > 0 && steps.every(({ state }) => state === 'waiting');
