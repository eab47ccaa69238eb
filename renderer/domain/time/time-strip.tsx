import { readTimeTerms, withTimeTerms } from '../../../shared/query/time-terms.ts';
import type { HistogramState } from '../../model/calls/use-histogram.ts';
import { formatCount } from '../../ui/text/format.ts';
import { sumOf } from './histogram-sums.ts';
import classes from './time.module.css';
import { countText, type Part, TimeBars } from './time-bars.tsx';
import { TimeRangePicker } from './time-range-picker.tsx';

interface TimeStripProps {
  label: string;
  /** `event`, for "1 event" and "2 events". */
  noun: string;
  state: HistogramState;
  query: string;
  onQuery: (query: string) => void;
  /** Stacked, the first at the bottom. */
  parts: readonly Part[];
  mark?: Part;
}

/** The chart above a list: its total, its counts over time, and its time range. */
export function TimeStrip({ label, noun, state, query, onQuery, parts, mark }: TimeStripProps) {
  const { value } = state;
  const marked = mark === undefined ? 0 : sumOf(value, mark.of);
  const select = (fromMs: number, toMs: number): void => {
    const time = (ms: number): string => new Date(Math.round(ms / 1000) * 1000).toISOString();
    onQuery(withTimeTerms(query, { after: time(fromMs), before: time(Math.max(toMs, fromMs + 1000)) }));
  };
  return (
    <section className={classes.strip} aria-label={label}>
      <TimeBars
        label={label}
        noun={noun}
        histogram={value}
        parts={parts}
        {...(mark === undefined ? {} : { mark })}
        onSelect={select}
        before={
          <span className={classes.count}>
            {totalText(state, noun)}
            {marked > 0 && <span className={classes.marked}>{` · ${formatCount(marked)} ${mark?.name}`}</span>}
          </span>
        }
        after={
          <TimeRangePicker
            times={readTimeTerms(query)}
            shown={value}
            onChange={(times) => onQuery(withTimeTerms(query, times))}
          />
        }
      />
    </section>
  );
}

function totalText({ value, error }: HistogramState, noun: string): string {
  if (value === null) return error === null ? 'Counting…' : 'Count unavailable';
  const total = countText(
    sumOf(value, (counts) => counts.total ?? 0),
    noun,
  );
  return value.isWhole ? total : `${total} so far…`;
}
