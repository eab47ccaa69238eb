import { ActionIcon, Menu } from '@mantine/core';
import {
  IconArrowLeft,
  IconArrowRight,
  IconColumnRemove,
  IconPlus,
  IconRestore,
  IconSortAscending,
  IconSortDescending,
} from '@tabler/icons-react';
import { type CSSProperties, memo, useRef } from 'react';
import { columnTitle, isNamedColumn } from '../../../../shared/columns/columns.ts';
import type { Column } from '../../../../shared/contract/views.ts';
import type { Look } from '../model/live-look.ts';
import { AddColumn } from './add-column.tsx';
import { moved, resized } from './column-layout.ts';
import classes from './columns.module.css';
import { OrderItems } from './order-items.tsx';

interface ColumnHeadProps {
  /** Of the rows below. */
  grid: string;
  /** Those that there is room for. */
  shown: readonly Column[];
  look: Look;
  onLook: (look: Look) => void;
  /** Null: they are as the view or the usual list has them. */
  onReset: (() => void) | null;
}

const icon = { size: 14, stroke: 1.6 };

/** Column heads of Live: each opens a menu, and its right edge changes its width. */
export const ColumnHead = memo(
  Head,
  (a, b) =>
    a.grid === b.grid &&
    a.shown === b.shown &&
    a.look === b.look &&
    a.onLook === b.onLook &&
    // It puts back what `look` is compared with.
    (a.onReset === null) === (b.onReset === null),
);

function Head({ grid, shown, look, onLook, onReset }: ColumnHeadProps) {
  const style: CSSProperties & Record<'--columns', string> = { '--columns': grid };
  const setColumns = (columns: readonly Column[]): void => onLook({ ...look, columns });
  return (
    <div className={classes.head} style={style} role="toolbar" aria-label="Columns">
      <span />
      {shown.map((column) => (
        <HeadCell key={column.field} column={column} look={look} onLook={onLook} onReset={onReset} />
      ))}
      <AddColumn columns={look.columns} onColumns={setColumns}>
        <ActionIcon className={classes.add} size={20} aria-label="Add column" title="Add column">
          <IconPlus size={13} stroke={1.8} />
        </ActionIcon>
      </AddColumn>
    </div>
  );
}

interface HeadCellProps {
  column: Column;
  look: Look;
  onLook: (look: Look) => void;
  /** Null: they are as the view or the usual list has them. */
  onReset: (() => void) | null;
}

function HeadCell({ column: { field }, look, onLook, onReset }: HeadCellProps) {
  const { columns } = look;
  const cell = useRef<HTMLSpanElement>(null);
  const at = columns.findIndex((one) => one.field === field);
  const title = columnTitle(field);
  const setColumns = (next: readonly Column[]): void => onLook({ ...look, columns: next });
  const startResize = (down: React.PointerEvent<HTMLSpanElement>): void => {
    const before = cell.current?.getBoundingClientRect().width ?? 0;
    const handle = down.currentTarget;
    handle.setPointerCapture(down.pointerId);
    const move = (event: PointerEvent): void =>
      setColumns(resized(columns, field, before + event.clientX - down.clientX));
    const end = (): void => {
      handle.removeEventListener('pointermove', move);
      handle.removeEventListener('pointerup', end);
      handle.removeEventListener('pointercancel', end);
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', end);
    handle.addEventListener('pointercancel', end);
    down.preventDefault();
  };

  return (
    <span ref={cell} className={classes.cell}>
      <Menu position="bottom-start" width={210}>
        <Menu.Target>
          <button type="button" className={classes.title} title={isNamedColumn(field) ? undefined : field}>
            <span className={field === 'verified' ? classes.hidden : classes.text}>{title}</span>
            {look.sort?.by === field &&
              (look.sort.descending ? <IconSortDescending size={12} /> : <IconSortAscending size={12} />)}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <OrderItems field={field} look={look} onLook={onLook} />
          <Menu.Item
            leftSection={<IconArrowLeft {...icon} />}
            disabled={at <= 0}
            onClick={() => setColumns(moved(columns, field, -1))}
          >
            Move left
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowRight {...icon} />}
            disabled={at === columns.length - 1}
            onClick={() => setColumns(moved(columns, field, 1))}
          >
            Move right
          </Menu.Item>
          <Menu.Item
            leftSection={<IconColumnRemove {...icon} />}
            disabled={columns.length === 1}
            onClick={() => setColumns(columns.filter((one) => one.field !== field))}
          >
            Remove column
          </Menu.Item>
          {onReset !== null && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconRestore {...icon} />} onClick={onReset}>
                Reset columns
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {field !== 'verified' && <span className={classes.edge} onPointerDown={startResize} aria-hidden />}
    </span>
  );
}
