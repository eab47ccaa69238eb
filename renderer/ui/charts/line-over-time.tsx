import { useMemo, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { dayMs, formatClock, formatDay } from '../text/format.ts';
import type { ChartTone } from './bars-over-time.tsx';
import classes from './charts.module.css';
import { useChart } from './use-chart.ts';
import { type StepKind, valueSteps } from './value-steps.ts';

export interface LineSeries {
  name: string;
  tone: ChartTone;
  /** One for each time; null where there is none. */
  values: readonly (number | null)[];
}

interface LineOverTimeProps {
  label: string;
  /** What is shown, and when each value was read. */
  fromMs: number;
  toMs: number;
  atMs: readonly number[];
  series: readonly LineSeries[];
  format: (value: number) => string;
  steps?: StepKind;
}

const heightPx = 96;
/** A line needs two values; fewer are drawn as points. */
const leastForLine = 2;

/** Values over time as lines, with the values under the pointer below. */
export function LineOverTime(props: LineOverTimeProps) {
  const { label, atMs, series, format } = props;
  const [pointed, setPointed] = useState<number | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const data = useMemo<uPlot.AlignedData>(
    () => [atMs.map((ms) => ms / 1000), ...series.map(({ values }) => [...values])],
    [atMs, series],
  );
  const { host } = useChart({
    heightPx,
    data,
    tones: series.map(({ tone }) => tone).join(' '),
    options: (element) => optionsFor(element, latest, setPointed),
  });

  const textAt = (index: number): string => {
    const at = atMs[index];
    if (at === undefined) return '';
    const values = series.flatMap(({ name, values: of }) => {
      const value = of[index];
      return value === null || value === undefined ? [] : [`${name} ${format(value)}`];
    });
    const time = `${formatDay(new Date(at))} ${formatClock(new Date(at), false).slice(0, 5)}`;
    return [time, ...(values.length === 0 ? ['no data'] : values)].join(' · ');
  };
  const last = atMs.length - 1;
  return (
    <figure className={classes.figure}>
      <div
        ref={host}
        className={classes.lines}
        role="img"
        aria-label={last < 0 ? label : `${label}: ${textAt(last)}`}
      />
      <figcaption className={classes.caption}>
        {series.map(({ name, tone }) => (
          <span key={name} className={classes.key}>
            <span className={classes.dot} style={{ background: `var(--sb-${tone})` }} aria-hidden />
            {name}
          </span>
        ))}
        <span className={classes.pointed}>{pointed === null ? '' : textAt(pointed)}</span>
      </figcaption>
    </figure>
  );
}

function optionsFor(
  element: HTMLElement,
  latest: { current: LineOverTimeProps },
  onPoint: (index: number | null) => void,
): uPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color('--sb-text-3'),
    font: `11px ${color('--sb-sans') || 'sans-serif'}`,
    ticks: { show: false },
    gap: 4,
  };
  const stepsTo = (max: number): number[] => valueSteps(max, latest.current.steps ?? 'decimal');
  return {
    width: Math.max(1, element.clientWidth),
    height: heightPx,
    padding: [8, 24, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 5 }, drag: { x: false, y: false } },
    scales: {
      x: { time: true, range: () => [latest.current.fromMs / 1000, latest.current.toMs / 1000] },
      y: { range: (_chart, _min, max) => [0, stepsTo(max).at(-1) ?? 1] },
    },
    axes: [
      {
        ...axis,
        size: 18,
        space: 90,
        grid: { show: false },
        values: (_chart, splits) => splits.map((seconds) => axisTime(seconds * 1000, latest.current)),
      },
      {
        ...axis,
        size: 58,
        grid: { stroke: color('--sb-border'), width: 1 },
        splits: (_chart, _axis, _min, max) => stepsTo(max),
        values: (_chart, splits) => splits.map((value) => latest.current.format(value)),
      },
    ],
    series: [
      {},
      ...latest.current.series.map(({ tone }) => ({
        stroke: color(`--sb-${tone}`),
        width: 1.5,
        spanGaps: true,
        points: { show: hasNoLine, size: 4, fill: color(`--sb-${tone}`) },
      })),
    ],
    hooks: {
      setCursor: [(chart) => onPoint((chart.cursor.left ?? -1) < 0 ? null : (chart.cursor.idx ?? null))],
    },
  };
}

/** Whether a series has too few values for a line. */
const hasNoLine = (chart: uPlot, series: number): boolean =>
  (chart.data[series] ?? []).filter((value) => value !== null && value !== undefined).length < leastForLine;

function axisTime(ms: number, { fromMs, toMs }: LineOverTimeProps): string {
  const at = new Date(ms);
  const clock = formatClock(at, false).slice(0, 5);
  return toMs - fromMs > 3 * dayMs ? formatDay(at).slice(5) : clock;
}
