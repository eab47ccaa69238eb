import { SecretRefField } from '../../../domain/definition/secrets/secret-ref-field.tsx';
import classes from '../jobs.module.css';
import { type SecretRow, secretRow } from '../model/job-draft.ts';
import { VariableRows } from './variable-rows.tsx';

interface SecretsTableProps {
  rows: readonly SecretRow[];
  errors: Record<string, string>;
  jobSlug: string;
  readOnly: boolean;
  onChange: (rows: readonly SecretRow[]) => void;
}

/** Environment name → where its value is kept. */
export function SecretsTable({ rows, errors, jobSlug, readOnly, onChange }: SecretsTableProps) {
  return (
    <VariableRows
      rows={rows}
      what="secret"
      labels={{ name: 'Variable that carries the secret', add: 'Secret' }}
      rowClass={classes.secretRow}
      errors={errors}
      isNameWrong={(row) => errors[`secrets.${row.name}`] !== undefined}
      readOnly={readOnly}
      newRow={secretRow}
      onChange={onChange}
      value={(row, change) => (
        <SecretRefField
          label={row.name === '' ? 'Secret' : row.name}
          value={row.ref}
          readOnly={readOnly}
          suggestedName={[jobSlug, row.name.toLowerCase().replaceAll('_', '-')].filter(Boolean).join('-')}
          onChange={(ref) => change({ ref })}
        />
      )}
    />
  );
}
