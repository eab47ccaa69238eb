import { IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { ViewMenu } from '../../domain/views/view-menu.tsx';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import type { PageProps } from '../../model/app/feature.ts';
import { navigate } from '../../model/app/navigation.ts';
import { paths } from '../../model/app/paths.ts';
import { usePreferences } from '../../model/app/preferences.ts';
import { useKnown } from '../../model/definitions/catalog.ts';
import { useRunDetail } from '../../model/runs/run-detail.ts';
import { queryOfFilter, type RunsFilter, readRunsFilter } from '../../model/runs/runs-filter.ts';
import { runsList } from '../../model/runs/runs-list.ts';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { AppPage } from '../../ui/layout/app-page.tsx';
import { SplitPane } from '../../ui/layout/split-pane.tsx';
import { QueryBar } from '../../ui/query-bar/query-bar.tsx';
import { ListFooter } from '../../ui/tables/list-footer.tsx';
import { ListHead } from '../../ui/tables/list-head.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { VirtualList } from '../../ui/tables/virtual-list.tsx';
import { RunDetailPane } from './detail/run-detail-pane.tsx';
import { useRunActions } from './detail/use-run-actions.ts';
import { columns, headings, RunRow } from './run-row.tsx';
import { RunTimeStrip } from './run-time-strip.tsx';
import classes from './runs.module.css';
import { RunsBulkBar } from './runs-bulk-bar.tsx';
import { RunsToolbar } from './runs-toolbar.tsx';

export function RunsPage({ params, search }: PageProps) {
  const known = useKnown();
  const showChart = usePreferences((preferences) => preferences.showChart);
  const state = runsList.use((list) => list);
  const openId = params.id ?? null;
  const isFull = openId !== null && search.get('full') !== null;
  const query = (search.get('q') ?? '').trim();
  const filter = readRunsFilter(search);
  const isListed = openId === null || ['q', 'state', 'job', 'view'].some((name) => search.has(name));
  const filterKey = JSON.stringify(filter);
  const [activeKey, setActiveKey] = useState<string | null>(openId);
  const detail = useRunDetail(openId);
  const [checked, setChecked] = useState<ReadonlySet<string>>(new Set());
  const selected = checked.size === 0 ? [] : state.items.filter((run) => checked.has(run.id));

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key identifies the filter, which is a new object at every render
  useEffect(() => {
    // A run opened without a filter in its address keeps the last list.
    if (isListed) runsList.setFilter(query, filter);
    else runsList.ensure();
  }, [isListed, query, filterKey]);
  useEffect(() => {
    if (openId !== null) setActiveKey(openId);
  }, [openId]);

  const viewId = search.get('view') ?? undefined;
  const listSearch = (filter: RunsFilter = runsList.get().params) => ({ ...filter, view: viewId });
  const addressOf = (id: string, isWide = false): string =>
    paths.listedRun(id, runsList.get().query, listSearch(), isWide);
  const close = (): void => navigate(paths.runs(runsList.get().query, listSearch()));
  const toggleFull = (): void => {
    if (openId !== null) navigate(addressOf(openId, !isFull), { replace: true });
  };
  const applyFilter = (nextQuery: string, next: RunsFilter): void => {
    runsList.setFilter(nextQuery, next);
    if (openId === null) navigate(paths.runs(nextQuery, listSearch(next)));
    else navigate(addressOf(openId, isFull), { replace: true });
  };
  const opened = detail.value?.id === openId ? detail.value : null;
  const target = openId === null ? (state.items.find((run) => run.id === activeKey) ?? null) : (opened ?? null);
  const actions = useRunActions(target);

  useShortcuts('Runs', [
    { keys: 'r', label: 'Retry', needs: 'operate', run: actions.retry, enabled: actions.canRetry },
    { keys: 'c', label: 'Cancel', needs: 'operate', run: actions.cancel, enabled: actions.canCancel },
    { keys: 'a', label: 'Acknowledge', needs: 'operate', run: actions.acknowledge, enabled: actions.canAcknowledge },
    { keys: 'e', label: 'Expand the run', run: toggleFull, enabled: openId !== null },
    { keys: 'escape', label: 'Close the run', run: close, enabled: openId !== null },
  ]);

  const narrow = openId !== null;
  const shape = narrow ? 'narrow' : 'wide';
  const isFiltered = state.query !== '' || state.params.state !== undefined || state.params.job !== undefined;
  const activated = useRef<string | null>(null);
  const openClicked = (event: React.MouseEvent): void => {
    const isRow = event.target instanceof Element && event.target.closest('[role=option]') !== null;
    if (isRow && openId === null && activated.current !== null) navigate(addressOf(activated.current));
  };
  const list = (
    // biome-ignore lint/a11y/noStaticElementInteractions: the rows inside are chosen by the list itself, Enter opens them
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <div className={classes.listPane} onClick={openClicked}>
      <RunsToolbar onFilter={applyFilter} />
      {state.phase === 'error' && state.error !== null ? (
        <ErrorState error={state.error} onRetry={runsList.reload} />
      ) : state.phase === 'loading' || state.phase === 'idle' ? (
        <LoadingRows />
      ) : (
        <VirtualList
          items={state.items}
          keyOf={(run) => run.id}
          label="Runs"
          columns={columns[shape]}
          header={<ListHead columns={columns[shape]} cells={headings[shape]} />}
          renderRow={(run) => <RunRow run={run} narrow={narrow} />}
          activeKey={activeKey}
          onActivate={(key) => {
            activated.current = key;
            setActiveKey(key);
            if (openId !== null) navigate(addressOf(key, isFull), { replace: true });
          }}
          onOpen={(key) => navigate(addressOf(key))}
          checked={checked}
          onCheck={setChecked}
          onEndReached={runsList.loadOlder}
          footer={<ListFooter list={runsList} state={state} end="End of list" />}
          empty={
            isFiltered ? (
              <EmptyState title="No matching runs">Remove a filter, or search further back.</EmptyState>
            ) : (
              <EmptyState icon={IconPlayerPlay} title="No runs yet">
                A run starts when an event matches a listener. Send an event to a source, or test a job with a stored
                event.
              </EmptyState>
            )
          }
        />
      )}
      {selected.length > 0 && <RunsBulkBar runs={selected} onClear={() => setChecked(new Set())} />}
    </div>
  );
  const pane =
    openId === null ? null : (
      <RunDetailPane
        id={openId}
        got={detail}
        actions={actions}
        isFull={isFull}
        onToggleFull={toggleFull}
        onClose={close}
      />
    );

  return (
    <AppPage
      title="Runs"
      toolbar={
        <QueryBar
          id="runs-query"
          historyId="runs"
          known={known}
          placeholder="Filter runs: job:import is:failed after:2h"
          value={state.query}
          onSubmit={(text) => applyFilter(text, state.params)}
        />
      }
      actions={
        <ViewMenu
          page="runs"
          openId={viewId ?? null}
          shown={{ query: queryOfFilter(query, filter), columns: null, sort: null, group: null }}
          leavePath={paths.runs(query, filter)}
        />
      }
    >
      {!isFull && showChart && (
        <RunTimeStrip query={state.query} filter={state.params} onQuery={(text) => applyFilter(text, state.params)} />
      )}
      {isFull ? pane : <SplitPane id="runs" primary={list} secondary={pane} defaultRatio={0.42} minPx={340} />}
    </AppPage>
  );
}
