import { useNowAs } from '../../browser/now.ts';
import { formatDurationMs } from './format.ts';
import classes from './text.module.css';

function Running({ from }: { from: string }) {
  // Whole seconds: tenths that jump once a second would lie.
  const seconds = useNowAs(1000, (nowMs) => Math.floor(Math.max(0, nowMs - Date.parse(from)) / 1000));
  return <>{formatDurationMs(seconds * 1000).replace(/\.0 s$/, ' s')}</>;
}

/** Of `ms`, or between two times; moving while `to` is null. Nothing began: a dash. */
export function Duration({ ms, from, to }: { ms?: number; from?: string | null; to?: string | null }) {
  return (
    <span className={classes.mono}>
      {ms !== undefined ? (
        formatDurationMs(ms)
      ) : from === undefined || from === null ? (
        '–'
      ) : to === undefined || to === null ? (
        <Running from={from} />
      ) : (
        formatDurationMs(Date.parse(to) - Date.parse(from))
      )}
    </span>
  );
}
