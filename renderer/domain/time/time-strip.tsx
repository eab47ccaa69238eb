import { useMemo, useState } from 'react';
import { readTimeTerms, withTimeTerms } from '../../../shared/query/time-terms.ts';
import type { BucketCounts, Histogram, HistogramState } from '../../model/calls/use-histogram.ts';
import { type BarSeries, BarsOverTime, type ChartTone } from '../../ui/charts/bars-over-time.tsx';
import { formatClock, formatCount, formatDay } from '../../ui/text/format.ts';
import classes from './time.module.css';
import { TimeRangePicker } from './time-range-picker.tsx';

export interface Part {
  name: string;
  tone: ChartTone;
  /** Of a bucket's counts. */
  of: (counts: BucketCounts) => number;
}

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

const empty: BucketCounts = {};

/** What a list holds, over time: how many, when, and which range is shown. */
export function TimeStrip({ label, noun, state, query, onQuery, parts, mark }: TimeStripProps) {
  const [pointed, setPointed] = useState<number | null>(null);
  const { value, error } = state;
  const chart = useMemo(() => (value === null ? null : chartOf(value, parts, mark)), [value, parts, mark]);
  const total = value === null ? null : sum(value, (counts) => counts.total ?? 0);
  const marked = value === null || mark === undefined ? 0 : sum(value, mark.of);
  const describe = (index: number): string => {
    const startMs = chart?.startsMs[index];
    if (value === null || startMs === undefined) return '';
    return describeBucket(value, startMs, noun, mark === undefined ? parts : [...parts, mark]);
  };
  const select = (fromMs: number, toMs: number): void => {
    const time = (ms: number): string => new Date(Math.round(ms / 1000) * 1000).toISOString();
    onQuery(withTimeTerms(query, { after: time(fromMs), before: time(Math.max(toMs, fromMs + 1000)) }));
  };
  return (
    <section className={classes.strip} aria-label={label}>
      <div className={classes.line}>
        <span className={classes.count} aria-live="off">
          {total === null
            ? error === null
              ? 'Counting…'
              : 'Count unavailable'
            : `${plural(total, noun)}${value?.isWhole === false ? ' so far…' : ''}`}
          {marked > 0 && mark !== undefined && (
            <span className={classes.marked}>
              {' '}
              · {formatCount(marked)} {mark.name}
            </span>
          )}
        </span>
        <span className={classes.pointed}>{pointed === null ? '' : describe(pointed)}</span>
        <TimeRangePicker
          times={readTimeTerms(query)}
          shown={value}
          onChange={(times) => onQuery(withTimeTerms(query, times))}
        />
      </div>
      {chart === null ? (
        <div className={classes.placeholder} />
      ) : (
        <BarsOverTime
          label={label}
          startsMs={chart.startsMs}
          bucketMs={chart.bucketMs}
          series={chart.series}
          {...(chart.marks === undefined ? {} : { marks: chart.marks })}
          describe={describe}
          onPoint={setPointed}
          onSelect={select}
        />
      )}
    </section>
  );
}

const plural = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

const sum = ({ counts }: Histogram, of: Part['of']): number =>
  [...counts.values()].reduce((total, bucket) => total + of(bucket), 0);

function chartOf({ fromMs, toMs, bucketMs, counts }: Histogram, parts: readonly Part[], mark: Part | undefined) {
  const first = Math.floor(fromMs / bucketMs) * bucketMs;
  const length = Math.max(1, Math.ceil((toMs - first) / bucketMs));
  const startsMs = Array.from({ length }, (_, index) => first + index * bucketMs);
  const seriesOf = ({ name, tone, of }: Part): BarSeries => ({
    name,
    tone,
    values: startsMs.map((startMs) => of(counts.get(startMs) ?? empty)),
  });
  return { startsMs, bucketMs, series: parts.map(seriesOf), marks: mark === undefined ? undefined : seriesOf(mark) };
}

const dayMs = 86_400_000;

function describeBucket(
  { bucketMs, counts }: Histogram,
  startMs: number,
  noun: string,
  parts: readonly Part[],
): string {
  const [start, end] = [new Date(startMs), new Date(startMs + bucketMs)];
  const clock = (at: Date): string => (bucketMs < 60_000 ? formatClock(at, false) : formatClock(at, false).slice(0, 5));
  const time = bucketMs >= dayMs ? formatDay(start) : `${formatDay(start)} ${clock(start)} – ${clock(end)}`;
  const found = counts.get(startMs) ?? empty;
  const numbers = parts.flatMap(({ name, of }) => (of(found) > 0 ? [`${formatCount(of(found))} ${name}`] : []));
  return [time, plural(found.total ?? 0, noun), ...numbers].join(' · ');
}
