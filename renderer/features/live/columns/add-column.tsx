import { Autocomplete, Button, Popover } from '@mantine/core';
import { cloneElement, type ReactElement, useState } from 'react';
import { columnTitles } from '../../../../shared/columns/columns.ts';
import { type Column, columnSchema, maxColumns, namedColumns } from '../../../../shared/contract/views.ts';
import { useCatalog } from '../../../model/definitions/catalog.ts';
import { added } from './column-layout.ts';
import classes from './columns.module.css';

interface AddColumnProps {
  columns: readonly Column[];
  onColumns: (columns: readonly Column[]) => void;
  /** The button that opens it. */
  children: ReactElement<{ onClick?: () => void }>;
}

/** Adds a column: one of the named ones, or any path of the payload or context. */
export function AddColumn({ columns, onColumns, children }: AddColumnProps) {
  const [isOpen, setOpen] = useState(false);
  const [path, setPath] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const known = useCatalog((state) => state.paths);
  const isFull = columns.length >= maxColumns;
  const left = namedColumns.filter((name) => !columns.some(({ field }) => field === name));
  const close = (): void => {
    setOpen(false);
    setPath('');
    setProblem(null);
  };
  const add = (field: string): void => {
    const parsed = columnSchema.safeParse({ field: field.trim() });
    if (!parsed.success) {
      setProblem(parsed.error.issues[0]?.message ?? 'must be a path such as payload.id');
      return;
    }
    onColumns(added(columns, parsed.data.field));
    close();
  };
  return (
    <Popover
      opened={isOpen}
      onChange={(next) => (next ? setOpen(true) : close())}
      position="bottom-end"
      width={280}
      trapFocus
    >
      <Popover.Target>{cloneElement(children, { onClick: () => setOpen(!isOpen) })}</Popover.Target>
      <Popover.Dropdown aria-label="Add column">
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            add(path);
          }}
        >
          {isFull ? (
            <p className={classes.hint}>A list has at most {maxColumns} columns. Remove one of them first.</p>
          ) : (
            <>
              <Autocomplete
                label="Field"
                placeholder="payload.customer.id"
                data={[...known]}
                limit={8}
                value={path}
                onChange={(next) => {
                  setPath(next);
                  setProblem(null);
                }}
                error={problem}
                data-autofocus
                comboboxProps={{ withinPortal: false }}
              />
              <Button type="submit" disabled={path.trim() === ''}>
                Add column
              </Button>
              {left.length > 0 && (
                <div className={classes.names}>
                  {left.map((name) => (
                    <Button key={name} variant="default" size="compact-xs" onClick={() => add(name)}>
                      {columnTitles[name]}
                    </Button>
                  ))}
                </div>
              )}
            </>
          )}
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
