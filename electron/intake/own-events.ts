import type { Logger } from 'pino';
import type { Verification } from '../../shared/contract/events.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';
import { ownSource } from '../../shared/own-source.ts';
import type { Bus } from '../runs/announcements.ts';
import type { OwnEvents } from '../runs/run-announcer.ts';
import type { OwnEventDraft } from '../runs/run-event.ts';
import { newId } from '../store/database/ids.ts';
import { readDeliveryHeaders } from '../store/events/deliveries.ts';
import { internEventType } from '../store/events/event-types.ts';
import { insertEvent, type NewEvent, parseStoredJson } from '../store/events/events.ts';
import type { Transaction } from '../store/write/writer.ts';
import type { RaisedEvent } from './intake-types.ts';
import { type PlanMatch, startsNothing } from './plan-matches.ts';
import type { ListenerMatcher, Match } from './planning-types.ts';

export const internalVerification = JSON.stringify({
  state: 'internal',
  scheme: null,
  detail: null,
} satisfies Verification);

/** A run's outcome may start another run, and so on; events deeper than this start nothing and say so. */
const maxChainDepth = 8;

export interface OwnEventsDeps {
  listeners: ListenerMatcher;
  bus: Bus;
  /** Plans a run of the event for a listener that takes it. */
  plan: PlanMatch;
  log: Logger;
  nowMs: () => number;
}

/** Stores an event and plans the runs of its listeners; returns its id. */
export type RaiseEvent = (tx: Transaction, event: RaisedEvent) => string;

/** Events that no delivery brought: what runs say of themselves, and raised events. */
export function createOwnEvents(deps: OwnEventsDeps): OwnEvents & { raiseEvent: RaiseEvent } {
  const { listeners, bus, plan, log, nowMs } = deps;
  const isHeard = (type: string): boolean => listeners.couldTake(ownSource, type);

  function store(tx: Transaction, event: Omit<NewEvent, 'typeId'>, kind: EventKind, matches: readonly Match[]): void {
    const { source, system, type } = kind;
    const { id, depth } = event;
    const seq = insertEvent(tx.db, { ...event, typeId: internEventType(tx.db, source, system, type) });
    tx.afterCommit(() => bus.emit('events.stored', [seq]));
    if (event.chainStopped) log.warn({ eventId: id, type, depth }, 'chain of jobs stopped: too deep');
    else for (const match of matches) plan(tx, { seq, id, source, type, depth }, match);
  }

  function record(tx: Transaction, draft: OwnEventDraft): void {
    const { type, context, payload, runId } = draft;
    const atMs = nowMs();
    const kind = { source: ownSource, system: ownSource, type };
    const depth = draft.depth + 1;
    const matches = isHeard(type) ? listeners.match({ ...kind, context, payload, headers: {} }) : [];
    const event = {
      id: newId('evt', atMs),
      externalId: null,
      occurredAtMs: atMs,
      receivedAtMs: atMs,
      context: stringifyExact(context),
      payload: stringifyExact(payload),
      verification: internalVerification,
      deliverySeq: null,
      replayOf: null,
      causedByRun: runId,
      depth,
      // An outcome without a listener is not an event that was missed.
      ignored: false,
      chainStopped: !startsNothing(matches) && depth > maxChainDepth,
    };
    store(tx, event, kind, matches);
  }

  function raiseEvent(tx: Transaction, raised: RaisedEvent): string {
    const atMs = nowMs();
    const id = newId('evt', atMs);
    const { source, system, type, depth, deliverySeq } = raised;
    const headers = deliverySeq === null ? {} : readDeliveryHeaders(tx.db, deliverySeq);
    const context = parseStoredJson(raised.context);
    const payload = parseStoredJson(raised.payload);
    const matches = listeners.match({ source, system, type, context, payload, headers });
    const event = {
      id,
      externalId: raised.externalId,
      occurredAtMs: raised.occurredAtMs,
      receivedAtMs: atMs,
      context: raised.context,
      payload: raised.payload,
      verification: raised.verification,
      deliverySeq,
      replayOf: null,
      causedByRun: raised.causedByRun,
      depth,
      ignored: startsNothing(matches),
      chainStopped: !startsNothing(matches) && depth > maxChainDepth,
    };
    store(tx, event, { source, system, type }, matches);
    return id;
  }

  return { isHeard, record, raiseEvent };
}

type EventKind = { source: string; system: string; type: string };
