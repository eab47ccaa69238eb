import { Button } from '@mantine/core';
import { IconPlus, IconWebhook } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import type { Source } from '../../../shared/contract/sources.ts';
import { AppPage } from '../../components/app-page.tsx';
import { copyText } from '../../components/copy-text.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { FilterField } from '../../components/filter-field.tsx';
import { ListHead } from '../../components/list-head.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { OpenOnClick } from '../../components/open-on-click.tsx';
import { SplitPane } from '../../components/split-pane.tsx';
import { showDone, showFailure } from '../../components/toasts.tsx';
import { VirtualList } from '../../components/virtual-list.tsx';
import { useCatalog } from '../../stores/catalog.ts';
import { newKey } from '../../stores/definition-editor.ts';
import type { PageProps } from '../../stores/feature.ts';
import { navigate, useRoute } from '../../stores/navigation.ts';
import { hrefOf, paths } from '../../stores/paths.ts';
import { useShortcuts } from '../../stores/shortcuts.ts';
import { sourceEditors } from '../../stores/sources-draft.ts';
import { filterSources } from '../../stores/sources-health.ts';
import { useCall } from '../../stores/use-call.ts';
import { NewSourcePane } from './new-source-pane.tsx';
import { SourcePane } from './source-pane.tsx';
import { columns, headings, SourceRow } from './source-row.tsx';

async function copyAddress({ name, url }: Source): Promise<void> {
  if (url === null) return;
  try {
    await copyText(url);
    showDone(`The address of ${name} is copied`);
  } catch (error) {
    showFailure(error, 'Nothing was copied');
  }
}

export function SourcesPage({ params }: PageProps) {
  const { path } = useRoute();
  const isNew = path === paths.newSource();
  const openSlug = params.slug ?? null;
  const sources = useCatalog((state) => state.sources);
  const phase = useCatalog((state) => state.phase);
  const error = useCatalog((state) => state.error);
  const presets = useCall('sources.presets', {});
  const [filter, setFilter] = useState('');
  const [active, setActive] = useState<string | null>(openSlug);
  const dirty = new Set(sourceEditors.useDirtyKeys().split(' '));
  const shown = useMemo(() => filterSources(sources, filter), [sources, filter]);
  const clicked = useRef<string | null>(null);
  const isOpen = isNew || openSlug !== null;
  const shape = isOpen ? 'narrow' : 'wide';
  const close = (): void => navigate(paths.sources());

  const current = sources.find((source) => source.slug === (openSlug ?? active));
  useShortcuts('Sources', [
    {
      keys: 'y',
      label: 'Copy the address',
      enabled: current !== undefined && current.url !== null,
      run: () => current !== undefined && void copyAddress(current),
    },
    { keys: 'n', label: 'New source', run: () => navigate(paths.newSource()) },
    { keys: 'escape', label: 'Close the source', run: close, enabled: isOpen },
  ]);

  const ownCount = sources.filter((source) => source.owner !== 'builtin').length;
  const list =
    phase === 'error' && error !== null ? (
      <ErrorState error={error} />
    ) : phase === 'loading' ? (
      <LoadingRows />
    ) : (
      <VirtualList
        items={shown}
        keyOf={(source) => source.slug}
        label="Sources"
        columns={columns[shape]}
        header={<ListHead columns={columns[shape]} cells={headings[shape]} />}
        renderRow={(source) => (
          <SourceRow
            source={source}
            preset={presets.value?.items.find((preset) => preset.id === source.preset)}
            narrow={isOpen}
            isDirty={dirty.has(source.slug)}
            onCopy={() => void copyAddress(source)}
          />
        )}
        activeKey={isNew ? null : (openSlug ?? active)}
        onActivate={(slug) => {
          clicked.current = slug;
          setActive(slug);
          if (isOpen) navigate(paths.source(slug), { replace: openSlug !== null });
        }}
        onOpen={(slug) => navigate(paths.source(slug))}
        footer={
          filter === '' && ownCount === 0 && !isNew ? (
            <EmptyState
              icon={IconWebhook}
              title="Nobody can send anything yet"
              action={
                <Button component="a" href={hrefOf(paths.newSource())}>
                  New source
                </Button>
              }
            >
              A source is an address for one sender, with how it proves itself and where its events’ type and id stand.
            </EmptyState>
          ) : undefined
        }
        empty={
          filter === '' ? undefined : (
            <EmptyState title="No source is like that">Names, presets and addresses are looked through.</EmptyState>
          )
        }
      />
    );

  return (
    <AppPage
      title="Sources"
      count={phase === 'ready' ? sources.length : undefined}
      toolbar={<FilterField value={filter} onChange={setFilter} label="Filter sources" />}
      actions={
        <Button
          leftSection={<IconPlus size={14} stroke={1.8} />}
          variant={isNew ? 'default' : 'filled'}
          onClick={() => navigate(paths.newSource())}
        >
          New source
        </Button>
      }
    >
      <SplitPane
        id="sources"
        defaultRatio={0.26}
        minPx={240}
        primary={
          <OpenOnClick
            onOpen={() => {
              if (!isOpen && clicked.current !== null) navigate(paths.source(clicked.current));
            }}
          >
            {list}
          </OpenOnClick>
        }
        secondary={
          isNew ? (
            <NewSourcePane key={newKey} presets={presets} onClose={close} />
          ) : openSlug !== null ? (
            <SourcePane key={openSlug} slug={openSlug} presets={presets} onClose={close} />
          ) : null
        }
      />
    </AppPage>
  );
}
