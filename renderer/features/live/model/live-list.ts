import { create } from 'zustand';
import type { EventItem } from '../../../../shared/contract/events.ts';
import { parseQuery } from '../../../../shared/query/parse-query.ts';
import { call, onPush } from '../../../client/index.ts';
import { createPagedList } from '../../../model/calls/paged-list.ts';
import { belongsToQuery, composeQuery, dependsOnRuns, withRun } from './event-query.ts';

export interface LiveFilter {
  showInternal: boolean;
}

export const liveList = createPagedList<EventItem, LiveFilter>({
  fetch: ({ showInternal, query, ...input }) => {
    const composed = composeQuery(query ?? '', showInternal);
    return call('events.list', composed === '' ? input : { ...input, query: composed });
  },
  keyOf: (event) => event.id,
  accepts: (event, { query, params }) => belongsToQuery(event, composeQuery(query, params.showInternal), Date.now()),
  params: { showInternal: false },
  maxRows: 10_000,
  pageSize: 200,
});

interface LiveView {
  /** Chosen for bulk actions. */
  checked: ReadonlySet<string>;
}

export const useLiveView = create<LiveView>(() => ({ checked: new Set<string>() }));
export const setChecked = (checked: ReadonlySet<string>): void => useLiveView.setState({ checked });

export function toggleChecked(id: string): void {
  const next = new Set(useLiveView.getState().checked);
  if (!next.delete(id)) next.add(id);
  setChecked(next);
}

export function followLive(): () => void {
  const stops = [
    liveList.subscribe(),
    onPush('events.added', ({ items }) => liveList.push(items)),
    onPush('runs.changed', ({ items }) => {
      for (const run of items) liveList.update(run.eventId, (event) => withRun(event, run));
      const parsed = parseQuery(liveList.get().query);
      if (parsed.ok && dependsOnRuns(parsed.query)) liveList.refreshSoon();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
