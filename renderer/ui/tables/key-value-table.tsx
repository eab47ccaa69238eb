import type { ReactNode } from 'react';
import { CopyButton } from '../feedback/copy-button.tsx';
import classes from './key-value-table.module.css';

export interface KeyValueRow {
  key: string;
  value: ReactNode;
  /** Text that a copy button at the row's end copies. */
  copy?: string;
}

/** Names left, values right; names may repeat. */
export function KeyValueTable({ rows, mono = false }: { rows: readonly KeyValueRow[]; mono?: boolean }) {
  return (
    <dl className={classes.table} data-mono={mono}>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: headers repeat their names, only the place tells them apart
        <div key={`${index}-${row.key}`} className={classes.row}>
          <dt>{row.key}</dt>
          <dd>
            <span>{row.value}</span>
            {row.copy !== undefined && (
              <span className={classes.copy}>
                <CopyButton text={row.copy} title={`Copy ${row.key}`} />
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
