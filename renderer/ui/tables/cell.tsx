import type { ReactNode } from 'react';
import classes from './virtual-list.module.css';

interface CellProps {
  children?: ReactNode;
  mono?: boolean;
  dim?: boolean;
  align?: 'start' | 'end' | 'center';
  title?: string;
}

/** One cell of a row: a single line, cut with an ellipsis. */
export function Cell({ children, mono = false, dim = false, align = 'start', title }: CellProps) {
  return (
    <span className={classes.cell} data-mono={mono} data-dim={dim} data-align={align} title={title}>
      {children}
    </span>
  );
}
