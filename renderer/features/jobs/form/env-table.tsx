import { TextInput } from '@mantine/core';
import { monoInput } from '../../../ui/forms/mono-input.ts';
import classes from '../jobs.module.css';
import { type EnvRow, envRow } from '../model/job-draft.ts';
import { VariableRows } from './variable-rows.tsx';

interface EnvTableProps {
  rows: readonly EnvRow[];
  errors: Record<string, string>;
  readOnly: boolean;
  onChange: (rows: readonly EnvRow[]) => void;
  /** What a row is, in the singular. */
  what?: 'variable' | 'header';
}

export function EnvTable({ rows, errors, readOnly, onChange, what = 'variable' }: EnvTableProps) {
  const label = what === 'variable' ? 'Variable' : 'Header';
  return (
    <VariableRows
      rows={rows}
      what={what}
      labels={{ name: label, add: label }}
      rowClass={classes.envRow}
      errors={errors}
      isNameWrong={(row) => errors[`env.${row.name}`] !== undefined}
      readOnly={readOnly}
      newRow={envRow}
      onChange={onChange}
      value={(row, change) => (
        <TextInput
          aria-label={`Value of ${row.name === '' ? `the ${what}` : row.name}`}
          classNames={monoInput}
          placeholder="Value"
          value={row.value}
          disabled={readOnly}
          onChange={(event) => change({ value: event.currentTarget.value })}
        />
      )}
    />
  );
}
