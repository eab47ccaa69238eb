import { Lamp } from '../../../ui/feedback/lamp.tsx';
import { formatCount } from '../../../ui/text/format.ts';
import classes from '../listeners.module.css';
import type { BacktestState } from '../model/use-backtest.ts';
import type { ListenerTestState } from '../model/use-listener-test.ts';

/** The test in one line, in view whatever the form is scrolled to. */
export function TestSummary({ test, backtest }: { test: ListenerTestState; backtest: BacktestState }) {
  const { value } = backtest;
  if (!test.isComplete || value === null) return null;
  const changes = [
    value.added > 0 ? `${formatCount(value.added)} newly` : '',
    value.lost > 0 ? `${formatCount(value.lost)} no longer` : '',
  ].filter(Boolean);
  return (
    <span className={classes.summary} data-stale={test.isStale || backtest.phase === 'running'}>
      {test.verdict !== null && (
        <>
          <Lamp tone={test.verdict.matched ? 'green' : 'grey'} lit={test.verdict.matched} />
          <span>{test.verdict.matched ? 'The event matches' : 'The event does not match'}</span>
          <span aria-hidden>·</span>
        </>
      )}
      <span>
        {value.tested === 0
          ? 'No events to test yet'
          : `${formatCount(value.matched)} of ${formatCount(value.tested)} match`}
        {test.isSaved && changes.length > 0 && ` (${changes.join(', ')})`}
        {!value.isWhole && backtest.phase !== 'running' && ', partial'}
      </span>
    </span>
  );
}
