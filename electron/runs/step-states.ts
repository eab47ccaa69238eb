import type { Step } from '../../shared/contract/runs.ts';

export const areAllCompleted = (steps: readonly Step[] | null): boolean =>
  steps !== null && steps.length > 0 && steps.every(({ state }) => state === 'completed');

/** It is said what is to be done, and nothing of it has begun. */
export const areAllWaiting = (steps: readonly Step[] | null): boolean =>
  steps !== null && steps.length > 0 && steps.every(({ state }) => state === 'waiting');
