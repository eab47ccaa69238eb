import type { ReactNode } from 'react';
import { Lamp } from '../../../ui/feedback/lamp.tsx';
import classes from './first-steps.module.css';

interface StepProps {
  title: string;
  /** It has really happened: it is stored. */
  isDone: boolean;
  children: ReactNode;
}

export function Step({ title, isDone, children }: StepProps) {
  return (
    <li className={classes.step}>
      <Lamp tone={isDone ? 'green' : 'grey'} lit={isDone} label={isDone ? 'Done' : 'To do'} />
      <div className={classes.body}>
        <h2>{title}</h2>
        {children}
      </div>
    </li>
  );
}
