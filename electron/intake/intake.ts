import type { Logger } from 'pino';
import type { Json } from '../../shared/contract/common.ts';
import { triedCode } from '../../shared/contract/deliveries.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';
import type { Bus } from '../runs/announcements.ts';
import { newId } from '../store/database/ids.ts';
import type { WritableDb } from '../store/database/open.ts';
import { hasAnswer } from '../store/events/answers.ts';
import { claimExternalId } from '../store/events/dedupe.ts';
import { insertDelivery, joinHeaders, pruneRefused, pruneTried } from '../store/events/deliveries.ts';
import { internEventType } from '../store/events/event-types.ts';
import { insertEvent, parseStoredJson } from '../store/events/events.ts';
import { insertScheduled } from '../store/events/scheduled-events.ts';
import type { Commands } from '../store/write/commands.ts';
import type { Transaction, Writer } from '../store/write/writer.ts';
import { notesText } from './delivery-notes.ts';
import type { Accepted, AcceptInput, AnswerAsk, EventDraft, Intake, RefuseInput } from './intake-types.ts';
import { type PlanMatch, startsNothing } from './plan-matches.ts';
import type { ListenerMatcher, Match } from './planning-types.ts';
import { createRefusalLimit } from './refusal-limit.ts';
import { fromShared, lateAnswer, pairsOf, type SharedDelivery, toShared } from './shared-delivery.ts';

/** Refused deliveries are for debugging a sender: the newest of each source, with the start of their bodies. */
const refusedKept = 200;
const refusedBodyBytes = 64 * 1024;
/** A monitor tries an address every minute: what it kept must not take the place of refusals. */
const triedKept = 20;

export interface IntakeDeps {
  writer: Writer;
  /** Present in a cluster: deliveries are stored by way of its log. */
  shared?: Commands | undefined;
  /** Of this node's own store, for what concerns it alone; absent: `writer`. */
  ownWriter?: Writer | undefined;
  listeners: ListenerMatcher;
  bus: Bus;
  /** Plans a run of an event for a listener that takes it. */
  plan: PlanMatch;
  log: Logger;
  nowMs: () => number;
}

interface PreparedEvent {
  id: string;
  draft: EventDraft;
  context: string;
  payload: string;
  matches: Match[];
}

export function createIntake(deps: IntakeDeps): Intake {
  const { writer, listeners, bus, log, ownWriter = writer } = deps;
  const mayKeepRefused = createRefusalLimit(deps.nowMs);
  const mayKeepTried = createRefusalLimit(deps.nowMs);
  const isLater = ({ dueAtMs }: EventDraft): boolean => typeof dueAtMs === 'number' && dueAtMs > deps.nowMs();
  let waiting = 0;
  let waitingBytes = 0;

  const deliver =
    deps.shared?.define('delivery', (tx, shared: SharedDelivery) => storeShared(tx, shared), {
      late: { afterMs: 2000, answer: answerLate },
    }) ?? null;

  /** In the log, but not in this store yet. */
  function answerLate(shared: SharedDelivery): Accepted {
    const asks = sharedEvents(shared).some(({ matches }) => matches.some(({ enrich }) => enrich !== null));
    if (asks) {
      throw new AppError(
        'unavailable',
        'This node is too far behind the log of the cluster to answer with a decision.',
      );
    }
    return lateAnswer(shared);
  }

  function storeShared(tx: Transaction, shared: SharedDelivery): Accepted {
    const { input, deliveryId, headers, verification, isBodyInEvent } = fromShared(shared);
    return store(tx, input, deliveryId, headers, verification, sharedEvents(shared), isBodyInEvent);
  }

  const sharedEvents = ({
    input: { system },
    delivery: { source },
    headers,
    events,
  }: SharedDelivery): PreparedEvent[] => {
    const joined = joinHeaders(pairsOf(headers));
    return events.map(({ id, draft, context: contextText, payload: payloadText }) => {
      const context = parseStoredJson(contextText);
      const payload = parseStoredJson(payloadText);
      const event = { type: draft.type, source, system, context, payload, headers: joined };
      const matches = id.startsWith('sch_') ? [] : listeners.match(event);
      return { id, draft: { ...draft, context, payload }, context: contextText, payload: payloadText, matches };
    });
  };

  async function accept(input: AcceptInput): Promise<Accepted> {
    const { delivery } = input;
    const deliveryId = newId('dlv', delivery.receivedAtMs);
    const headersJson = JSON.stringify(delivery.headers);
    const verification = JSON.stringify(input.verification);
    let joined: Record<string, string> | null = null;
    // Few listeners look at them.
    const headers = (): Record<string, string> => (joined ??= joinHeaders(delivery.headers));
    const events = input.events.map((draft): PreparedEvent => {
      const { type, context, payload } = draft;
      return {
        id: newId(isLater(draft) ? 'sch' : 'evt', delivery.receivedAtMs),
        draft,
        context: stringifyExact(context),
        payload: textOf(payload, input.document),
        // Who takes it is decided when it happens; in a cluster, by each node when it stores it.
        matches:
          isLater(draft) || deliver !== null
            ? []
            : listeners.match({
                type,
                source: delivery.source,
                system: input.system,
                context,
                payload,
                get headers() {
                  return headers();
                },
              }),
      };
    });
    const isBodyInEvent =
      events.length === 1 && !events[0]?.id.startsWith('sch_') && isTextOf(delivery.body, events[0]?.payload ?? '');
    const bytes = delivery.body.length;
    waiting += 1;
    waitingBytes += bytes;
    try {
      if (deliver !== null) {
        return await deliver(toShared(input, deliveryId, headersJson, verification, events, isBodyInEvent));
      }
      return await writer.write((tx) => store(tx, input, deliveryId, headersJson, verification, events, isBodyInEvent));
    } finally {
      waiting -= 1;
      waitingBytes -= bytes;
    }
  }

  function store(
    tx: Transaction,
    input: AcceptInput,
    deliveryId: string,
    headers: string,
    verification: string,
    events: PreparedEvent[],
    isBodyInEvent: boolean,
  ): Accepted {
    const { db } = tx;
    const { delivery } = input;
    const eventIds: string[] = [];
    const fresh: PreparedEvent[] = [];
    let asks: AnswerAsk | null = null;
    for (const event of events) {
      const { externalId } = event.draft;
      const known =
        externalId === null ? null : claimExternalId(db, delivery.source, externalId, event.id, delivery.receivedAtMs);
      eventIds.push(known ?? event.id);
      asks ??= askOf(db, event, known);
      if (known === null) fresh.push(event);
    }
    const duplicate = events.length > 0 && fresh.length === 0;
    const ignored = events.every(({ matches }) => startsNothing(matches));
    const deliverySeq = insertDelivery(db, {
      id: deliveryId,
      source: delivery.source,
      receivedAtMs: delivery.receivedAtMs,
      method: delivery.method,
      url: delivery.url,
      remoteAddress: delivery.remoteAddress,
      contentType: delivery.contentType,
      headers,
      body: isBodyInEvent && !duplicate ? noBody : delivery.body,
      bodyBytes: delivery.body.length,
      result: duplicate ? 'duplicate' : 'accepted',
      status: ignored ? (input.ignoredStatus ?? input.status) : input.status,
      reasonCode: null,
      reasonMessage: null,
      eventIds: JSON.stringify(eventIds),
      notes: notesText(delivery),
    });
    const eventSeqs: number[] = [];
    tx.afterCommit(() => {
      bus.emit('delivery.accepted', delivery.source, duplicate, delivery.receivedAtMs);
      bus.emit('delivery.stored', deliverySeq);
      if (eventSeqs.length > 0) bus.emit('events.stored', eventSeqs);
    });
    for (const { id, draft, context, payload, matches } of fresh) {
      if (id.startsWith('sch_')) {
        const dueAtMs = draft.dueAtMs ?? delivery.receivedAtMs;
        tx.afterCommit(() => bus.emit('event.scheduled', dueAtMs));
        insertScheduled(db, {
          id,
          source: delivery.source,
          system: input.system,
          type: draft.type,
          context,
          payload,
          verification,
          externalId: draft.externalId,
          occurredAtMs: draft.occurredAtMs,
          deliverySeq,
          dueAtMs,
          causedByRun: null,
          depth: 0,
          createdAtMs: delivery.receivedAtMs,
          createdBy: null,
        });
        continue;
      }
      const eventSeq = insertEvent(db, {
        id,
        typeId: internEventType(db, delivery.source, input.system, draft.type),
        externalId: draft.externalId,
        occurredAtMs: draft.occurredAtMs,
        receivedAtMs: delivery.receivedAtMs,
        context,
        payload,
        verification,
        deliverySeq,
        replayOf: null,
        causedByRun: null,
        depth: 0,
        ignored: startsNothing(matches),
        chainStopped: false,
      });
      eventSeqs.push(eventSeq);
      const event = { seq: eventSeq, id, source: delivery.source, type: draft.type, depth: 0 };
      for (const match of matches) deps.plan(tx, event, match);
    }
    return { deliveryId, eventIds, duplicate, ignored, asks };
  }

  function refuse(input: RefuseInput): string {
    const { delivery } = input;
    const id = newId('dlv', delivery.receivedAtMs);
    const { status, code, message } = input;
    const isTried = code === triedCode;
    if (!isTried) {
      bus.emit('delivery.refused', { source: delivery.source, status, code, message, atMs: delivery.receivedAtMs });
    }
    if (!(isTried ? mayKeepTried : mayKeepRefused)(delivery.source)) return id;
    const body = delivery.body.subarray(0, refusedBodyBytes);
    ownWriter
      .write((tx) => {
        const seq = insertDelivery(tx.db, {
          id,
          source: delivery.source,
          receivedAtMs: delivery.receivedAtMs,
          method: delivery.method,
          url: delivery.url,
          remoteAddress: delivery.remoteAddress,
          contentType: delivery.contentType,
          headers: JSON.stringify(delivery.headers),
          body,
          bodyBytes: input.bodyBytes ?? delivery.body.length,
          result: 'refused',
          status: input.status,
          reasonCode: input.code,
          reasonMessage: input.message,
          eventIds: '[]',
          notes: notesText(delivery),
        });
        if (isTried) pruneTried(tx.db, delivery.source, triedKept);
        else pruneRefused(tx.db, delivery.source, refusedKept);
        tx.afterCommit(() => bus.emit('delivery.stored', seq));
      })
      .catch((error: unknown) => log.error({ err: error, code: input.code }, 'a refused delivery could not be kept'));
    return id;
  }

  return {
    accept,
    refuse,
    pressure: () => ({ waiting, bytes: waitingBytes }),
  };
}

/** Whether a decision answers for this event; `known` is the id it was stored under before. */
function askOf(db: WritableDb, { id, matches }: PreparedEvent, known: string | null): AnswerAsk | null {
  const match = matches.find((one) => one.enrich !== null);
  const enrich =
    match === undefined || match.enrich === null ? null : { listener: match.listener, terms: match.enrich };
  if (enrich === null && (known === null || !hasAnswer(db, known))) return null;
  return { eventId: known ?? id, isNew: known === null, enrich };
}

const noBody = Buffer.alloc(0);

/**
 * The text a value is stored as: what was sent, where the value is the whole of it, which spares printing it again. Jobs
 * read events line by line, so it must be one line.
 */
const textOf = (value: Json, document: AcceptInput['document']): string =>
  document !== undefined && value === document.value && !/[\r\n]/.test(document.text)
    ? document.text
    : stringifyExact(value);

/** Compares the bytes themselves, after whatever a source has masked in either. */
const isTextOf = (bytes: Buffer, text: string): boolean =>
  Buffer.byteLength(text) === bytes.length && bytes.equals(Buffer.from(text));
