import type { ReactNode } from 'react';
import type { CallState } from '../../model/calls/use-call.ts';
import { OverviewSection } from '../../ui/charts/fact-list.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import classes from './insights.module.css';

export function Card({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.card}>
      <OverviewSection title={title} note={note} level={2}>
        {children}
      </OverviewSection>
    </div>
  );
}

/** What a call gave, once it is there. */
export function Loaded<T>({ of, children }: { of: CallState<T>; children: (value: T) => ReactNode }) {
  if (of.value !== undefined) return children(of.value);
  return of.error === null ? <div className={classes.waiting} /> : <ErrorState error={of.error} onRetry={of.reload} />;
}
