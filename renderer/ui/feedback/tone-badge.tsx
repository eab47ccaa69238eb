import type { ReactNode } from 'react';
import classes from './lamp.module.css';
import type { Tone } from './lamp.tsx';

export function ToneBadge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={`${classes.badge} ${classes.plain} ${classes[tone]}`}>{children}</span>;
}
