import type { ReactNode } from 'react';
import classes from './text.module.css';

export function Mono({ children, dim = false }: { children: ReactNode; dim?: boolean }) {
  return <span className={dim ? `${classes.mono} ${classes.dim}` : classes.mono}>{children}</span>;
}
