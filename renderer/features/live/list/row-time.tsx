import { formatClock, formatDay, fullTime } from '../../../ui/text/format.ts';
import classes from '../../../ui/text/text.module.css';

/** A row's time in 14 characters at most: to the millisecond today, with the day before that. */
export function RowTime({ at }: { at: string }) {
  const full = fullTime(at);
  if (full === null) return <span>{at}</span>;
  const date = new Date(at);
  const isToday = formatDay(date) === formatDay(new Date());
  return (
    <time className={classes.mono} dateTime={full.iso} title={`${full.local}\n${full.iso}`}>
      {isToday ? formatClock(date, true) : `${formatDay(date).slice(5)} ${formatClock(date, false)}`}
    </time>
  );
}
