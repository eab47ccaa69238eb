import type { Progress } from '../../../shared/contract/runs.ts';
import classes from './progress-bar.module.css';

/** A thin bar with its message; without a percentage it only says that something goes on. `bare`: the bar alone. */
export function ProgressBar({ progress, bare = false }: { progress: Progress; bare?: boolean }) {
  const { percent, message } = progress;
  // A bar alone that only wanders says no more than the lamp beside it.
  if (bare && percent === null) return null;
  const text = percent === null ? message : `${Math.round(percent)} %${message === '' ? '' : ` · ${message}`}`;
  return (
    <span className={bare ? classes.progressBare : classes.progress} title={text}>
      <span
        className={classes.track}
        role="progressbar"
        aria-label={message === '' ? 'Progress' : message}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent === null ? undefined : Math.round(percent)}
      >
        <span className={classes.fill} data-unknown={percent === null} style={{ width: `${percent ?? 30}%` }} />
      </span>
      {!bare && <span className={classes.progressText}>{text}</span>}
    </span>
  );
}
