import type { RunReason, RunState } from '../../../shared/contract/runs.ts';
import classes from '../../ui/feedback/lamp.module.css';
import { StateDot, stateTones } from './state-dot.tsx';

const reasons: Record<RunReason, string> = {
  exit: 'exit code',
  signal: 'signal',
  timeout: 'timed out',
  limit: 'limit exceeded',
  spawn: 'could not start',
  interrupted: 'interrupted',
  canceled: 'canceled',
  queue: 'queue full',
  answer: 'refused',
  connection: 'unreachable',
  error: 'error',
  outcome: 'reported failure',
  rejected: 'rejected',
  expired: 'expired',
  unanswered: 'not answered',
};

export const reasonLabel = (reason: RunReason): string => reasons[reason];

const words: Partial<Record<RunState, string>> = { pending: 'needs approval', interaction_required: 'needs answer' };

/** The state as people say it. */
export const stateWord = (state: RunState): string => words[state] ?? state;

/** Lamp and word; the reason follows when it says more than the state. */
export function StateBadge({ state, reason }: { state: RunState; reason?: RunReason | null }) {
  const more =
    reason === null || reason === undefined || reason === state || state === 'completed' ? '' : reasons[reason];
  return (
    <span className={`${classes.badge} ${classes[stateTones[state]]}`}>
      <StateDot state={state} decorative />
      {more === '' ? stateWord(state) : `${stateWord(state)} · ${more}`}
    </span>
  );
}
