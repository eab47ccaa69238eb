import type { ReactNode } from 'react';
import classes from './text.module.css';

export function Hint({ children }: { children: ReactNode }) {
  return <div className={classes.hint}>{children}</div>;
}
