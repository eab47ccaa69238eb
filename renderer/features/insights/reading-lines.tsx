import { useMemo } from 'react';
import type { Readings } from '../../../shared/contract/insights.ts';
import type { Period } from '../../domain/time/period-picker.tsx';
import type { ChartTone } from '../../ui/charts/bars-over-time.tsx';
import { LineOverTime } from '../../ui/charts/line-over-time.tsx';
import type { StepKind } from '../../ui/charts/value-steps.ts';

type Point = Readings['points'][number];

interface ReadingLinesProps {
  label: string;
  period: Period;
  points: readonly Point[];
  /** The same list at every render. */
  series: readonly { name: string; tone: ChartTone; of: (point: Point) => number | null }[];
  format: (value: number) => string;
  steps?: StepKind;
}

/** Readings of the period as lines. */
export function ReadingLines({ label, period, points, series, format, steps = 'decimal' }: ReadingLinesProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: `series` differs by its functions alone, which stay the same
  const chart = useMemo(() => {
    const atMs = points.map(({ at }) => Date.parse(at));
    const toMs = atMs.at(-1) ?? Date.now();
    return {
      atMs,
      toMs,
      fromMs: toMs - period.hours * 3_600_000,
      series: series.map(({ name, tone, of }) => ({ name, tone, values: points.map(of) })),
    };
  }, [points, period]);
  return <LineOverTime label={label} {...chart} format={format} steps={steps} />;
}
