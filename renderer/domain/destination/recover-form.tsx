import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { dayMs } from '../../ui/text/format.ts';
import { PermittedButton } from '../access/permitted-button.tsx';
import classes from './destination-view.module.css';

const hourMs = 3_600_000;
const spans = [
  { value: 'hour', label: 'Last hour', ms: hourMs },
  { value: 'day', label: 'Last 24 hours', ms: dayMs },
  { value: 'days', label: 'Last 5 days', ms: 5 * dayMs },
  { value: 'month', label: 'Last 30 days', ms: 30 * dayMs },
] as const;
const custom = { value: 'custom', label: 'Since a time' } as const;

/** Sends again what has failed since a time. */
export function RecoverForm({ busy, onRecover }: { busy: boolean; onRecover: (since: string) => void }) {
  const [span, setSpan] = useState<string>('days');
  const [since, setSince] = useState('');
  const sinceMs = Date.parse(since);
  const chosen = spans.find((one) => one.value === span);
  return (
    <div className={classes.recover}>
      <Select
        label="Send failed events again"
        data={[...spans.map(({ value, label }) => ({ value, label })), custom]}
        value={span}
        allowDeselect={false}
        w={180}
        onChange={(value) => setSpan(value ?? 'days')}
      />
      {chosen === undefined && (
        <TextInput
          type="datetime-local"
          label="Since"
          value={since}
          onChange={(event) => setSince(event.currentTarget.value)}
        />
      )}
      <PermittedButton
        needs="operate"
        variant="default"
        loading={busy}
        disabled={chosen === undefined && Number.isNaN(sinceMs)}
        onClick={() => onRecover(new Date(chosen === undefined ? sinceMs : Date.now() - chosen.ms).toISOString())}
      >
        Recover
      </PermittedButton>
      <p className={classes.hint}>
        Also activates and resumes the destination, and sends what waits for another attempt.
      </p>
    </div>
  );
}
