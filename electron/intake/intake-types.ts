import type { Json } from '../../shared/contract/common.ts';
import type { DeliveryNote } from '../../shared/contract/deliveries.ts';
import type { Verification } from '../../shared/contract/events.ts';
import type { EnrichTerms } from './planning-types.ts';

/** One HTTP request as it came. `body` is the raw bytes; `headers` keep their order and repeats, names in lower case. */
export interface DeliveryDraft {
  source: string | null;
  receivedAtMs: number;
  method: string;
  /** Path and query, credentials in the query already masked. */
  url: string;
  remoteAddress: string;
  contentType: string | null;
  headers: [string, string][];
  body: Buffer;
  /** What was repaired or assumed to read it. Add by `addNotes`, which bounds them. */
  notes?: readonly DeliveryNote[] | undefined;
}

/** What a source read out of a delivery. */
export interface EventDraft {
  type: string;
  /** The sender's own id: repeats of it from the same source are duplicates. Null: never a duplicate. */
  externalId: string | null;
  occurredAtMs: number | null;
  context: Json;
  payload: Json;
  /** The sender wants it to happen later: until then it is a scheduled event. A time that has passed is now. */
  dueAtMs?: number | null | undefined;
  /** What was repaired or assumed to read it; stored with the delivery. */
  notes?: readonly DeliveryNote[] | undefined;
}

export interface AcceptInput {
  delivery: DeliveryDraft & { source: string };
  system: string;
  verification: Verification;
  events: EventDraft[];
  /** The body as JSON and what it was parsed from, as long as nothing in it was masked. */
  document?: { value: Json; text: string } | undefined;
  /** Status the sender will be answered with. */
  status: number;
  /** The same, where no listener takes any of its events; absent: no other. */
  ignoredStatus?: number | undefined;
}

export interface Accepted {
  deliveryId: string;
  eventIds: string[];
  /** Every event of the delivery was already there: nothing was planned. */
  duplicate: boolean;
  /** No listener takes any of its events. */
  ignored: boolean;
  /** Set when the request is to be answered with a decision; of several events it is the first one's. */
  asks: AnswerAsk | null;
}

/** Whose decision answers a request. */
export interface AnswerAsk {
  eventId: string;
  /** False: the event was there already, and may have been answered. */
  isNew: boolean;
  /** The listener that answers such events today; null when there is none any more. */
  enrich: { listener: string; terms: EnrichTerms } | null;
}

export interface RefuseInput {
  delivery: DeliveryDraft;
  /** Of the body as sent, where `delivery.body` is only its start. */
  bodyBytes?: number | undefined;
  status: number;
  code: string;
  message: string;
}

/** An event of this app's own making, or one whose time has come. JSON texts. */
export interface RaisedEvent {
  source: string;
  system: string;
  type: string;
  context: string;
  payload: string;
  verification: string;
  externalId: string | null;
  occurredAtMs: number | null;
  /** The delivery that brought it. */
  deliverySeq: number | null;
  causedByRun: string | null;
  depth: number;
}

export interface Intake {
  /** Resolves after delivery, events and planned runs are on disk; rejects when they are not (answer 503). */
  accept(input: AcceptInput): Promise<Accepted>;
  /**
   * Keeps a refused delivery for the operator (bounded); never rejects, and answers the delivery's id. With the code
   * `address_tried` it was answered and is no delivery: it counts as no refusal.
   */
  refuse(input: RefuseInput): string;
  /** Deliveries waiting for the disk, and their bytes. */
  pressure(): { waiting: number; bytes: number };
}
