import type { RunState } from '../../../shared/contract/runs.ts';
import classes from '../../ui/feedback/lamp.module.css';
import type { Tone } from '../../ui/feedback/lamp.tsx';

export const stateTones: Record<RunState, Tone> = {
  pending: 'amber',
  scheduled: 'amber',
  queued: 'amber',
  running: 'blue',
  interaction_required: 'amber',
  completed: 'green',
  failed: 'red',
  canceled: 'grey',
};

// Each state has a shape of its own: the lamps must be told apart without their colours.
const shapes: Record<RunState, React.ReactNode> = {
  pending: (
    <>
      <circle cx={6} cy={6} r={3.9} fill="none" stroke="currentColor" strokeWidth={1.3} />
      <rect x={4.3} y={4} width={1.1} height={4} fill="currentColor" />
      <rect x={6.6} y={4} width={1.1} height={4} fill="currentColor" />
    </>
  ),
  scheduled: (
    <circle cx={6} cy={6} r={3.4} fill="none" stroke="currentColor" strokeWidth={1.4} strokeDasharray="2 1.55" />
  ),
  queued: (
    <>
      <circle cx={6} cy={6} r={3.6} fill="none" stroke="currentColor" strokeWidth={1.3} />
      <circle cx={6} cy={6} r={1.4} fill="currentColor" />
    </>
  ),
  running: (
    <>
      <circle className={classes.halo} cx={6} cy={6} r={6} fill="currentColor" />
      <circle cx={6} cy={6} r={3.2} fill="currentColor" />
    </>
  ),
  interaction_required: (
    <>
      <path d="M6 1.6 10.4 6 6 10.4 1.6 6Z" fill="none" stroke="currentColor" strokeWidth={1.3} />
      <circle cx={6} cy={6} r={1.4} fill="currentColor" />
    </>
  ),
  completed: <circle cx={6} cy={6} r={4} fill="currentColor" />,
  failed: (
    <>
      <circle cx={6} cy={6} r={5} fill="currentColor" />
      <rect x={3} y={5.1} width={6} height={1.8} rx={0.4} fill="var(--sb-bg)" />
    </>
  ),
  canceled: (
    <>
      <circle cx={6} cy={6} r={3.9} fill="none" stroke="currentColor" strokeWidth={1.3} />
      <path d="M3.4 8.6 8.6 3.4" stroke="currentColor" strokeWidth={1.3} />
    </>
  ),
};

interface StateDotProps {
  state: RunState;
  /** Instead of the state's name. */
  label?: string;
  decorative?: boolean;
}

/** The lamp of a run's state. */
export function StateDot({ state, label = state, decorative = false }: StateDotProps) {
  return (
    <svg
      className={`${classes.lamp} ${classes[stateTones[state]]} ${state === 'running' ? classes.pulse : ''}`}
      width={12}
      height={12}
      viewBox="0 0 12 12"
      role={decorative ? 'presentation' : 'img'}
      aria-label={decorative ? undefined : label}
      aria-hidden={decorative}
    >
      {!decorative && <title>{label}</title>}
      {shapes[state]}
    </svg>
  );
}
