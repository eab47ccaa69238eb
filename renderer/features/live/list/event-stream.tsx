import { IconArrowUp } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { BlindWindow } from '../../../../shared/contract/app.ts';
import type { EventItem } from '../../../../shared/contract/events.ts';
import { outagesBetween } from '../../../model/app/outages.ts';
import { indexOfKey, type PagedListState } from '../../../model/calls/paged-list-state.ts';
import { useCall } from '../../../model/calls/use-call.ts';
import { EmptyState } from '../../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { ListFooter } from '../../../ui/tables/list-footer.tsx';
import { LoadingRows } from '../../../ui/tables/loading-rows.tsx';
import { type RowState, VirtualList } from '../../../ui/tables/virtual-list.tsx';
import { formatCount } from '../../../ui/text/format.ts';
import classes from '../live.module.css';
import { type LiveFilter, liveList, setChecked } from '../model/live-list.ts';
import { NoEvents } from '../no-events.tsx';

interface EventStreamProps {
  list: PagedListState<EventItem, LiveFilter>;
  /** As it was typed. */
  query: string;
  /** `grid-template-columns` of the rows. */
  columns: string;
  header: ReactNode;
  openId: string | null;
  onActivate: (id: string) => void;
  checked: ReadonlySet<string>;
  /** `outages`: between this event and the one below it. */
  renderRow: (event: EventItem, row: RowState, outages: readonly BlindWindow[]) => ReactNode;
  rowClassName: (event: EventItem) => string | undefined;
}

/** Events as they arrive, newest first. */
export function EventStream({ list, query, openId, renderRow, ...rows }: EventStreamProps) {
  const windows =
    useCall('app.blindWindows', { limit: 200 }, { reloadOn: ['blindWindows.changed'] }).value?.items ?? [];
  const [leftAt, setLeftAt] = useState<string | null>(null);
  const [toTop, setToTop] = useState(0);
  if (list.phase === 'error' && list.error !== null) {
    return (
      <ErrorState
        title={list.error.code === 'invalid_query' ? 'The filter cannot be read' : 'Events could not be loaded'}
        error={list.error}
        onRetry={liveList.reload}
      />
    );
  }
  // Rows that came on top since the reader scrolled away from it.
  const above =
    leftAt === null
      ? 0
      : Math.max(
          0,
          indexOfKey(list.items, leftAt, (event) => event.id),
        );
  return (
    <>
      {list.headTrimmed && !list.paused && (
        <button type="button" className={classes.newer} onClick={liveList.toNewest}>
          Showing older events{list.unseen > 0 ? `; ${list.unseen} newer` : ''}. Show newest
        </button>
      )}
      <VirtualList
        items={list.items}
        keyOf={(event) => event.id}
        label="Events"
        columns={rows.columns}
        header={rows.header}
        activeKey={openId}
        onActivate={rows.onActivate}
        checked={rows.checked}
        onCheck={setChecked}
        onEndReached={liveList.loadOlder}
        onTopChange={(isAtTop) => setLeftAt(isAtTop ? null : (liveList.get().items[0]?.id ?? null))}
        toTop={toTop}
        rowClassName={rows.rowClassName}
        renderRow={(event, row) =>
          renderRow(event, row, outagesBetween(windows, event, list.items[row.index + 1] ?? null))
        }
        empty={
          list.phase === 'idle' || list.phase === 'loading' ? (
            <LoadingRows rows={20} />
          ) : list.searching ? undefined : query !== '' ? (
            <EmptyState title="No matching events">
              No stored event matches the filter. New matches appear here.
            </EmptyState>
          ) : (
            <NoEvents />
          )
        }
        footer={<ListFooter list={liveList} state={list} end={query === '' ? 'Start of history' : 'End of results'} />}
      />
      {above > 0 && !list.headTrimmed && (
        <button type="button" className={classes.above} onClick={() => setToTop((n) => n + 1)}>
          <IconArrowUp size={13} stroke={2} /> {formatCount(above)} newer
        </button>
      )}
    </>
  );
}
