import { Switch } from '@mantine/core';
import { IconRouteAltLeft } from '@tabler/icons-react';
import { useState } from 'react';
import type { Listener } from '../../../shared/contract/listeners.ts';
import { PermittedLink } from '../../domain/access/permitted-link.tsx';
import { DefinitionPage } from '../../domain/definition/definition-page.tsx';
import type { PageProps } from '../../model/app/feature.ts';
import { navigate } from '../../model/app/navigation.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { newKey } from '../../model/definitions/definition-editor.ts';
import { listenerEditors } from '../../model/definitions/listener-draft.ts';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { ListenerPane } from './listener-pane.tsx';
import { columns, headings, ListenerRow } from './listener-row.tsx';
import { filterListeners, sortListeners } from './model/filter-listeners.ts';
import { NewListenerPane } from './new-listener-pane.tsx';

const searchSorted = (listeners: readonly Listener[], text: string): readonly Listener[] =>
  filterListeners(sortListeners(listeners), text);

export function ListenersPage({ params, search }: PageProps) {
  const openSlug = params.slug ?? null;
  const listeners = useCatalog((state) => state.listeners);
  const [showDeleted, setShowDeleted] = useState(false);
  const all = useCall('listeners.list', showDeleted ? { includeDeleted: true } : null, {
    reloadOn: ['listeners.changed'],
  });
  const dirty = new Set(listenerEditors.useDirtyKeys().split(' '));
  const close = (): void => navigate(paths.listeners());
  const eventId = search.get('event');

  return (
    <DefinitionPage
      id="listeners"
      title="Listeners"
      what="listener"
      paths={{ all: paths.listeners(), create: paths.newListener(), one: paths.listener }}
      openSlug={openSlug}
      items={showDeleted && all.value !== undefined ? all.value.items : listeners}
      count={listeners.length}
      search={searchSorted}
      columns={columns}
      headings={headings}
      renderRow={(listener, narrow) => (
        <ListenerRow listener={listener} narrow={narrow} isDirty={dirty.has(listener.slug)} />
      )}
      notFound={
        <EmptyState title="No matching listeners">Searches names, sources, types, jobs and conditions.</EmptyState>
      }
      empty={
        <EmptyState
          icon={IconRouteAltLeft}
          title="No listeners yet"
          action={
            <PermittedLink needs="define" href={hrefOf(paths.newListener())}>
              New listener
            </PermittedLink>
          }
        >
          A listener picks events by source, type and conditions, and runs a job for each of them.
        </EmptyState>
      }
      toolbar={
        <Switch
          label="Show deleted"
          checked={showDeleted}
          onChange={(event) => setShowDeleted(event.currentTarget.checked)}
        />
      }
      newPane={
        <NewListenerPane
          key={newKey}
          eventId={eventId}
          condition={{ field: search.get('field'), value: search.get('value') }}
          onClose={close}
        />
      }
      openPane={openSlug !== null && <ListenerPane key={openSlug} slug={openSlug} eventId={eventId} onClose={close} />}
    />
  );
}
