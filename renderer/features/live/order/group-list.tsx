import { useRef, useState } from 'react';
import { columnTitle } from '../../../../shared/columns/columns.ts';
import type { SortKey } from '../../../../shared/columns/sort-key.ts';
import { call } from '../../../client/index.ts';
import { EmptyState } from '../../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../../ui/feedback/error-state.tsx';
import { Cell } from '../../../ui/tables/cell.tsx';
import { endHead, ListHead } from '../../../ui/tables/list-head.tsx';
import { LoadingRows } from '../../../ui/tables/loading-rows.tsx';
import { OpenOnClick } from '../../../ui/tables/open-on-click.tsx';
import { VirtualList } from '../../../ui/tables/virtual-list.tsx';
import { formatCount } from '../../../ui/text/format.ts';
import { VisibleText } from '../../../ui/text/visible-text.tsx';
import { RowTime } from '../list/row-time.tsx';
import { maxTermLength, withTerm } from '../model/value-terms.ts';
import classes from './order.module.css';
import { OrderBar } from './order-bar.tsx';
import { type Group, mergeGroups } from './ranked-events.ts';
import { usePieces } from './use-pieces.ts';

interface GroupListProps {
  /** What is asked of the app. */
  query: string;
  /** As it was typed. */
  typed: string;
  by: string;
  /** Opens the events of a group: the query that finds them. */
  onOpen: (query: string) => void;
  onLeave: () => void;
}

const grid = 'minmax(100px, 1fr) 90px 120px';

const groupId = ({ key }: Group): string => `${typeof key} ${String(key)}`;

const keyText = (key: SortKey): string => (typeof key === 'string' ? key : String(key));

/** The query narrowed to a group; null where no term says it. */
export function queryOfGroup(typed: string, by: string, key: SortKey): string | null {
  if (key === undefined) return `${typed} -${by}:*`.trim();
  if (typeof key === 'string' && key.length > maxTermLength) return null;
  return withTerm(typed, by, key, false);
}

/** How many events have each value; opening one shows its events. */
export function GroupList({ query, typed, by, onOpen, onLeave }: GroupListProps) {
  const [activeKey, setActiveKey] = useState<string | null>(null);
  // The state of this render is still that from before the click.
  const chosen = useRef<string | null>(null);
  const pieces = usePieces(
    `${by}\n${query}`,
    (cursor) => call('events.group', { by, cursor, ...(query === '' ? {} : { query }) }),
    [] as readonly Group[],
    (groups, piece) => mergeGroups(groups, piece.groups),
  );
  const choose = (id: string): void => {
    chosen.current = id;
    setActiveKey(id);
  };
  const open = (id: string | null): void => {
    const group = pieces.value.find((one) => groupId(one) === id);
    const narrowed = group === undefined ? null : queryOfGroup(typed, by, group.key);
    if (narrowed !== null) onOpen(narrowed);
  };
  const title = columnTitle(by);
  return (
    <>
      <OrderBar title={`Grouped by ${title}`} pieces={pieces} onLeave={onLeave} />
      {pieces.error !== null ? (
        <ErrorState title="Events could not be grouped" error={pieces.error} onRetry={pieces.reload} />
      ) : (
        <OpenOnClick onOpen={() => open(chosen.current)}>
          <VirtualList
            items={pieces.value}
            keyOf={groupId}
            label="Groups"
            columns={grid}
            header={<ListHead columns={grid} cells={[title, endHead('Events'), 'Newest']} />}
            activeKey={activeKey}
            onActivate={choose}
            onOpen={open}
            renderRow={(group) => (
              <>
                <Cell mono>
                  {group.key === undefined ? (
                    <span className={classes.value}>Missing</span>
                  ) : (
                    <VisibleText text={keyText(group.key)} />
                  )}
                </Cell>
                <Cell align="end">{formatCount(group.count)}</Cell>
                <Cell dim>
                  <RowTime at={group.newestAt} />
                </Cell>
              </>
            )}
            empty={
              pieces.isReading ? (
                <LoadingRows rows={12} />
              ) : (
                <EmptyState title="No matching events">No stored event matches the filter.</EmptyState>
              )
            }
          />
        </OpenOnClick>
      )}
    </>
  );
}
