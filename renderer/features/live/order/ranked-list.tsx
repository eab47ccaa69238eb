import { type ReactNode, useMemo } from 'react';
import { columnTitle } from '../../../../shared/columns/columns.ts';
import { rankedMost } from '../../../../shared/contract/event-orders.ts';
import type { EventItem } from '../../../../shared/contract/events.ts';
import type { Sort } from '../../../../shared/contract/views.ts';
import { call } from '../../../client/index.ts';
import { EmptyState } from '../../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { LoadingRows } from '../../../ui/tables/loading-rows.tsx';
import { type RowState, VirtualList } from '../../../ui/tables/virtual-list.tsx';
import { OrderBar } from './order-bar.tsx';
import { mergeRanked, type Ranked } from './ranked-events.ts';
import { usePieces } from './use-pieces.ts';

interface RankedListProps {
  /** What is asked of the app. */
  query: string;
  sort: Sort;
  columns: string;
  header: ReactNode;
  openId: string | null;
  onActivate: (id: string) => void;
  checked: ReadonlySet<string>;
  onCheck: (keys: Set<string>) => void;
  renderRow: (event: EventItem, row: RowState) => ReactNode;
  rowClassName: (event: EventItem) => string | undefined;
  onLeave: () => void;
}

/** The matching events with the highest or lowest values, at most 500. They do not follow what arrives. */
export function RankedList({ query, sort, onLeave, ...list }: RankedListProps) {
  const { by, descending } = sort;
  const pieces = usePieces(
    `${by}\n${descending}\n${query}`,
    (cursor) => call('events.rank', { by, descending, cursor, ...(query === '' ? {} : { query }) }),
    [] as readonly Ranked[],
    (ranked, piece) => mergeRanked(ranked, piece.items, descending),
  );
  const events = useMemo(() => pieces.value.map(({ event }) => event), [pieces.value]);
  return (
    <>
      <OrderBar
        title={`${descending ? 'Highest' : 'Lowest'} ${columnTitle(by)} first${pieces.events > rankedMost ? `, up to ${rankedMost}` : ''}`}
        pieces={pieces}
        onLeave={onLeave}
      />
      {pieces.error !== null ? (
        <ErrorState title="Events could not be sorted" error={pieces.error} onRetry={pieces.reload} />
      ) : (
        <VirtualList
          items={events}
          keyOf={(event) => event.id}
          label="Events"
          columns={list.columns}
          header={list.header}
          activeKey={list.openId}
          onActivate={list.onActivate}
          checked={list.checked}
          onCheck={list.onCheck}
          rowClassName={list.rowClassName}
          renderRow={list.renderRow}
          empty={
            pieces.isReading ? (
              <LoadingRows rows={20} />
            ) : (
              <EmptyState title="No matching events">No stored event matches the filter.</EmptyState>
            )
          }
        />
      )}
    </>
  );
}
