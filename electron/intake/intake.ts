import type { Logger } from 'pino';
import type { Json } from '../../shared/contract/common.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';
import { hasAnswer } from '../store/answers.ts';
import { claimExternalId } from '../store/dedupe.ts';
import { insertDelivery, joinHeaders, pruneRefused } from '../store/deliveries.ts';
import { internEventType } from '../store/event-types.ts';
import { insertEvent } from '../store/events.ts';
import { newId } from '../store/ids.ts';
import type { WritableDb } from '../store/open.ts';
import { insertScheduled } from '../store/scheduled-events.ts';
import type { Writer } from '../store/writer.ts';
import { notesText } from './delivery-notes.ts';
import type { Accepted, AcceptInput, AnswerAsk, EventDraft, Intake, Planned, RefuseInput } from './intake-types.ts';
import { createOwnEvents } from './own-events.ts';
import { planRuns } from './plan-runs.ts';
import type { JobPlans, ListenerMatcher, Match } from './planning-types.ts';
import { createRefusalLimit } from './refusal-limit.ts';

/** Refused deliveries are for debugging a sender: the newest of each source, with the start of their bodies. */
const refusedKept = 200;
const refusedBodyBytes = 64 * 1024;

/** A refused delivery, kept or not. */
export interface RefusalNews {
  source: string | null;
  status: number;
  code: string;
  message: string;
  atMs: number;
}

export interface IntakeDeps {
  writer: Writer;
  listeners: ListenerMatcher;
  jobs: JobPlans;
  log: Logger;
  nowMs: () => number;
  /** After each commit, with what is now on disk. */
  onPlanned: (planned: Planned) => void;
  onAccepted: (source: string, duplicate: boolean, atMs: number) => void;
  onRefused: (refusal: RefusalNews) => void;
}

interface PreparedEvent {
  id: string;
  draft: EventDraft;
  context: string;
  payload: string;
  matches: Match[];
}

export function createIntake(deps: IntakeDeps): Intake {
  const { writer, listeners, jobs, log } = deps;
  const mayKeepRefused = createRefusalLimit(deps.nowMs);
  const { planDeps, recordRunEvent, raise } = createOwnEvents({ listeners, jobs, log, nowMs: deps.nowMs });
  const isLater = ({ dueAtMs }: EventDraft): boolean => typeof dueAtMs === 'number' && dueAtMs > deps.nowMs();
  let waiting = 0;
  let waitingBytes = 0;

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
        // Who takes it is decided when it happens.
        matches: isLater(draft)
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
      const done = await writer.write(({ db }) =>
        store(db, input, deliveryId, headersJson, verification, events, isBodyInEvent),
      );
      deps.onAccepted(delivery.source, done.accepted.duplicate, delivery.receivedAtMs);
      deps.onPlanned(done.planned);
      return done.accepted;
    } finally {
      waiting -= 1;
      waitingBytes -= bytes;
    }
  }

  function store(
    db: WritableDb,
    input: AcceptInput,
    deliveryId: string,
    headers: string,
    verification: string,
    events: PreparedEvent[],
    isBodyInEvent: boolean,
  ): { accepted: Accepted; planned: Planned } {
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
      status: input.status,
      reasonCode: null,
      reasonMessage: null,
      eventIds: JSON.stringify(eventIds),
      notes: notesText(delivery),
    });
    const planned: Planned = { eventSeqs: [], deliverySeq, jobs: [], listeners: [] };
    for (const { id, draft, context, payload, matches } of fresh) {
      if (id.startsWith('sch_')) {
        const dueAtMs = draft.dueAtMs ?? delivery.receivedAtMs;
        planned.scheduledAtMs = Math.min(dueAtMs, planned.scheduledAtMs ?? dueAtMs);
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
        ignored: matches.length === 0,
        chainStopped: false,
      });
      planned.eventSeqs.push(eventSeq);
      planRuns(
        db,
        { seq: eventSeq, id, source: delivery.source, type: draft.type, depth: 0 },
        matches,
        planDeps,
        planned,
      );
    }
    return { accepted: { deliveryId, eventIds, duplicate, asks }, planned };
  }

  function refuse(input: RefuseInput): string {
    const { delivery } = input;
    const id = newId('dlv', delivery.receivedAtMs);
    const { status, code, message } = input;
    deps.onRefused({ source: delivery.source, status, code, message, atMs: delivery.receivedAtMs });
    if (!mayKeepRefused(delivery.source)) return id;
    const body = delivery.body.subarray(0, refusedBodyBytes);
    writer
      .write(({ db }) => {
        const seq = insertDelivery(db, {
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
        pruneRefused(db, delivery.source, refusedKept);
        return seq;
      })
      .then((deliverySeq) => deps.onPlanned({ eventSeqs: [], deliverySeq, jobs: [], listeners: [] }))
      .catch((error: unknown) => log.error({ err: error, code: input.code }, 'a refused delivery could not be kept'));
    return id;
  }

  return {
    accept,
    refuse,
    recordRunEvent,
    raise,
    hasListenerFor: planDeps.hasListenerFor,
    announce: deps.onPlanned,
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
