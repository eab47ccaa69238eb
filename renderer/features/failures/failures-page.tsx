import { IconCircleCheck } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { type FailureState, failureStates } from '../../../shared/contract/failures.ts';
import { call } from '../../client/index.ts';
import { FailureLamp, failureWords } from '../../domain/failure/failure-badge.tsx';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import type { PageProps } from '../../model/app/feature.ts';
import { navigate } from '../../model/app/navigation.ts';
import { paths } from '../../model/app/paths.ts';
import { useCall, useRows } from '../../model/calls/use-call.ts';
import { useDebounced } from '../../model/calls/use-debounced.ts';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { FilterField } from '../../ui/forms/filter-field.tsx';
import { AppPage } from '../../ui/layout/app-page.tsx';
import { SplitPane } from '../../ui/layout/split-pane.tsx';
import { ListHead } from '../../ui/tables/list-head.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { VirtualList } from '../../ui/tables/virtual-list.tsx';
import { formatShortCount } from '../../ui/text/format.ts';
import { FailurePane } from './failure-pane.tsx';
import { columns, FailureRow, headings } from './failure-row.tsx';
import classes from './failures.module.css';
import { lookAlike } from './model/look-alike.ts';

const pageRows = 200;

const isState = (text: string | null): text is FailureState => failureStates.some((state) => state === text);

/** Failures at one state, latest seen first, and one of them beside. */
export function FailuresPage({ params, search }: PageProps) {
  const openId = params.id ?? null;
  const asked = search.get('state');
  const state = isState(asked) ? asked : 'open';
  const [text, setText] = useState(search.get('q') ?? '');
  const query = useDebounced(text.trim(), 150);
  const [count, setCount] = useState(pageRows);
  const [activeKey, setActiveKey] = useState<string | null>(openId);
  const input = { state: [state], ...(query === '' ? {} : { query }) };
  const rows = useRows(JSON.stringify(input), (page) => call('failures.list', { ...input, ...page }), count, {
    reloadOn: ['failures.changed'],
  });
  const counts = useCall('failures.counts', {}, { reloadOn: ['failures.changed'], keep: true }).value;
  useEffect(() => {
    if (openId !== null) setActiveKey(openId);
  }, [openId]);

  const show = (next: FailureState): void =>
    navigate(openId === null ? paths.failures(next) : paths.failure(openId, next), { replace: true });
  const close = (): void => navigate(paths.failures(state));
  useShortcuts('Failures', [{ keys: 'escape', label: 'Close the failure', run: close, enabled: openId !== null }]);

  const activated = useRef<string | null>(null);
  const openClicked = (event: React.MouseEvent): void => {
    const isRow = event.target instanceof Element && event.target.closest('[role=option]') !== null;
    if (isRow && openId === null && activated.current !== null) navigate(paths.failure(activated.current, state));
  };
  const shape = openId === null ? 'wide' : 'narrow';
  const items = rows.value ?? [];
  const alike = useMemo(() => lookAlike(rows.value ?? []), [rows.value]);
  const list = (
    // biome-ignore lint/a11y/noStaticElementInteractions: the rows inside are chosen by the list itself, Enter opens them
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <div className={classes.listPane} onClick={openClicked}>
      <div className={classes.filters} role="toolbar" aria-label="Filter failures">
        {failureStates.map((one) => (
          <button
            key={one}
            type="button"
            className={classes.chip}
            aria-pressed={one === state}
            onClick={() => show(one)}
          >
            <FailureLamp state={one} />
            {failureWords[one]}
            {counts !== undefined && <span className={classes.chipCount}>{formatShortCount(counts[one] ?? 0)}</span>}
          </button>
        ))}
      </div>
      {rows.error !== null && rows.value === undefined ? (
        <ErrorState error={rows.error} onRetry={rows.reload} />
      ) : rows.value === undefined ? (
        <LoadingRows />
      ) : (
        <VirtualList
          items={items}
          keyOf={(failure) => failure.id}
          label="Failures"
          columns={columns[shape]}
          header={<ListHead columns={columns[shape]} cells={headings[shape]} />}
          renderRow={(failure) => (
            <FailureRow failure={failure} narrow={shape === 'narrow'} showsExit={alike.has(failure.id)} />
          )}
          activeKey={activeKey}
          onActivate={(key) => {
            activated.current = key;
            setActiveKey(key);
            if (openId !== null) navigate(paths.failure(key, state), { replace: true });
          }}
          onOpen={(key) => navigate(paths.failure(key, state))}
          onEndReached={() => {
            if (items.length >= count) setCount(count + pageRows);
          }}
          empty={
            query !== '' ? (
              <EmptyState title="No matching failures">Searches job, listener and message.</EmptyState>
            ) : (
              <EmptyState icon={IconCircleCheck} title={`No ${failureWords[state].toLowerCase()} failures`}>
                Failed runs with the same job, listener, exit reason and message are one failure.
              </EmptyState>
            )
          }
        />
      )}
    </div>
  );
  return (
    <AppPage title="Failures" toolbar={<FilterField value={text} onChange={setText} label="Filter failures" />}>
      <SplitPane
        id="failures"
        primary={list}
        secondary={openId === null ? null : <FailurePane id={openId} onClose={close} />}
        defaultRatio={0.42}
        minPx={340}
      />
    </AppPage>
  );
}
