import type { CSSProperties, ReactNode } from 'react';
import classes from './virtual-list.module.css';

/** Column heads over a list with the same `columns`. */
export function ListHead({ columns, cells }: { columns?: string; cells: readonly ReactNode[] }) {
  const style: CSSProperties & Partial<Record<'--columns', string>> =
    columns === undefined ? {} : { '--columns': columns };
  return (
    <div className={classes.head} style={style} aria-hidden>
      {cells.map((cell, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: column heads never move
        <span key={index} className={classes.cell}>
          {cell}
        </span>
      ))}
    </div>
  );
}

/** The head of a column of numbers, which end at its right edge. */
export const endHead = (text: string) => (
  <span key={text} className={classes.endHead}>
    {text}
  </span>
);
