import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReplayPreview } from '../../../shared/contract/events.ts';
import { isoTime } from '../../store/database/times.ts';
import { type EventRow, readEventRow } from '../../store/events/events.ts';
import type { Reader } from '../../store/read/reader.ts';
import { startsNothing } from '../plan-matches.ts';
import { findReplayIds } from './find-replay-ids.ts';
import { createReplayTargets, isReadable, type ReplayDeps, type ReplayInput } from './replay.ts';

/** Matching costs about what it costs at a delivery; 2,000 events tell which listeners are concerned. */
const examinedEvents = 2_000;
/** Looked at in one turn of the event loop, so that deliveries get in between. */
const turnEvents = 20;

export interface PreviewReplayDeps extends Pick<ReplayDeps, 'db' | 'listeners'> {
  reader: Reader;
  nowMs: () => number;
}

/**
 * What a replay of everything a query finds would do. With `onlyFailed` every event is examined, since only those with
 * a failed run count; otherwise the newest are, for the list of listeners.
 */
export async function previewReplay(
  deps: PreviewReplayDeps,
  input: Pick<ReplayInput, 'listeners' | 'onlyFailed'> & { query: string; limit?: number | undefined },
): Promise<ReplayPreview> {
  const { ids, isMore } = await findReplayIds(deps, input);
  const newestFirst = ids.reverse();
  const examined = input.onlyFailed === true ? newestFirst : newestFirst.slice(0, examinedEvents);
  const targetsOf = createReplayTargets(deps, input);
  const byListener = new Map<string, ReplayPreview['listeners'][number]>();
  let unmatched = 0;
  let taken = 0;
  let newest: EventRow | null = null;
  let oldest: EventRow | null = null;
  for (let at = 0; at < examined.length; at += turnEvents) {
    const rows = examined
      .slice(at, at + turnEvents)
      .flatMap((id) => readEventRow(deps.db, id) ?? [])
      // The replay leaves damaged events out.
      .filter((row) => isReadable(deps.db, row, false));
    for (const { row, matches } of targetsOf(rows)) {
      taken += 1;
      newest ??= row;
      oldest = row;
      if (startsNothing(matches)) unmatched += 1;
      for (const { listener, job, isShadow } of matches) {
        if (isShadow) continue;
        const known = byListener.get(listener);
        if (known === undefined) byListener.set(listener, { listener, job, events: 1 });
        else known.events += 1;
      }
    }
    await nextTurn();
  }
  if (input.onlyFailed !== true) {
    const lastId = newestFirst.at(-1);
    oldest = lastId === undefined ? null : readEventRow(deps.db, lastId);
  }
  return {
    events: input.onlyFailed === true ? taken : newestFirst.length,
    isMore,
    oldestAt: oldest === null ? null : isoTime(oldest.received_at),
    newestAt: newest === null ? null : isoTime(newest.received_at),
    examined: examined.length,
    listeners: [...byListener.values()].sort((a, b) => b.events - a.events || (a.listener < b.listener ? -1 : 1)),
    unmatched,
  };
}
