import { useMemo, useState } from 'react';
import type { AppError } from '../../../shared/contract/errors.ts';
import type { BucketCounts, Histogram } from '../../model/calls/use-histogram.ts';
import { type BarSeries, BarsOverTime, type ChartTone } from '../../ui/charts/bars-over-time.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { dayMs, formatBucketClock, formatCount, formatDay } from '../../ui/text/format.ts';
import classes from './time.module.css';

export interface Part {
  name: string;
  tone: ChartTone;
  /** Of a bucket's counts. */
  of: (counts: BucketCounts) => number;
}

interface TimeBarsProps {
  label: string;
  /** `event`, for "1 event" and "2 events". */
  noun: string;
  histogram: Histogram | null;
  /** Shown in place of a chart that could not be counted. */
  error?: AppError | null;
  /** Stacked, the first at the bottom. */
  parts: readonly Part[];
  mark?: Part;
  /** Left and right of the counts of the bar under the pointer. */
  before?: React.ReactNode;
  after?: React.ReactNode;
  onSelect?: (fromMs: number, toMs: number) => void;
}

const empty: BucketCounts = {};

export const countOf =
  (name: string): Part['of'] =>
  (counts) =>
    counts[name] ?? 0;

/** Bars over time below a line with the counts of the bar under the pointer. */
export function TimeBars(props: TimeBarsProps) {
  const { label, noun, histogram, error = null, parts, mark, before, after, onSelect } = props;
  const [pointed, setPointed] = useState<number | null>(null);
  const chart = useMemo(() => (histogram === null ? null : chartOf(histogram, parts, mark)), [histogram, parts, mark]);
  const describe = (index: number): string => {
    const startMs = chart?.startsMs[index];
    if (histogram === null || startMs === undefined) return '';
    return describeBucket(histogram, startMs, noun, mark === undefined ? parts : [...parts, mark]);
  };
  return (
    <>
      <div className={classes.line}>
        {before}
        <span className={classes.pointed}>{pointed === null ? '' : describe(pointed)}</span>
        {after}
      </div>
      {chart === null ? (
        error === null ? (
          <div className={classes.placeholder} />
        ) : (
          <ErrorState error={error} />
        )
      ) : (
        <BarsOverTime
          label={label}
          startsMs={chart.startsMs}
          bucketMs={chart.bucketMs}
          series={chart.series}
          {...(chart.marks === undefined ? {} : { marks: chart.marks })}
          describe={describe}
          onPoint={setPointed}
          {...(onSelect === undefined ? {} : { onSelect })}
        />
      )}
    </>
  );
}

export const countText = (count: number, noun: string): string =>
  `${formatCount(count)} ${count === 1 ? noun : noun.replace(/y$/, 'ie').concat('s')}`;

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

function describeBucket(
  { bucketMs, counts }: Histogram,
  startMs: number,
  noun: string,
  parts: readonly Part[],
): string {
  const [start, end] = [new Date(startMs), new Date(startMs + bucketMs)];
  const clock = (at: Date): string => formatBucketClock(at, bucketMs);
  const time = bucketMs >= dayMs ? formatDay(start) : `${formatDay(start)} ${clock(start)} – ${clock(end)}`;
  const found = counts.get(startMs) ?? empty;
  const numbers = parts.flatMap(({ name, of }) => (of(found) > 0 ? [`${formatCount(of(found))} ${name}`] : []));
  return [time, countText(found.total ?? 0, noun), ...numbers].join(' · ');
}
