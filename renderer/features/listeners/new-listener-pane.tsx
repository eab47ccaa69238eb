import { useEffect } from 'react';
import { DefinitionPane, PaneHead } from '../../domain/definition/definition-pane.tsx';
import { useCall } from '../../model/calls/use-call.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { newKey } from '../../model/definitions/definition-editor.ts';
import {
  emptyListener,
  listenerEditors,
  listenerForValue,
  listenerLike,
} from '../../model/definitions/listener-draft.ts';
import { freeSlug } from '../../model/definitions/slug.ts';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { ListenerEditor } from './listener-editor.tsx';

interface NewListenerPaneProps {
  eventId: string | null;
  /** What it begins with; `value` is JSON. */
  condition: { field: string | null; value: string | null };
  onClose: () => void;
}

/** A listener that does not exist yet; with an event, one made for events like it. */
export function NewListenerPane({ eventId, condition, onClose }: NewListenerPaneProps) {
  const { field, value } = condition;
  const editing = listenerEditors.use(newKey);
  const event = useCall('events.get', eventId === null ? null : { id: eventId });

  useEffect(() => {
    if (eventId === null) {
      if (listenerEditors.get(newKey) === undefined) listenerEditors.begin(newKey, emptyListener(), null);
    } else if (event.value !== undefined) {
      const special = field === null || value === null ? null : listenerForValue(event.value, field, value);
      const draft = special ?? listenerLike(event.value);
      const taken = new Set(useCatalog.getState().listeners.map((listener) => listener.slug));
      listenerEditors.begin(newKey, { ...draft, slug: freeSlug(draft.slug, taken) }, null);
    }
  }, [eventId, event.value, field, value]);

  const isWaiting = eventId !== null && event.value === undefined;
  return (
    <DefinitionPane label="New listener">
      <PaneHead title={eventId === null ? 'New listener' : 'New listener from an event'} onClose={onClose} />
      {event.error !== null ? (
        <ErrorState error={event.error} title="The event could not be loaded" onRetry={event.reload} />
      ) : editing === undefined || isWaiting ? (
        <LoadingRows rows={8} />
      ) : (
        <ListenerEditor
          key={`${eventId} ${field} ${value}`}
          slug={null}
          editing={editing}
          readOnly={false}
          eventId={eventId}
        />
      )}
    </DefinitionPane>
  );
}
