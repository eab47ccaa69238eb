import classes from '../feedback/states.module.css';
import { useRowHeight } from './row-height.ts';

/** Stands where rows will be, as high as they will be. Fades in late: what is quick shows no skeleton. */
export function LoadingRows({ rows = 12, height }: { rows?: number; height?: number }) {
  const usualHeight = useRowHeight();
  const rowHeight = height ?? usualHeight;
  return (
    <div className={classes.loading} aria-busy="true" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of a skeleton never move
        <div key={index} className={classes.loadingRow} style={{ height: rowHeight }}>
          <span style={{ width: 72 }} />
          <span style={{ width: 90 + ((index * 37) % 60) }} />
          <span style={{ width: `${24 + ((index * 53) % 30)}%` }} />
        </div>
      ))}
    </div>
  );
}
