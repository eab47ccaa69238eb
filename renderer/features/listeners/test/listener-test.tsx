import { EventSelect } from '../../../domain/event/event-select.tsx';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { JsonView } from '../../../ui/code/json-view.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { ToneBadge } from '../../../ui/feedback/tone-badge.tsx';
import { formatCount } from '../../../ui/text/format.ts';
import { TimeAgo } from '../../../ui/text/time-ago.tsx';
import classes from '../listeners.module.css';
import { countChanges, type ListenerTestState, type PreviewItem } from '../model/use-listener-test.ts';
import { ClauseList } from './clause-list.tsx';

/** The draft on one stored event, clause by clause, and on the latest ones. */
export function ListenerTest({ test }: { test: ListenerTestState }) {
  const { event, verdict, history } = test;
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
      <section className={classes.testPart}>
        <h3 className={classes.testTitle}>On the latest events</h3>
        {test.historyError !== null && history === null ? (
          <ErrorState error={test.historyError} title="The latest events could not be tested" />
        ) : history === null ? (
          <p className={classes.quiet}>{test.isComplete ? ' ' : 'Complete the conditions first.'}</p>
        ) : (
          <div className={classes.result} data-stale={test.isStale}>
            <HistoryLine test={test} history={history} />
            <ul className={classes.history}>
              {history.items.map((item) => (
                <HistoryItem
                  key={item.id}
                  item={item}
                  isChosen={item.id === test.eventId}
                  onChoose={() => test.chooseEvent(item.id)}
                  isSaved={test.isSaved}
                />
              ))}
            </ul>
          </div>
        )}
      </section>
    </aside>
  );
}

function HistoryLine({
  test,
  history,
}: {
  test: ListenerTestState;
  history: NonNullable<ListenerTestState['history']>;
}) {
  const { newly, lost } = countChanges(history.items);
  if (history.tried === 0) return <p className={classes.quiet}>No events to test yet.</p>;
  return (
    <p className={classes.historyLine}>
      Of the last {formatCount(history.tried)} of this source and type{' '}
      <strong>{history.matched === 1 ? '1 matches' : `${formatCount(history.matched)} match`}</strong>
      {test.isSaved && (newly > 0 || lost > 0) && (
        <>
          {' '}
          ({newly > 0 && <span className={classes.newly}>{newly} newly</span>}
          {newly > 0 && lost > 0 && ', '}
          {lost > 0 && <span className={classes.lost}>{lost} no longer</span>})
        </>
      )}
      .{history.items.length < history.matched && ` The newest ${history.items.length} are listed.`}
    </p>
  );
}

interface HistoryItemProps {
  item: PreviewItem;
  isChosen: boolean;
  isSaved: boolean;
  onChoose: () => void;
}

function HistoryItem({ item, isChosen, isSaved, onChoose }: HistoryItemProps) {
  return (
    <li>
      <button type="button" className={classes.historyItem} aria-pressed={isChosen} onClick={onChoose}>
        <span className={classes.historyType}>{item.type}</span>
        {isSaved && item.nowMatches && !item.didMatch && <ToneBadge tone="green">newly</ToneBadge>}
        {!item.nowMatches && item.didMatch && <ToneBadge tone="amber">no longer</ToneBadge>}
        <span className={classes.historySource}>{item.source}</span>
        <span className={classes.historyAge}>
          <TimeAgo at={item.receivedAt} />
        </span>
      </button>
    </li>
  );
}
