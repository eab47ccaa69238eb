import type { EventItem } from '../../../shared/contract/events.ts';
import { call } from '../../client/index.ts';
import { useRows } from '../calls/use-call.ts';

const shownEvents = 50;

/** The latest stored events that fit a query, newest first, for pickers; they follow what arrives. */
export function useRecentEvents(query: string): { items: readonly EventItem[]; loading: boolean } {
  const asked = query === '' ? {} : { query };
  const got = useRows(`events ${query}`, (page) => call('events.list', { ...asked, ...page }), shownEvents, {
    reloadOn: ['events.added'],
    keep: true,
  });
  return { items: got.value ?? [], loading: got.loading };
}
