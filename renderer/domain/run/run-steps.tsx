import type { Step } from '../../../shared/contract/runs.ts';
import { Lamp, type Tone } from '../../ui/feedback/lamp.tsx';
import classes from './run-steps.module.css';

const tones: Record<Step['state'], Tone> = { waiting: 'grey', running: 'blue', completed: 'green', failed: 'red' };

/** The parts of a run's plan, in order. */
export function RunSteps({ steps }: { steps: readonly Step[] }) {
  return (
    <ol className={classes.steps} aria-label="Plan">
      {steps.map((step, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat, and a plan keeps its order
          key={index}
          className={classes.step}
          data-state={step.state}
          aria-current={step.state === 'running' ? 'step' : undefined}
        >
          <span className={classes.track} aria-hidden>
            <span className={classes.fill} style={{ width: `${shareOf(step)}%` }} />
          </span>
          <span className={classes.line}>
            <Lamp
              tone={tones[step.state]}
              lit={step.state !== 'waiting'}
              pulse={step.state === 'running'}
              label={step.state}
            />
            <span className={classes.name} title={step.name}>
              {step.name}
            </span>
            {step.state === 'running' && step.percent !== null && (
              <span className={classes.percent}>{Math.round(step.percent)} %</span>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

const shareOf = ({ state, percent }: Step): number =>
  state === 'completed' || state === 'failed' ? 100 : state === 'running' ? (percent ?? 40) : 0;

/** For a list's row: which part is under way, of how many. */
export function stepText(steps: readonly Step[]): string | null {
  const at = steps.findIndex((step) => step.state === 'running');
  const step = steps[at];
  if (step === undefined) return null;
  const percent = step.percent === null ? '' : ` ${Math.round(step.percent)} %`;
  return `${at + 1}/${steps.length} ${step.name}${percent}`;
}
