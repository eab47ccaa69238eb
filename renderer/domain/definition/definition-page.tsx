import { IconPlus } from '@tabler/icons-react';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { type Shortcut, useShortcuts } from '../../keyboard/shortcuts.ts';
import { navigate, useRoute } from '../../model/app/navigation.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { FilterField } from '../../ui/forms/filter-field.tsx';
import { AppPage } from '../../ui/layout/app-page.tsx';
import { SplitPane } from '../../ui/layout/split-pane.tsx';
import { ListHead } from '../../ui/tables/list-head.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { OpenOnClick } from '../../ui/tables/open-on-click.tsx';
import { VirtualList } from '../../ui/tables/virtual-list.tsx';
import { PermittedButton } from '../access/permitted-button.tsx';

/** What a list looks like on its own, and beside an open pane. */
interface Shapes<V> {
  wide: V;
  narrow: V;
}

interface DefinitionPageProps<T extends { slug: string }> {
  id: 'sources' | 'listeners' | 'jobs' | 'alarms';
  title: string;
  /** What one of them is called. */
  what: string;
  paths: { all: string; create: string; one: (slug: string) => string };
  openSlug: string | null;
  items: readonly T[];
  /** How many there are, when that is not how many are listed. */
  count?: number;
  search: (items: readonly T[], text: string) => readonly T[];
  columns: Shapes<string>;
  headings: Shapes<readonly ReactNode[]>;
  renderRow: (item: T, narrow: boolean) => ReactNode;
  /** Instead of rows, when the filter lets none through. */
  notFound: ReactNode;
  /** Instead of rows, when there are none. */
  empty?: ReactNode;
  /** Below the rows, while nothing is filtered or made. */
  footer?: ReactNode;
  /** Beside the filter. */
  toolbar?: ReactNode;
  /** Before the button for a new one. */
  actions?: ReactNode;
  /** Keys of its own, for the one that is open or under the cursor. */
  shortcuts?: (current: T | undefined) => readonly Shortcut[];
  newPane: ReactNode;
  openPane: ReactNode;
}

/** The page of sources, listeners, jobs or alarms: their list with its filter, and beside it the one that is open or made. */
export function DefinitionPage<T extends { slug: string }>(props: DefinitionPageProps<T>) {
  const { title, what, paths, openSlug, items, search } = props;
  const isNew = useRoute().path === paths.create;
  const isOpen = isNew || openSlug !== null;
  const shape = isOpen ? 'narrow' : 'wide';
  const phase = useCatalog((state) => state.phase);
  const error = useCatalog((state) => state.error);
  const [filter, setFilter] = useState('');
  const isFiltered = filter.trim() !== '';
  const [active, setActive] = useState<string | null>(openSlug);
  const clicked = useRef<string | null>(null);
  const shown = useMemo(() => search(items, filter), [search, items, filter]);
  const current = isNew ? undefined : items.find((item) => item.slug === (openSlug ?? active));

  useShortcuts(title, [
    ...(props.shortcuts?.(current) ?? []),
    { keys: 'n', label: `New ${what}`, needs: 'define', run: () => navigate(paths.create) },
    { keys: 'escape', label: `Close the ${what}`, run: () => navigate(paths.all), enabled: isOpen },
  ]);

  const list =
    phase === 'error' && error !== null ? (
      <ErrorState error={error} />
    ) : phase === 'loading' ? (
      <LoadingRows />
    ) : (
      <VirtualList
        items={shown}
        keyOf={(item) => item.slug}
        label={title}
        columns={props.columns[shape]}
        header={<ListHead columns={props.columns[shape]} cells={props.headings[shape]} />}
        renderRow={(item) => props.renderRow(item, isOpen)}
        activeKey={isNew ? null : (openSlug ?? active)}
        onActivate={(slug) => {
          clicked.current = slug;
          setActive(slug);
          if (isOpen) navigate(paths.one(slug), { replace: openSlug !== null });
        }}
        onOpen={(slug) => navigate(paths.one(slug))}
        empty={isFiltered ? props.notFound : props.empty}
        footer={!isFiltered && !isNew ? props.footer : undefined}
      />
    );

  return (
    <AppPage
      title={title}
      count={phase === 'ready' ? (props.count ?? items.length) : undefined}
      toolbar={
        <>
          <FilterField value={filter} onChange={setFilter} label={`Filter ${title.toLowerCase()}`} />
          {props.toolbar}
        </>
      }
      actions={
        <>
          {props.actions}
          <PermittedButton
            needs="define"
            leftSection={<IconPlus size={14} stroke={1.8} />}
            variant={isNew ? 'default' : 'filled'}
            onClick={() => navigate(paths.create)}
          >
            New {what}
          </PermittedButton>
        </>
      }
    >
      <SplitPane
        id={props.id}
        defaultRatio={0.26}
        minPx={240}
        primary={
          <OpenOnClick
            onOpen={() => {
              if (!isOpen && clicked.current !== null) navigate(paths.one(clicked.current));
            }}
          >
            {list}
          </OpenOnClick>
        }
        secondary={isNew ? props.newPane : openSlug !== null ? props.openPane : null}
      />
    </AppPage>
  );
}
