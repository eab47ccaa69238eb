import type { EventItem } from '../../../shared/contract/events.ts';
import { useCall } from '../calls/use-call.ts';

const shownEvents = 50;

/** The latest stored events that fit a query, newest first, for pickers; they follow what arrives. */
export function useRecentEvents(query: string): { items: readonly EventItem[]; loading: boolean } {
  const got = useCall(
    'events.list',
    { limit: shownEvents, ...(query === '' ? {} : { query }) },
    { reloadOn: ['events.added'], keep: true },
  );
  return { items: got.value?.items ?? [], loading: got.loading };
}
