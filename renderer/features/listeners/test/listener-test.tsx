import { EventSelect } from '../../../domain/event/event-select.tsx';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { JsonView } from '../../../ui/code/json-view.tsx';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import classes from '../listeners.module.css';
import type { BacktestState } from '../model/use-backtest.ts';
import type { ListenerTestState } from '../model/use-listener-test.ts';
import { BacktestPanel } from './backtest-panel.tsx';
import { ClauseList } from './clause-list.tsx';

/** The draft on one stored event, clause by clause, and on those of a time window. */
export function ListenerTest({ test, backtest }: { test: ListenerTestState; backtest: BacktestState }) {
  const { event, verdict } = test;
  return (
    <aside className={classes.test} aria-label="Test against stored events">
      <section className={classes.testPart}>
        <h3 className={classes.testTitle}>
          Test against an event
          {test.eventId !== null && (
            <a className={classes.testLink} href={hrefOf(paths.event(test.eventId))}>
              Open event
            </a>
          )}
        </h3>
        <EventSelect label="Event to test against" value={test.eventId} onChange={test.chooseEvent} extra={event} />
        {test.eventId === null ? (
          <p className={classes.quiet}>No events to test yet. The first event that arrives is tested automatically.</p>
        ) : test.verdictError !== null && verdict === null ? (
          <InlineError error={test.verdictError} />
        ) : (
          <div className={classes.result} data-stale={test.isStale} aria-live="polite">
            <p className={classes.verdictLine} data-matched={verdict?.matched ?? 'unknown'}>
              {!test.isComplete
                ? 'Complete the conditions to see a verdict.'
                : verdict === null
                  ? ' '
                  : verdict.matched
                    ? 'This event matches.'
                    : 'This event does not match.'}
            </p>
            {verdict !== null && <ClauseList clauses={verdict.clauses.filter((clause) => clause.kind !== 'state')} />}
          </div>
        )}
        {event !== undefined && (
          <details className={classes.payload}>
            <summary>Payload and context</summary>
            <JsonView
              value={{ context: event.context, payload: event.payload }}
              label="Payload and context"
              maxHeight="260px"
            />
          </details>
        )}
      </section>
      <BacktestPanel
        backtest={backtest}
        isSaved={test.isSaved}
        isComplete={test.isComplete}
        isStale={test.isStale}
        eventId={test.eventId}
        onChoose={test.chooseEvent}
      />
    </aside>
  );
}
