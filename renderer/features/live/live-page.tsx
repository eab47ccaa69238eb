import { useEffect, useMemo, useState } from 'react';
import { usualColumns, writeColumns } from '../../../shared/columns/columns.ts';
import type { BlindWindow } from '../../../shared/contract/app.ts';
import type { EventItem } from '../../../shared/contract/events.ts';
import { ViewMenu } from '../../domain/views/view-menu.tsx';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import type { PageProps } from '../../model/app/feature.ts';
import { navigate, useRoute } from '../../model/app/navigation.ts';
import { paths } from '../../model/app/paths.ts';
import { setPreference, usePreferences } from '../../model/app/preferences.ts';
import { useKnown } from '../../model/definitions/catalog.ts';
import { AppPage } from '../../ui/layout/app-page.tsx';
import { SplitPane } from '../../ui/layout/split-pane.tsx';
import { QueryBar } from '../../ui/query-bar/query-bar.tsx';
import type { RowState } from '../../ui/tables/virtual-list.tsx';
import { ColumnHead } from './columns/column-head.tsx';
import { gridOf, narrowColumns } from './columns/column-layout.ts';
import { EventPane } from './event/event-pane.tsx';
import { ExportDialog } from './export/export-dialog.tsx';
import type { Exported } from './export/export-events.ts';
import { BulkBar } from './list/bulk-bar.tsx';
import { EventRow } from './list/event-row.tsx';
import { EventStream } from './list/event-stream.tsx';
import { EventTimeStrip } from './list/event-time-strip.tsx';
import classes from './live.module.css';
import { LiveToolbar } from './live-toolbar.tsx';
import { composeQuery } from './model/event-query.ts';
import { liveList, setChecked, toggleChecked, useLiveView } from './model/live-list.ts';
import { isUsual, searchOf } from './model/live-look.ts';
import { useReplayDraft } from './model/replay-drafts.ts';
import { useLook } from './model/use-look.ts';
import { GroupList } from './order/group-list.tsx';
import { RankedList } from './order/ranked-list.tsx';
import { ReplayProgress } from './replay/replay-progress.tsx';
import { ReplayQueryBar } from './replay/replay-query-bar.tsx';
import { RaisePane } from './schedule/raise-pane.tsx';
import { ScheduledPane } from './schedule/scheduled-pane.tsx';
import { ContinueLine } from './start/continue-line.tsx';

export function LivePage({ params, search }: PageProps) {
  const openId = params.id ?? null;
  const { path } = useRoute();
  const isRaising = path === paths.raise();
  const isScheduled = path === paths.scheduled();
  const hasPane = openId !== null || isRaising || isScheduled;
  const query = (search.get('q') ?? '').trim();
  const known = useKnown();
  const showInternal = usePreferences((state) => state.showInternal);
  const showChart = usePreferences((state) => state.showChart);
  const checked = useLiveView((state) => state.checked);
  const isEditing = useReplayDraft(openId ?? '') !== undefined;
  const list = liveList.use((state) => state);
  const [isReplayingQuery, setReplayingQuery] = useState(false);
  const [exported, setExported] = useState<Exported | null>(null);

  useEffect(() => {
    liveList.setFilter(query, { showInternal });
  }, [query, showInternal]);

  const { look, search: shownSearch, view, setLook } = useLook(openId);
  const open = (id: string | null): void =>
    navigate(id === null ? paths.live(query, shownSearch) : paths.event(id, query, shownSearch), { replace: true });
  const setQuery = (next: string): void =>
    navigate(openId === null ? paths.live(next, shownSearch) : paths.event(openId, next, shownSearch));
  const exportMatching = (): void => setExported({ query: composeQuery(query, showInternal) });
  const exportSelected = (): void => setExported({ ids: [...checked] });
  const togglePause = (): void => (list.paused ? liveList.resume() : liveList.pause());

  useShortcuts('Live', [
    { keys: 'space', label: list.paused ? 'Resume' : 'Pause', run: togglePause },
    { keys: 'i', label: 'Show or hide internal events', run: () => setPreference('showInternal', !showInternal) },
    {
      keys: 'escape',
      label: 'Clear the selection or close the event',
      run: () => (checked.size > 0 ? setChecked(new Set()) : open(null)),
      enabled: checked.size > 0 || hasPane,
    },
    { keys: 'shift+n', label: 'Raise an event', needs: 'define', run: () => navigate(paths.raise()) },
    {
      keys: 'shift+d',
      label: 'Export events',
      run: () => (checked.size > 0 ? exportSelected() : exportMatching()),
    },
  ]);

  const usual = view?.columns ?? usualColumns;
  const shownList = useMemo(
    () => ({ query, columns: isUsual(look.columns) ? null : [...look.columns], sort: look.sort, group: look.group }),
    [query, look],
  );
  const isWide = !hasPane;
  const columns = useMemo(() => (isWide ? look.columns : narrowColumns(look.columns)), [isWide, look]);
  const grid = gridOf(columns, isWide);
  const header = (
    <ColumnHead
      grid={grid}
      shown={columns}
      look={look}
      onLook={setLook}
      onReset={writeColumns(look.columns) === writeColumns(usual) ? null : () => setLook({ ...look, columns: usual })}
    />
  );
  const asked = composeQuery(query, showInternal);
  const leaveOrder = (): void => setLook({ ...look, sort: null, group: null });
  const quiet = (event: EventItem): string | undefined => (event.ignored ? classes.quietRow : undefined);
  const eventRow = (event: EventItem, row: RowState, outages: readonly BlindWindow[]) => (
    <EventRow
      event={event}
      columns={columns}
      wide={isWide}
      checked={row.checked}
      onToggle={toggleChecked}
      outages={outages}
    />
  );
  const ordered =
    look.group !== null ? (
      <GroupList
        query={asked}
        typed={query}
        by={look.group}
        onOpen={(narrowed) => navigate(paths.live(narrowed, searchOf({ ...look, group: null }, shownSearch, view)))}
        onLeave={leaveOrder}
      />
    ) : look.sort !== null ? (
      <RankedList
        query={asked}
        sort={look.sort}
        columns={grid}
        header={header}
        openId={openId}
        onActivate={open}
        checked={checked}
        onCheck={setChecked}
        rowClassName={quiet}
        renderRow={(event, row) => eventRow(event, row, [])}
        onLeave={leaveOrder}
      />
    ) : null;
  const stream = (
    <div className={classes.stream}>
      {ordered ?? (
        <EventStream
          list={list}
          query={query}
          columns={grid}
          header={header}
          openId={openId}
          onActivate={open}
          checked={checked}
          rowClassName={quiet}
          renderRow={eventRow}
        />
      )}
    </div>
  );

  return (
    <AppPage
      title="Live"
      toolbar={<QueryBar historyId="live" value={query} onSubmit={setQuery} known={known} label="Filter events" />}
      actions={
        <>
          <ViewMenu page="live" openId={shownSearch.view ?? null} shown={shownList} leavePath={paths.live(query)} />
          <LiveToolbar
            paused={list.paused}
            unseen={list.unseen}
            showInternal={showInternal}
            onTogglePause={togglePause}
            canReplayQuery={!isEditing}
            onReplayQuery={() => setReplayingQuery(true)}
            onExport={exportMatching}
          />
        </>
      }
    >
      <ExportDialog what={exported} columns={look.columns} onClose={() => setExported(null)} />
      <ContinueLine events={list.nextCursor === null ? list.items.length : null} />
      <ReplayProgress />
      {isReplayingQuery && (
        <ReplayQueryBar
          query={query}
          showInternal={showInternal}
          isEditing={isEditing}
          onClose={() => setReplayingQuery(false)}
        />
      )}
      {checked.size > 0 && (
        <BulkBar
          checked={checked}
          items={list.items}
          isEditing={isEditing}
          onClear={() => setChecked(new Set())}
          onExport={exportSelected}
        />
      )}
      {showChart && <EventTimeStrip query={query} showInternal={showInternal} onQuery={setQuery} />}
      <SplitPane
        id="live"
        defaultRatio={0.46}
        minPx={360}
        primary={stream}
        secondary={
          isRaising ? (
            <RaisePane onClose={() => open(null)} />
          ) : isScheduled ? (
            <ScheduledPane onClose={() => open(null)} />
          ) : openId === null ? null : (
            <EventPane
              key={openId}
              id={openId}
              item={list.items.find((event) => event.id === openId)}
              hasSelection={checked.size > 0}
              tab={search.get('tab')}
              onClose={() => open(null)}
            />
          )
        }
      />
    </AppPage>
  );
}
