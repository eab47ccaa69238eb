import { useCall } from '../../model/calls/use-call.ts';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { Lamp } from '../../ui/feedback/lamp.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import classes from './alarms.module.css';

/** When it was raised, newest first. */
export function AlarmIncidents({ slug }: { slug: string }) {
  const got = useCall('alarms.incidents', { alarm: slug }, { reloadOn: ['alarms.incidentsChanged'] });
  if (got.value === undefined) {
    if (got.error === null) return <LoadingRows rows={4} />;
    return <ErrorState error={got.error} title="The history could not be loaded" onRetry={got.reload} />;
  }
  if (got.value.items.length === 0) return <EmptyState title="Never raised" />;
  return (
    <div className={classes.list}>
      <ul className={classes.incidents} aria-label="History">
        {got.value.items.map((one) => (
          <li key={one.id}>
            <Lamp
              tone={one.recoveredAt === null ? 'red' : 'green'}
              lit={one.recoveredAt === null}
              label={one.recoveredAt === null ? 'raised' : 'recovered'}
            />
            <span>{one.message}</span>
            <a href={`#${one.path}`}>{one.subject?.slug ?? 'Insights'}</a>
            <span className={classes.meta}>
              Raised <TimeAgo at={one.raisedAt} />
              {one.recoveredAt !== null && (
                <>
                  , recovered <TimeAgo at={one.recoveredAt} />
                </>
              )}
              {one.acknowledgedBy !== null && `, acknowledged by ${one.acknowledgedBy}`}
              {one.problem !== null && <span className={classes.problem}>, not sent: {one.problem}</span>}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
