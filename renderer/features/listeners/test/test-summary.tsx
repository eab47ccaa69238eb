import { Lamp } from '../../../ui/feedback/lamp.tsx';
import classes from '../listeners.module.css';
import { countChanges, type ListenerTestState } from '../model/use-listener-test.ts';

/** The test in one line, in view whatever the form is scrolled to. */
export function TestSummary({ test }: { test: ListenerTestState }) {
  if (!test.isComplete || test.history === null) return null;
  const { newly, lost } = countChanges(test.history.items);
  const changes = [newly > 0 ? `${newly} newly` : '', lost > 0 ? `${lost} no longer` : ''].filter(Boolean).join(', ');
  return (
    <span className={classes.summary} data-stale={test.isStale}>
      {test.verdict !== null && (
        <>
          <Lamp tone={test.verdict.matched ? 'green' : 'grey'} lit={test.verdict.matched} />
          <span>{test.verdict.matched ? 'The event matches' : 'The event does not match'}</span>
          <span aria-hidden>·</span>
        </>
      )}
      <span>
        {test.history.tried === 0
          ? 'No events to test yet'
          : `${test.history.matched} of the last ${test.history.tried} match`}
        {test.isSaved && changes !== '' && ` (${changes})`}
      </span>
    </span>
  );
}
