import { Button, Switch } from '@mantine/core';
import { IconPlus, IconRouteAltLeft } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import { AppPage } from '../../components/app-page.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { FilterField } from '../../components/filter-field.tsx';
import { ListHead } from '../../components/list-head.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { OpenOnClick } from '../../components/open-on-click.tsx';
import { SplitPane } from '../../components/split-pane.tsx';
import { VirtualList } from '../../components/virtual-list.tsx';
import { useCatalog } from '../../stores/catalog.ts';
import { newKey } from '../../stores/definition-editor.ts';
import type { PageProps } from '../../stores/feature.ts';
import { listenerEditors } from '../../stores/listeners-draft.ts';
import { filterListeners, sortListeners } from '../../stores/listeners-filter.ts';
import { navigate, useRoute } from '../../stores/navigation.ts';
import { hrefOf, paths } from '../../stores/paths.ts';
import { useShortcuts } from '../../stores/shortcuts.ts';
import { useCall } from '../../stores/use-call.ts';
import { ListenerPane } from './listener-pane.tsx';
import { columns, headings, ListenerRow } from './listener-row.tsx';
import { NewListenerPane } from './new-listener-pane.tsx';

export function ListenersPage({ params, search }: PageProps) {
  const { path } = useRoute();
  const isNew = path === paths.newListener();
  const openSlug = params.slug ?? null;
  const catalog = useCatalog();
  const [filter, setFilter] = useState('');
  const [showDeleted, setShowDeleted] = useState(false);
  const [active, setActive] = useState<string | null>(openSlug);
  const all = useCall('listeners.list', showDeleted ? { includeDeleted: true } : null, {
    reloadOn: ['listeners.changed'],
  });
  const dirty = new Set(listenerEditors.useDirtyKeys().split(' '));

  const listeners = showDeleted && all.value !== undefined ? all.value.items : catalog.listeners;
  const shown = useMemo(() => filterListeners(sortListeners(listeners), filter), [listeners, filter]);
  const clicked = useRef<string | null>(null);
  const isOpen = isNew || openSlug !== null;
  const shape = isOpen ? 'narrow' : 'wide';
  const close = (): void => navigate(paths.listeners());

  useShortcuts('Listeners', [
    { keys: 'n', label: 'New listener', run: () => navigate(paths.newListener()) },
    { keys: 'escape', label: 'Close the listener', run: close, enabled: isOpen },
  ]);

  const list =
    catalog.phase === 'error' && catalog.error !== null ? (
      <ErrorState error={catalog.error} />
    ) : catalog.phase === 'loading' ? (
      <LoadingRows />
    ) : (
      <VirtualList
        items={shown}
        keyOf={(listener) => listener.slug}
        label="Listeners"
        columns={columns[shape]}
        header={<ListHead columns={columns[shape]} cells={headings[shape]} />}
        renderRow={(listener) => <ListenerRow listener={listener} narrow={isOpen} isDirty={dirty.has(listener.slug)} />}
        activeKey={isNew ? null : (openSlug ?? active)}
        onActivate={(slug) => {
          clicked.current = slug;
          setActive(slug);
          if (isOpen) navigate(paths.listener(slug), { replace: openSlug !== null });
        }}
        onOpen={(slug) => navigate(paths.listener(slug))}
        empty={
          filter !== '' ? (
            <EmptyState title="No listener is like that">
              Names, sources, types, jobs and conditions are looked through.
            </EmptyState>
          ) : (
            <EmptyState
              icon={IconRouteAltLeft}
              title="No listeners yet"
              action={
                <Button component="a" href={hrefOf(paths.newListener())}>
                  New listener
                </Button>
              }
            >
              A listener picks events by source, type and conditions, and runs a job for each of them.
            </EmptyState>
          )
        }
      />
    );

  return (
    <AppPage
      title="Listeners"
      count={catalog.phase === 'ready' ? catalog.listeners.length : undefined}
      toolbar={
        <>
          <FilterField value={filter} onChange={setFilter} label="Filter listeners" />
          <Switch
            label="Show deleted"
            checked={showDeleted}
            onChange={(event) => setShowDeleted(event.currentTarget.checked)}
          />
        </>
      }
      actions={
        <Button
          leftSection={<IconPlus size={14} stroke={1.8} />}
          variant={isNew ? 'default' : 'filled'}
          onClick={() => navigate(paths.newListener())}
        >
          New listener
        </Button>
      }
    >
      <SplitPane
        id="listeners"
        defaultRatio={0.26}
        minPx={240}
        primary={
          <OpenOnClick
            onOpen={() => {
              if (!isOpen && clicked.current !== null) navigate(paths.listener(clicked.current));
            }}
          >
            {list}
          </OpenOnClick>
        }
        secondary={
          isNew ? (
            <NewListenerPane key={newKey} eventId={search.get('event')} onClose={close} />
          ) : openSlug !== null ? (
            <ListenerPane key={openSlug} slug={openSlug} eventId={search.get('event')} onClose={close} />
          ) : null
        }
      />
    </AppPage>
  );
}
