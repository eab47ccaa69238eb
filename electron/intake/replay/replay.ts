import type { Json } from '../../../shared/contract/common.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Run } from '../../../shared/contract/runs.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import type { Bus } from '../../runs/announcements.ts';
import type { RunLifecycle } from '../../runs/lifecycle.ts';
import { newId } from '../../store/database/ids.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { readPart } from '../../store/database/unreadable.ts';
import { readDeliveryHeaders } from '../../store/events/deliveries.ts';
import { internEventType } from '../../store/events/event-types.ts';
import { type EventRow, insertEvent, readEventRow, readStoredJson, toMatchable } from '../../store/events/events.ts';
import { readFailedListeners } from '../../store/runs/run-history.ts';
import type { Writer } from '../../store/write/writer.ts';
import { type PlanMatch, startsNothing } from '../plan-matches.ts';
import type { ListenerMatcher, Match } from '../planning-types.ts';

export interface SharedReplays {
  replay(input: Omit<ReplayInput, 'onDamaged'>): Promise<{ id: string; replayOf: string }[]>;
  assign(input: { ids: readonly string[]; listener: string }): Promise<Run[]>;
}

export interface ReplayDeps {
  db: ReadableDb;
  writer: Writer;
  bus: Bus;
  listeners: ListenerMatcher;
  plan: PlanMatch;
  closeBatchOf: RunLifecycle['closeBatchOf'];
  /** Present in a cluster: the same by way of its log, in the store of each node. */
  shared?: SharedReplays | undefined;
  nowMs: () => number;
}

export interface ReplayInput {
  ids: readonly string[];
  /** In place of the stored payload. */
  payload?: Json | undefined;
  /** Only these, whatever their type and conditions say; absent: those that match today. */
  listeners?: readonly string[] | undefined;
  /** Of those, only listeners whose last run for the event failed; an event without one is left out. */
  onlyFailed?: boolean | undefined;
  /** Told of an event that is damaged in the store, which is then left out; absent: it is refused, with all others. */
  onDamaged?: ((id: string) => void) | undefined;
}

type ReplayTargets = (rows: readonly EventRow[], payload?: Json) => { row: EventRow; matches: Match[] }[];

/** Which listeners a stored event goes to, for the replay itself and for its preview. */
export function createReplayTargets(
  deps: Pick<ReplayDeps, 'db' | 'listeners'>,
  { listeners, onlyFailed = false }: Pick<ReplayInput, 'listeners' | 'onlyFailed'>,
): ReplayTargets {
  const chosen = listeners?.map((slug) => chooseListener(deps.listeners, slug));
  const matchesOf = (row: EventRow, payload: Json | undefined): Match[] => {
    if (chosen !== undefined) return chosen;
    const event = toMatchable(deps.db, row);
    return deps.listeners.match(payload === undefined ? event : { ...event, payload });
  };
  return (rows, payload) => {
    if (!onlyFailed) return rows.map((row) => ({ row, matches: matchesOf(row, payload) }));
    const seqs = rows.map((row) => row.seq);
    const failed = readFailedListeners(deps.db, seqs);
    return rows.flatMap((row) => {
      const of = failed.get(row.seq);
      const matches = of === undefined ? [] : matchesOf(row, payload).filter((match) => of.has(match.listener));
      return matches.length === 0 ? [] : [{ row, matches }];
    });
  };
}

/**
 * Sends stored events through today's listeners again: each becomes a new event that points at the original, and starts
 * a chain of its own (depth 0). A replay of a replay points at the replay, so that the lineage can be walked.
 */
export async function replayEvents(deps: ReplayDeps, input: ReplayInput): Promise<{ id: string; replayOf: string }[]> {
  const targetsOf = createReplayTargets(deps, input);
  const rows = input.ids.flatMap((id) => {
    const row = readEventRow(deps.db, id);
    if (row === null) throw new AppError('not_found', `there is no event ${id}; it may have been removed by retention`);
    if (isReadable(deps.db, row, input.payload !== undefined)) return row;
    if (input.onDamaged === undefined) {
      throw new AppError('unavailable', `The event ${id} is damaged in the store and cannot be replayed.`);
    }
    input.onDamaged(id);
    return [];
  });
  if (deps.shared !== undefined) {
    const { onDamaged: _told, ...order } = input;
    return await deps.shared.replay({ ...order, ids: rows.map(({ id }) => id) });
  }
  const nowMs = deps.nowMs();
  const replays = targetsOf(rows, input.payload).map(({ row, matches }) => ({
    row,
    id: newId('evt', nowMs),
    payload: input.payload === undefined ? row.payload : stringifyExact(input.payload),
    matches,
  }));
  if (replays.length === 0) return [];
  await deps.writer.write((tx) => {
    const { db } = tx;
    const eventSeqs: number[] = [];
    tx.afterCommit(() => deps.bus.emit('events.stored', eventSeqs));
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
        ignored: startsNothing(matches),
        chainStopped: false,
      });
      eventSeqs.push(eventSeq);
      const event = { seq: eventSeq, id, source: row.source, type: row.type, depth: 0 };
      for (const match of matches) deps.plan(tx, event, match);
    }
  });
  return replays.map(({ id, row }) => ({ id, replayOf: row.id }));
}

/** Whether all that a replay copies and matches on can be read: a copy of a damaged event would be one more. */
export function isReadable(db: ReadableDb, row: EventRow, hasOwnPayload: boolean): boolean {
  const texts = hasOwnPayload ? [row.context, row.verification] : [row.context, row.payload, row.verification];
  const damaged: string[] = [];
  readPart(damaged, 'headers', () => row.delivery_seq !== null && readDeliveryHeaders(db, row.delivery_seq), false);
  return damaged.length === 0 && texts.every((text) => readStoredJson(text).isReadable);
}

function chooseListener(listeners: ListenerMatcher, slug: string): Match {
  const match = listeners.find(slug);
  if (match === null) throw new AppError('not_found', `there is no active listener ${slug} to replay to`);
  assertStartsRuns(match);
  return match;
}

/** Throws AppError for a listener in shadow mode, which an operator can choose and which would start nothing. */
export function assertStartsRuns({ listener, isShadow }: Match): void {
  if (!isShadow) return;
  throw new AppError('wrong_state', `The listener ${listener} is in shadow mode and starts no runs; turn it on first.`);
}
