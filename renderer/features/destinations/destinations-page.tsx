import { IconSend } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import type { Destination } from '../../../shared/contract/destinations.ts';
import { PermittedLink } from '../../domain/access/permitted-link.tsx';
import { DefinitionPane, PaneHead } from '../../domain/definition/definition-pane.tsx';
import { CountCell } from '../../domain/definition/definition-row.tsx';
import { lampOf, stateText } from '../../domain/destination/destination-state.ts';
import { DestinationView } from '../../domain/destination/destination-view.tsx';
import { LatencySpark } from '../../domain/destination/latency-bars.tsx';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import type { PageProps } from '../../model/app/feature.ts';
import { navigate } from '../../model/app/navigation.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { matchesWords } from '../../model/definitions/matches-words.ts';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { Lamp } from '../../ui/feedback/lamp.tsx';
import { FilterField } from '../../ui/forms/filter-field.tsx';
import { AppPage } from '../../ui/layout/app-page.tsx';
import { SplitPane } from '../../ui/layout/split-pane.tsx';
import { Cell } from '../../ui/tables/cell.tsx';
import { endHead, ListHead } from '../../ui/tables/list-head.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { OpenOnClick } from '../../ui/tables/open-on-click.tsx';
import { VirtualList } from '../../ui/tables/virtual-list.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import classes from './destinations.module.css';

const shapes = {
  wide: {
    columns:
      '12px minmax(110px, 1.2fr) minmax(110px, 2.2fr) minmax(90px, 1fr) clamp(56px, 8cqi, 70px) minmax(96px, 1fr) 84px',
    headings: ['', 'Destination', 'URL', 'State', endHead('Backlog'), 'Last answer', 'Duration'],
  },
  narrow: { columns: '12px minmax(0, 1fr) auto', headings: ['', 'Destination', ''] },
} as const;

/** Every job that sends requests, seen as where its events go. */
export function DestinationsPage({ params }: PageProps) {
  const open = params.job ?? null;
  const isOpen = open !== null;
  const shape = shapes[isOpen ? 'narrow' : 'wide'];
  const got = useCall('destinations.list', {}, { reloadOn: ['jobs.changed', 'runs.changed'] });
  const [filter, setFilter] = useState('');
  const [active, setActive] = useState<string | null>(open);
  const clicked = useRef<string | null>(null);
  const items = got.value?.items ?? [];
  const shown = useMemo(
    () => items.filter(({ name, job, url }) => matchesWords(filter, [name, job, url])),
    [items, filter],
  );
  const close = (): void => navigate(paths.destinations());
  useShortcuts('Destinations', [{ keys: 'escape', label: 'Close the destination', run: close, enabled: isOpen }]);
  const current = items.find(({ job }) => job === open);

  const list =
    got.value !== undefined ? (
      <VirtualList
        items={shown}
        keyOf={({ job }) => job}
        label="Destinations"
        columns={shape.columns}
        header={<ListHead columns={shape.columns} cells={shape.headings} />}
        renderRow={(destination) => <DestinationRow destination={destination} narrow={isOpen} />}
        activeKey={open ?? active}
        onActivate={(job) => {
          clicked.current = job;
          setActive(job);
          if (isOpen) navigate(paths.destination(job), { replace: true });
        }}
        onOpen={(job) => navigate(paths.destination(job))}
        empty={filter.trim() === '' ? <None /> : <EmptyState title="No matching destinations" />}
      />
    ) : got.error !== null ? (
      <ErrorState error={got.error} title="Destinations could not be loaded" onRetry={got.reload} />
    ) : (
      <LoadingRows />
    );

  return (
    <AppPage
      title="Destinations"
      count={got.value?.items.length}
      toolbar={<FilterField value={filter} onChange={setFilter} label="Filter destinations" />}
    >
      <SplitPane
        id="destinations"
        defaultRatio={0.26}
        minPx={240}
        primary={
          <OpenOnClick
            onOpen={() => {
              if (!isOpen && clicked.current !== null) navigate(paths.destination(clicked.current));
            }}
          >
            {list}
          </OpenOnClick>
        }
        secondary={
          open === null ? null : (
            <DefinitionPane label={`Destination ${open}`}>
              <PaneHead
                title={current?.name ?? open}
                slug={open}
                lamp={current === undefined ? undefined : <Lamp {...lampOf(current)} />}
                actions={<a href={hrefOf(paths.job(open))}>Open job</a>}
                onClose={close}
              />
              <div className={classes.scroll}>
                <DestinationView key={open} job={open} />
              </div>
            </DefinitionPane>
          )
        }
      />
    </AppPage>
  );
}

const None = () => (
  <EmptyState
    icon={IconSend}
    title="No destinations yet"
    action={
      <PermittedLink needs="define" href={hrefOf(paths.newJob())}>
        New job
      </PermittedLink>
    }
  >
    A destination is a job of the kind http: it sends each event to an address.
  </EmptyState>
);

function DestinationRow({ destination, narrow }: { destination: Destination; narrow: boolean }) {
  const { name, url, backlog, sent } = destination;
  const waiting = backlog.waiting + backlog.running + backlog.scheduled;
  const [last] = sent;
  return (
    <>
      <Lamp {...lampOf(destination)} />
      <Cell title={name}>{name}</Cell>
      {narrow ? (
        <CountCell value={waiting} tone="amber" />
      ) : (
        <>
          <Cell mono title={url}>
            {url}
          </Cell>
          <Cell dim={destination.state === 'active' && !destination.isPaused}>{stateText(destination)}</Cell>
          <CountCell value={waiting} tone="amber" />
          <Cell dim title={last?.error ?? undefined}>
            {last === undefined ? (
              'none'
            ) : (
              <>
                {last.status ?? 'no answer'}, <TimeAgo at={last.at} />
              </>
            )}
          </Cell>
          <LatencySpark sent={sent} />
        </>
      )}
    </>
  );
}
