import { Button } from '@mantine/core';
import { type KeyboardEvent, useEffect, useState } from 'react';
import type { PlanDifference } from '../../../../shared/contract/approvals.ts';
import classes from './changed-notice.module.css';
import { DifferenceTable } from './difference-table.tsx';

/** As long as it takes to notice that the text has changed: a click that was on its way confirms nothing. */
const unnoticedMs = 800;

/** A press of the mouse, Enter or Space confirms; the chord that approves and a key that is held down do not. */
function keepFromConfirming(event: KeyboardEvent): void {
  if (event.repeat || event.ctrlKey || event.metaKey) event.preventDefault();
}

interface ChangedNoticeProps {
  differences: readonly PlanDifference[];
  onReviewed: () => void;
}

/** What changed under an open approval. It cannot be approved before the operator says that this was reviewed. */
export function ChangedNotice({ differences, onReviewed }: ChangedNoticeProps) {
  const [isNew, setNew] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setNew(false), unnoticedMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <section className={classes.notice} role="alert" aria-label="Changed while open">
      <p className={classes.title}>This run changed while you were looking at it</p>
      <DifferenceTable differences={differences} />
      <div className={classes.actions}>
        <Button variant="default" disabled={isNew} onKeyDown={keepFromConfirming} onClick={onReviewed}>
          Review done
        </Button>
        <span>Review the changes before you approve.</span>
      </div>
    </section>
  );
}
