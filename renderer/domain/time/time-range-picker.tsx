import { Button, Popover, TextInput } from '@mantine/core';
import { IconCalendarTime, IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import type { TimeTerms } from '../../../shared/query/time-terms.ts';
import { formatClock, formatDay } from '../../ui/text/format.ts';
import classes from './time.module.css';

const spans = [
  { after: '15m', name: 'Last 15 minutes' },
  { after: '1h', name: 'Last hour' },
  { after: '6h', name: 'Last 6 hours' },
  { after: '24h', name: 'Last 24 hours' },
  { after: '7d', name: 'Last 7 days' },
  { after: '30d', name: 'Last 30 days' },
] as const;

interface TimeRangePickerProps {
  times: TimeTerms;
  /** The range shown now, as the start of a custom range. */
  shown: { fromMs: number; toMs: number } | null;
  onChange: (times: TimeTerms) => void;
}

/** Chooses the time range of the list and its chart. */
export function TimeRangePicker({ times, shown, onChange }: TimeRangePickerProps) {
  const [isOpen, setOpen] = useState(false);
  const choose = (next: TimeTerms): void => {
    setOpen(false);
    onChange(next);
  };
  return (
    <Popover position="bottom-end" width={250} opened={isOpen} onChange={setOpen} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          leftSection={<IconCalendarTime size={13} stroke={1.6} />}
          aria-haspopup="dialog"
          onClick={() => setOpen((open) => !open)}
          rightSection={<IconChevronDown size={12} stroke={1.6} />}
        >
          {nameOf(times)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Time range" className={classes.ranges}>
        {[{ after: null, name: 'All time' }, ...spans].map(({ after, name }) => (
          <button
            key={name}
            type="button"
            className={classes.range}
            aria-pressed={times.after === after && times.before === null}
            onClick={() => choose({ after, before: null })}
          >
            {name}
          </button>
        ))}
        {isOpen && <CustomRange shown={shown} onApply={choose} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function nameOf({ after, before }: TimeTerms): string {
  if (after === null && before === null) return 'All time';
  const span = spans.find((one) => one.after === after);
  if (span !== undefined && before === null) return span.name;
  if (before === null) return `Since ${nameOfTime(after ?? '')}`;
  if (after === null) return `Until ${nameOfTime(before)}`;
  return `${nameOfTime(after)} – ${nameOfTime(before)}`;
}

/** An age as typed; an ISO time in local time. */
function nameOfTime(text: string): string {
  const at = new Date(text);
  if (/^\d+[a-z]+$/i.test(text)) return `${text} ago`;
  return Number.isNaN(at.getTime()) ? text : `${formatDay(at)} ${formatClock(at, false)}`;
}

const fieldValue = (ms: number): string => {
  const at = new Date(ms);
  return `${formatDay(at)}T${formatClock(at, false)}`;
};

function CustomRange({
  shown,
  onApply,
}: {
  shown: TimeRangePickerProps['shown'];
  onApply: (times: TimeTerms) => void;
}) {
  const [from, setFrom] = useState(shown === null ? '' : fieldValue(shown.fromMs));
  const [to, setTo] = useState('');
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const isReversed = toMs <= fromMs;
  const isEmpty = from === '' && to === '';
  const term = (ms: number): string | null => (Number.isNaN(ms) ? null : new Date(ms).toISOString());
  const apply = (event: React.FormEvent): void => {
    event.preventDefault();
    if (!isReversed && !isEmpty) onApply({ after: term(fromMs), before: term(toMs) });
  };
  return (
    <form className={classes.custom} onSubmit={apply}>
      <TextInput type="datetime-local" step={1} label="From" value={from} onChange={(e) => setFrom(e.target.value)} />
      <TextInput
        type="datetime-local"
        step={1}
        label="To"
        value={to}
        onChange={(e) => setTo(e.target.value)}
        error={isReversed ? 'Must be after From' : undefined}
      />
      <Button type="submit" disabled={isReversed || isEmpty}>
        Show this range
      </Button>
    </form>
  );
}
