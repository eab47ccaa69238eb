import { formatClock, formatDay, fullTime } from './format.ts';
import classes from './text.module.css';

interface TimestampProps {
  at: string;
  /** With milliseconds. */
  precise?: boolean;
  /** With the day, even today. */
  day?: boolean;
}

/** Local clock time, the day before it when it is not today's; local and ISO in full on hover. */
export function Timestamp({ at, precise = false, day }: TimestampProps) {
  const full = fullTime(at);
  if (full === null) return <span>{at}</span>;
  const date = new Date(at);
  const showsDay = day ?? formatDay(date) !== formatDay(new Date());
  return (
    <time className={classes.mono} dateTime={full.iso} title={`${full.local}\n${full.iso}`}>
      {showsDay && <span className={classes.dim}>{formatDay(date)} </span>}
      {formatClock(date, precise)}
    </time>
  );
}
