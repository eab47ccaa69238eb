import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { InlineError } from '../../components/inline-error.tsx';
import { monoInput } from '../../components/mono-input.ts';
import { SecretRefField } from '../../components/secret-ref-field.tsx';
import { type SecretRow, secretRow } from '../../stores/jobs-draft.ts';
import classes from './jobs.module.css';

interface SecretsTableProps {
  rows: readonly SecretRow[];
  errors: Record<string, string>;
  jobSlug: string;
  readOnly: boolean;
  onChange: (rows: readonly SecretRow[]) => void;
}

/** Environment name → where its value is kept. */
export function SecretsTable({ rows, errors, jobSlug, readOnly, onChange }: SecretsTableProps) {
  const change = (id: string, part: Partial<SecretRow>): void =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  return (
    <div className={classes.table}>
      {rows.map((row) => (
        <div key={row.id}>
          <div className={classes.secretRow}>
            <TextInput
              aria-label="Variable that carries the secret"
              classNames={monoInput}
              placeholder="NAME"
              value={row.name}
              disabled={readOnly}
              error={errors[row.id] !== undefined || errors[`secrets.${row.name}`] !== undefined}
              onChange={(event) => change(row.id, { name: event.currentTarget.value })}
            />
            <SecretRefField
              label={row.name === '' ? 'Secret' : row.name}
              value={row.ref}
              readOnly={readOnly}
              suggestedName={[jobSlug, row.name.toLowerCase().replaceAll('_', '-')].filter(Boolean).join('-')}
              onChange={(ref) => change(row.id, { ref })}
            />
            {!readOnly && (
              <ActionIcon
                aria-label={`Remove ${row.name === '' ? 'the secret' : row.name}`}
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
          onClick={() => onChange([...rows, secretRow()])}
        >
          Secret
        </Button>
      )}
    </div>
  );
}
