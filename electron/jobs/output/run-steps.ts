import type { Progress, Step } from '../../../shared/contract/runs.ts';
import { maxStepNameLength, maxSteps } from '../channel-limits.ts';

/** What a job says of one part of its plan. */
export interface StepChange {
  name: string;
  state: Step['state'];
  percent: number | null;
}

export const cutName = (name: string): string => name.trim().slice(0, maxStepNameLength);

/** A new plan; parts that stood in the one before keep how far they are. */
export function planSteps(before: readonly Step[] | null, names: readonly string[]): Step[] {
  const known = new Map((before ?? []).map((step) => [step.name, step]));
  const wanted = [...new Set(names.map(cutName).filter((name) => name !== ''))].slice(0, maxSteps);
  return wanted.map((name) => known.get(name) ?? { name, state: 'waiting', percent: null });
}

/** A part that was not planned joins at the end. */
export function changeStep(steps: readonly Step[] | null, { name, state, percent }: StepChange): Step[] {
  const changed: Step = { name: cutName(name), state, percent: state === 'completed' ? 100 : percent };
  const all = steps ?? [];
  if (all.some((step) => step.name === changed.name)) {
    return all.map((step) => (step.name === changed.name ? changed : step));
  }
  return changed.name === '' || all.length >= maxSteps ? [...all] : [...all, changed];
}

/** The end of the run is the end of what was under way. */
export function settleSteps(steps: readonly Step[], state: 'completed' | 'failed' | 'canceled'): Step[] {
  return steps.map((step) => {
    if (step.state !== 'running') return step;
    return state === 'completed' ? { ...step, state: 'completed', percent: 100 } : { ...step, state: 'failed' };
  });
}

/** How far the whole is, for a job that says nothing of that itself: each part counts the same. */
export function progressOfSteps(steps: readonly Step[]): Progress {
  const sum = steps.reduce((total, { state, percent }) => total + (state === 'completed' ? 100 : (percent ?? 0)), 0);
  const running = steps.find(({ state }) => state === 'running');
  return { percent: steps.length === 0 ? null : Math.round(sum / steps.length), message: running?.name ?? '' };
}
