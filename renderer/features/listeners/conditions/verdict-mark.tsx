import { IconCheck, IconX } from '@tabler/icons-react';
import classes from '../listeners.module.css';
import { useTree } from './tree-context.ts';

/** What the event on the bench says of a clause; keeps its place when there is nothing to say. */
export function VerdictMark({ id }: { id: string }) {
  const verdict = useTree().verdicts.get(id);
  if (verdict === undefined) return <span className={classes.verdict} data-passed="unknown" />;
  return (
    <span
      className={classes.verdict}
      data-passed={verdict.passed}
      role="img"
      aria-label={verdict.passed ? 'true for the event' : 'false for the event'}
    >
      {verdict.passed ? <IconCheck size={14} stroke={2} /> : <IconX size={14} stroke={2} />}
    </span>
  );
}
