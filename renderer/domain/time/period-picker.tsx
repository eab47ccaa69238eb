import { SegmentedControl } from '@mantine/core';
import classes from './time.module.css';

export const periods = [
  { value: '24', label: '24 hours', term: '24h', hours: 24 },
  { value: '168', label: '7 days', term: '7d', hours: 168 },
  { value: '720', label: '30 days', term: '30d', hours: 720 },
] as const;

/** A time up to now; `term` is what `after:` takes. */
export type Period = (typeof periods)[number];

export function PeriodPicker({ period, onChange }: { period: Period; onChange: (period: Period) => void }) {
  return (
    <SegmentedControl
      aria-label="Period"
      className={classes.periods}
      data={periods.map(({ value, label }) => ({ value, label }))}
      value={period.value}
      onChange={(hours) => onChange(periods.find((one) => one.value === hours) ?? periods[0])}
    />
  );
}

/** The query with the time that was drawn on a chart, to the second. */
export function withDrawnTime(query: string, fromMs: number, toMs: number): string {
  const time = (ms: number): string => new Date(Math.round(ms / 1000) * 1000).toISOString();
  return `${query} after:${time(fromMs)} before:${time(Math.max(toMs, fromMs + 1000))}`.trim();
}
