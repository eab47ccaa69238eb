import { Button } from '@mantine/core';
import type { Listener } from '../../../shared/contract/listeners.ts';
import { PermittedButton } from '../../domain/access/permitted-button.tsx';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { formatCount } from '../../ui/text/format.ts';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import { VisibleText } from '../../ui/text/visible-text.tsx';
import classes from './shadow-matches.module.css';

interface ShadowMatchesProps {
  listener: Listener;
  /** Null: the definition cannot be changed here. */
  onStart: (() => void) | null;
  isBusy: boolean;
}

/** What a listener in shadow mode would have run since its current version was saved. */
export function ShadowMatches({ listener, onStart, isBusy }: ShadowMatchesProps) {
  const { slug, version } = listener;
  const got = useCall('listeners.shadowMatches', { slug }, { reloadOn: ['events.added', 'listeners.changed'] });
  if (got.value === undefined) {
    if (got.error === null) return <LoadingRows rows={4} />;
    return <ErrorState error={got.error} title="The matches could not be loaded" onRetry={got.reload} />;
  }
  const { matched, since, items } = got.value;
  return (
    <section className={classes.matches} aria-label="Shadow matches">
      <div className={classes.head}>
        <p className={classes.sum}>
          {matched === 1 ? (
            <>
              <strong>1 run</strong> of {listener.job}
            </>
          ) : (
            <>
              <strong>{formatCount(matched)} runs</strong> of {listener.job}
            </>
          )}{' '}
          would have started since version {version}, saved <TimeAgo at={since} />.
        </p>
        {onStart !== null && (
          <PermittedButton needs="define" loading={isBusy} onClick={onStart}>
            Start runs
          </PermittedButton>
        )}
        <Button variant="default" size="xs" onClick={got.reload}>
          Refresh
        </Button>
      </div>
      {items.length === 0 ? (
        <EmptyState title="No matches yet">Events that match appear here. No run starts in shadow mode.</EmptyState>
      ) : (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Received</th>
              <th scope="col">Source</th>
              <th scope="col">Type</th>
              <th scope="col">
                <span className={classes.unseen}>Why</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.id}>
                <td>
                  <TimeAgo at={item.receivedAt} />
                </td>
                <td>{item.source}</td>
                <td className={classes.type}>
                  <a href={hrefOf(paths.event(item.id))}>
                    <VisibleText text={item.type} />
                  </a>
                </td>
                <td>
                  <a href={hrefOf(paths.eventWhy(item.id))} aria-label={`Why, for event ${item.type}`}>
                    Why
                  </a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {matched > items.length && items.length > 0 && (
        <p className={classes.note}>The newest {formatCount(items.length)} are listed.</p>
      )}
    </section>
  );
}
