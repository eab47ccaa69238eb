import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { monoInput } from '../../../ui/forms/mono-input.ts';
import classes from '../jobs.module.css';

interface Row {
  id: string;
  /** Of the environment variable. */
  name: string;
}

interface VariableRowsProps<R extends Row> {
  rows: readonly R[];
  /** What a row holds, in the middle of a sentence. */
  what: string;
  labels: { name: string; add: string };
  rowClass: string | undefined;
  errors: Record<string, string>;
  isNameWrong: (row: R) => boolean;
  readOnly: boolean;
  newRow: () => R;
  onChange: (rows: readonly R[]) => void;
  value: (row: R, change: (part: Partial<R>) => void) => ReactNode;
}

/** Variables a run gets: the name of each, and what stands for its value. */
export function VariableRows<R extends Row>({
  rows,
  what,
  labels,
  readOnly,
  onChange,
  ...parts
}: VariableRowsProps<R>) {
  const replace = (next: R): void => onChange(rows.map((row) => (row.id === next.id ? next : row)));
  return (
    <div className={classes.table}>
      {rows.map((row) => (
        <div key={row.id}>
          <div className={parts.rowClass}>
            <TextInput
              aria-label={labels.name}
              classNames={monoInput}
              placeholder="Name"
              value={row.name}
              disabled={readOnly}
              error={parts.errors[row.id] !== undefined || parts.isNameWrong(row)}
              onChange={(event) => replace({ ...row, name: event.currentTarget.value })}
            />
            {parts.value(row, (part) => replace({ ...row, ...part }))}
            {!readOnly && (
              <ActionIcon
                aria-label={`Remove ${row.name === '' ? `the ${what}` : row.name}`}
                onClick={() => onChange(rows.filter((one) => one.id !== row.id))}
              >
                <IconX size={14} stroke={1.7} />
              </ActionIcon>
            )}
          </div>
          <InlineError message={parts.errors[row.id] ?? null} />
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
          onClick={() => onChange([...rows, parts.newRow()])}
        >
          {labels.add}
        </Button>
      )}
    </div>
  );
}
