import { useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import { dayMs, formatBucketClock, formatDay } from '../text/format.ts';
import classes from './charts.module.css';
import { useChart } from './use-chart.ts';

export type ChartTone = 'green' | 'grey' | 'red' | 'blue' | 'amber';

export interface BarSeries {
  name: string;
  tone: ChartTone;
  /** One number for each bucket. */
  values: readonly number[];
}

interface BarsOverTimeProps {
  label: string;
  /** When each bucket begins, and how long it is. */
  startsMs: readonly number[];
  bucketMs: number;
  /** Stacked, the first at the bottom. */
  series: readonly BarSeries[];
  /** A mark at the top of each bucket in which this is not 0. */
  marks?: BarSeries;
  /** Counts of a bucket as text, for screen readers. */
  describe: (index: number) => string;
  onPoint: (index: number | null) => void;
  /** A range was drawn, or a bucket chosen. Without it, the chart is read-only. */
  onSelect?: (fromMs: number, toMs: number) => void;
}

const heightPx = 64;

/** Stacked bars over time. Drag to choose a range; arrow keys move from bar to bar, Enter chooses one. */
export function BarsOverTime(props: BarsOverTimeProps) {
  const { label, startsMs, bucketMs, series, marks, describe, onPoint, onSelect } = props;
  const [pointed, setPointed] = useState<number | null>(null);
  const latest = useRef(props);
  latest.current = props;

  const data = useMemo<uPlot.AlignedData>(() => stack(startsMs, series), [startsMs, series]);
  const { host, plot } = useChart({
    heightPx,
    data,
    tones: series.map((one) => one.tone).join(' '),
    options: (element) => optionsFor(element, latest),
    alsoDrawn: marks,
  });

  const point = (index: number | null): void => {
    setPointed(index);
    onPoint(index);
    const chart = plot.current;
    const startMs = index === null ? undefined : startsMs[index];
    if (chart === null) return;
    const left = startMs === undefined ? -10 : chart.valToPos((startMs + bucketMs / 2) / 1000, 'x');
    chart.setCursor({ left, top: 0 }, false);
  };
  const last = startsMs.length - 1;
  const at = pointed === null ? last : Math.min(pointed, last);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const to = { ArrowLeft: at - 1, ArrowRight: pointed === null ? last : at + 1, Home: 0, End: last }[event.key];
    const startMs = startsMs[at];
    if (to !== undefined) point(Math.max(0, Math.min(last, to)));
    else if (event.key === 'Enter' && pointed !== null && startMs !== undefined)
      onSelect?.(startMs, startMs + bucketMs);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={host}
      className={classes.bars}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, last)}
      aria-valuenow={Math.max(0, at)}
      aria-valuetext={at < 0 ? 'No data' : describe(at)}
      onKeyDown={onKeyDown}
      onBlur={() => point(null)}
    />
  );
}

/** Each series drawn over the one that includes it: the whole stack first, its lowest part last. */
function stack(startsMs: readonly number[], series: readonly BarSeries[]): uPlot.AlignedData {
  const sums: number[][] = [];
  let below = startsMs.map(() => 0);
  for (const { values } of series) {
    below = below.map((sum, index) => sum + (values[index] ?? 0));
    sums.push(below);
  }
  return [startsMs.map((ms) => ms / 1000), ...sums.reverse()];
}

function optionsFor(element: HTMLElement, latest: { current: BarsOverTimeProps }): uPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const bars = uPlot.paths.bars?.({ size: [0.86, 40], align: 1 });
  const tones = latest.current.series.map((one) => one.tone).reverse();
  const axisText = color('--sb-text-3');
  return {
    width: Math.max(1, element.clientWidth),
    height: heightPx,
    padding: [6, () => sidePx(latest.current), 0, () => sidePx(latest.current)],
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: latest.current.onSelect !== undefined, y: false, setScale: false },
    },
    scales: {
      x: {
        time: true,
        range: () => {
          const { startsMs, bucketMs } = latest.current;
          const [first = 0] = startsMs;
          return [first / 1000, ((startsMs.at(-1) ?? first) + bucketMs) / 1000];
        },
      },
      y: { range: (_chart, _min, max) => [0, Math.max(1, max)] },
    },
    axes: [
      {
        stroke: axisText,
        font: `11px ${color('--sb-sans') || 'sans-serif'}`,
        size: 18,
        gap: 2,
        space: 90,
        values: (_chart, splits) => splits.map((seconds) => axisTime(seconds * 1000, latest.current)),
        grid: { show: false },
        ticks: { show: false },
      },
      { show: false },
    ],
    series: [
      {},
      ...tones.map((tone) => ({
        fill: color(`--sb-${tone}`),
        width: 0,
        points: { show: false },
        ...(bars === undefined ? {} : { paths: bars }),
      })),
    ],
    hooks: {
      draw: [(chart) => drawMarks(chart, latest.current, color('--sb-amber'))],
      setCursor: [(chart) => pointAt(chart, latest.current)],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width < 3) return;
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          latest.current.onSelect?.(chart.posToVal(left, 'x') * 1000, chart.posToVal(left + width, 'x') * 1000);
        },
      ],
    },
  };
}

/** Half the widest label under the axis stands beside the first and the last bar. */
const sidePx = (props: BarsOverTimeProps): number => axisTime(props.startsMs[0] ?? 0, props).length * 3.2;

/** As precise as the buckets; with the date where the bars span more than a day. */
function axisTime(ms: number, { startsMs, bucketMs }: BarsOverTimeProps): string {
  const at = new Date(ms);
  if (bucketMs >= dayMs) return formatDay(at);
  const clock = formatBucketClock(at, bucketMs);
  const isMoreThanADay = (startsMs.at(-1) ?? 0) - (startsMs[0] ?? 0) > dayMs;
  return isMoreThanADay ? `${formatDay(at).slice(5)} ${clock}` : clock;
}

function pointAt(chart: uPlot, { startsMs, bucketMs, onPoint }: BarsOverTimeProps): void {
  const { left } = chart.cursor;
  if (left === undefined || left < 0) {
    onPoint(null);
    return;
  }
  const index = Math.floor((chart.posToVal(left, 'x') * 1000 - (startsMs[0] ?? 0)) / bucketMs);
  onPoint(index >= 0 && index < startsMs.length ? index : null);
}

const markPx = 5;

function drawMarks(chart: uPlot, { startsMs, bucketMs, marks }: BarsOverTimeProps, color: string): void {
  const { ctx, bbox } = chart;
  const size = markPx * devicePixelRatio;
  ctx.save();
  ctx.fillStyle = color;
  startsMs.forEach((startMs, index) => {
    if ((marks?.values[index] ?? 0) === 0) return;
    const middle = chart.valToPos((startMs + bucketMs / 2) / 1000, 'x', true);
    ctx.beginPath();
    ctx.moveTo(middle - size / 2, bbox.top - size);
    ctx.lineTo(middle + size / 2, bbox.top - size);
    ctx.lineTo(middle, bbox.top);
    ctx.fill();
  });
  ctx.restore();
}
