import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { InlineError } from '../../components/inline-error.tsx';
import { monoInput } from '../../components/mono-input.ts';
import { type EnvRow, envRow } from '../../stores/jobs-draft.ts';
import classes from './jobs.module.css';

interface EnvTableProps {
  rows: readonly EnvRow[];
  errors: Record<string, string>;
  readOnly: boolean;
  onChange: (rows: readonly EnvRow[]) => void;
}

export function EnvTable({ rows, errors, readOnly, onChange }: EnvTableProps) {
  const change = (id: string, part: Partial<EnvRow>): void =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  return (
    <div className={classes.table}>
      {rows.map((row) => (
        <div key={row.id}>
          <div className={classes.envRow}>
            <TextInput
              aria-label="Variable"
              classNames={monoInput}
              placeholder="NAME"
              value={row.name}
              disabled={readOnly}
              error={errors[row.id] !== undefined || errors[`env.${row.name}`] !== undefined}
              onChange={(event) => change(row.id, { name: event.currentTarget.value })}
            />
            <TextInput
              aria-label={`Value of ${row.name === '' ? 'the variable' : row.name}`}
              classNames={monoInput}
              placeholder="value"
              value={row.value}
              disabled={readOnly}
              onChange={(event) => change(row.id, { value: event.currentTarget.value })}
            />
            {!readOnly && (
              <ActionIcon
                aria-label={`Remove ${row.name === '' ? 'the variable' : row.name}`}
                onClick={() => onChange(rows.filter((one) => one.id !== row.id))}
              >
                <IconX size={14} stroke={1.7} />
              </ActionIcon>
            )}
          </div>
          <InlineError message={errors[row.id] ?? null} />
        </div>
      ))}
      {readOnly && rows.length === 0 && <span className={classes.quiet}>None</span>}
      {!readOnly && (
        <Button
          className={classes.addRow}
          variant="subtle"
          color="gray"
          size="compact-xs"
          leftSection={<IconPlus size={12} stroke={1.8} />}
          onClick={() => onChange([...rows, envRow()])}
        >
          Variable
        </Button>
      )}
    </div>
  );
}
