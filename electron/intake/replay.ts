import type { Json } from '../../shared/contract/common.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { internEventType } from '../store/event-types.ts';
import { insertEvent, readEventRow, toMatchable } from '../store/events.ts';
import { newId } from '../store/ids.ts';
import type { ReadableDb } from '../store/open.ts';
import type { Writer } from '../store/writer.ts';
import type { Planned } from './intake-types.ts';
import { type PlanDeps, planRuns } from './plan-runs.ts';
import type { ListenerMatcher, Match } from './planning-types.ts';

export interface ReplayDeps extends PlanDeps {
  db: ReadableDb;
  writer: Writer;
  listeners: ListenerMatcher;
  onPlanned: (planned: Planned) => void;
}

export interface ReplayInput {
  ids: readonly string[];
  /** In place of the stored payload. */
  payload?: Json | undefined;
  /** Only these, whatever their type and conditions say; absent: whoever takes it today. */
  listeners?: readonly string[] | undefined;
}

/**
 * Sends stored events through today's listeners again: each becomes a new event that points at the original, and starts
 * a chain of its own (depth 0). A replay of a replay points at the replay, so that the lineage can be walked.
 */
export async function replayEvents(deps: ReplayDeps, input: ReplayInput): Promise<{ id: string; replayOf: string }[]> {
  const chosen = input.listeners?.map((slug) => chooseListener(deps.listeners, slug));
  const originals = input.ids.map((id) => {
    const row = readEventRow(deps.db, id);
    if (row === null) throw new AppError('not_found', `there is no event ${id}; it may have been removed by retention`);
    return { row, event: toMatchable(deps.db, row) };
  });
  const nowMs = deps.nowMs();
  const replays = originals.map(({ row, event }) => {
    const replayed = input.payload === undefined ? event : { ...event, payload: input.payload };
    return {
      row,
      id: newId('evt', nowMs),
      payload: input.payload === undefined ? row.payload : JSON.stringify(input.payload),
      matches: chosen ?? deps.listeners.match(replayed),
    };
  });
  const planned = await deps.writer.write((db) => {
    const all: Planned = { eventSeqs: [], deliverySeq: null, jobs: [], listeners: [] };
    for (const { row, id, payload, matches } of replays) {
      const eventSeq = insertEvent(db, {
        id,
        typeId: internEventType(db, row.source, row.system, row.type),
        externalId: row.external_id,
        occurredAtMs: row.occurred_at,
        receivedAtMs: nowMs,
        context: row.context,
        payload,
        verification: row.verification,
        deliverySeq: row.delivery_seq,
        replayOf: row.id,
        causedByRun: null,
        depth: 0,
        ignored: matches.length === 0,
        chainStopped: false,
      });
      all.eventSeqs.push(eventSeq);
      planRuns(db, { seq: eventSeq, id, source: row.source, type: row.type, depth: 0 }, matches, deps, all);
    }
    return all;
  });
  deps.onPlanned(planned);
  return replays.map(({ id, row }) => ({ id, replayOf: row.id }));
}

function chooseListener(listeners: ListenerMatcher, slug: string): Match {
  const match = listeners.find(slug);
  if (match === null) throw new AppError('not_found', `there is no active listener ${slug} to replay to`);
  return match;
}
