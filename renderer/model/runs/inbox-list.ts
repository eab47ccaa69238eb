import { create } from 'zustand';
import type { Run } from '../../../shared/contract/runs.ts';
import { call, onPush } from '../../client/index.ts';
import { idBatches } from '../calls/id-batches.ts';
import { createPagedList } from '../calls/paged-list.ts';
import {
  type Acknowledging,
  begin,
  confirm,
  forgetElsewhere,
  noAcknowledging,
  receive,
  release,
} from './acknowledging.ts';

export const inboxList = createPagedList<Run, { inbox: true }>({
  fetch: (input) => call('runs.list', input),
  keyOf: (run) => run.id,
  accepts: (run) => (run.needsAttention === null ? 'no' : 'yes'),
  params: { inbox: true },
  maxRows: 2000,
  pageSize: 200,
});

export const useInbox = create<Acknowledging>(() => noAcknowledging);

/**
 * Takes the runs out of the inbox at once and tells the far side. What was not acknowledged comes back and the error is
 * thrown.
 */
export async function acknowledge(ids: readonly string[], note?: string): Promise<void> {
  useInbox.setState((state) => begin(state, ids));
  const done: string[] = [];
  try {
    for (const part of idBatches(ids)) {
      const { items } = await call('runs.acknowledge', { ids: part, ...(note === undefined ? {} : { note }) });
      inboxList.push(items);
      done.push(...part);
    }
  } finally {
    const left = ids.slice(done.length);
    useInbox.setState((state) => {
      const settled = done.length === 0 ? state : confirm(state, done);
      return left.length === 0 ? settled : release(settled, left);
    });
  }
}

/** Puts acknowledged runs back into the inbox. */
export async function unacknowledge(ids: readonly string[]): Promise<void> {
  for (const part of idBatches(ids)) {
    const { items } = await call('runs.unacknowledge', { ids: part });
    useInbox.setState((state) => release(state, part));
    inboxList.push(items);
  }
}

export const dismissElsewhere = (): void => useInbox.setState(forgetElsewhere);

export function followInbox(): () => void {
  const stops = [
    inboxList.subscribe(),
    onPush('runs.changed', ({ items }) => {
      const shown = new Set(inboxList.get().items.map((run) => run.id));
      const received = receive(useInbox.getState(), shown, items);
      useInbox.setState(received.state);
      inboxList.push(received.rows);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
