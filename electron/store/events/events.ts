import { z } from 'zod';
import type { Json } from '../../../shared/contract/common.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { type EventItem, type Verification, verificationSchema } from '../../../shared/contract/events.ts';
import type { RunState } from '../../../shared/contract/runs.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { storageFault } from '../database/storage-errors.ts';
import { isoTime, isoTimeOrNull } from '../database/times.ts';
import { listUnreadable, readPart } from '../database/unreadable.ts';
import { readDeliveryHeaders } from './deliveries.ts';

export interface NewEvent {
  id: string;
  typeId: number;
  externalId: string | null;
  occurredAtMs: number | null;
  receivedAtMs: number;
  /** JSON texts. */
  context: string;
  payload: string;
  verification: string;
  deliverySeq: number | null;
  replayOf: string | null;
  causedByRun: string | null;
  depth: number;
  ignored: boolean;
  chainStopped: boolean;
}

/** Returns the event's seq. */
export function insertEvent(db: WritableDb, event: NewEvent): number {
  const { lastInsertRowid } = statement(
    db,
    `INSERT INTO events (id, type_id, external_id, occurred_at, received_at, context, payload, delivery_seq,
       verification, replay_of, caused_by_run, depth, ignored, chain_stopped)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    event.id,
    event.typeId,
    event.externalId,
    event.occurredAtMs,
    event.receivedAtMs,
    event.context,
    event.payload,
    event.deliverySeq,
    event.verification,
    event.replayOf,
    event.causedByRun,
    event.depth,
    event.ignored ? 1 : 0,
    event.chainStopped ? 1 : 0,
  );
  return Number(lastInsertRowid);
}

export const eventColumns = `e.seq, e.id, t.source, t.system, t.type, e.external_id, e.occurred_at, e.received_at,
  e.context, e.payload, e.delivery_seq, e.verification, e.replay_of, e.caused_by_run, e.depth, e.ignored,
  e.chain_stopped, d.id AS delivery_id`;
export const eventTables =
  'events e JOIN event_types t ON t.id = e.type_id LEFT JOIN deliveries d ON d.seq = e.delivery_seq';

const eventRowSchema = z.object({
  seq: z.number(),
  id: z.string(),
  source: z.string(),
  system: z.string(),
  type: z.string(),
  external_id: z.string().nullable(),
  occurred_at: z.number().nullable(),
  received_at: z.number(),
  context: z.string(),
  payload: z.string(),
  delivery_seq: z.number().nullable(),
  delivery_id: z.string().nullable(),
  verification: z.string(),
  replay_of: z.string().nullable(),
  caused_by_run: z.string().nullable(),
  depth: z.number(),
  ignored: z.number(),
  chain_stopped: z.number(),
});
export type EventRow = z.infer<typeof eventRowSchema>;

export const parseEventRow = (row: unknown): EventRow => eventRowSchema.parse(row);

/** JSON that this store wrote itself: any JSON value fits, so its syntax is all there is to check. */
export function parseStoredJson(text: string): Json {
  return parseExact(text);
}

/** The same of a cell that may be damaged: `isReadable` is false, and the value null, when the text is no JSON. */
export function readStoredJson(text: string): { value: Json; isReadable: boolean } {
  try {
    return { value: parseStoredJson(text), isReadable: true };
  } catch {
    return { value: null, isReadable: false };
  }
}

export interface EventRun {
  id: string;
  listener: string | null;
  job: string;
  state: RunState;
}

/** `maxPayloadChars`: a longer payload is left out and its size said instead. */
export function toEventItem(row: EventRow, runs: EventRun[], maxPayloadChars: number): EventItem {
  const omitted = row.payload.length > maxPayloadChars;
  const unreadable: string[] = [];
  return {
    id: row.id,
    source: row.source,
    system: row.system,
    type: row.type,
    externalId: row.external_id,
    occurredAt: isoTimeOrNull(row.occurred_at),
    receivedAt: isoTime(row.received_at),
    context: readPart(unreadable, 'context', () => parseStoredJson(row.context), null),
    payload: omitted ? null : readPart(unreadable, 'payload', () => parseStoredJson(row.payload), null),
    ...(omitted ? { payloadOmittedBytes: row.payload.length } : {}),
    deliveryId: row.delivery_id,
    verification: readPart(unreadable, 'verification', () => parseVerification(row.verification), unknownProof),
    replayOf: row.replay_of,
    causedBy: row.caused_by_run === null ? null : { runId: row.caused_by_run, depth: row.depth },
    ignored: row.ignored === 1,
    chainStopped: row.chain_stopped === 1,
    runs,
    ...listUnreadable(unreadable),
  };
}

const unknownProof: Verification = { state: 'none', scheme: null, detail: 'damaged in the store' };

const parseVerification = (text: string): Verification => verificationSchema.parse(JSON.parse(text));

export function readEventRow(db: ReadableDb, id: string): EventRow | null {
  const row = statement(db, `SELECT ${eventColumns} FROM ${eventTables} WHERE e.id = ?`).get(id);
  return row === undefined ? null : parseEventRow(row);
}

/** Rows of these seqs, newest first; those that are gone are left out. */
export function readEventRows(db: ReadableDb, seqs: readonly number[]): EventRow[] {
  return statement(
    db,
    `SELECT ${eventColumns} FROM json_each(?) s CROSS JOIN ${eventTables.replace('events e', 'events e ON e.seq = s.value')}
     ORDER BY e.seq DESC`,
  )
    .all(JSON.stringify(seqs))
    .map(parseEventRow);
}

const seqSchema = z.object({ seq: z.number() });

/** 0: there is none. */
export const lastEventSeq = (db: ReadableDb): number =>
  seqSchema.parse(statement(db, 'SELECT coalesce(max(seq), 0) AS seq FROM events').get()).seq;

/** After `afterSeq` and up to `lastSeq`, in order. */
export const eventSeqsAfter = (db: ReadableDb, afterSeq: number, lastSeq: number, limit: number): number[] =>
  statement(db, 'SELECT seq FROM events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?')
    .all(afterSeq, lastSeq, limit)
    .map((raw) => seqSchema.parse(raw).seq);

/** A listener was given it later. */
export const clearIgnored = (db: WritableDb, seq: number): void => {
  statement(db, 'UPDATE events SET ignored = 0 WHERE seq = ? AND ignored = 1').run(seq);
};

/** An event as conditions see it. */
export interface MatchableEvent {
  id: string;
  source: string;
  system: string;
  type: string;
  receivedAt: string;
  context: Json;
  payload: Json;
  headers: Record<string, string>;
}

/** Throws AppError `unavailable` for one that is damaged: nothing may be decided by half an event. */
export function toMatchable(db: ReadableDb, row: EventRow): MatchableEvent {
  const event = readMatchable(db, row);
  if (event !== null) return event;
  throw new AppError('unavailable', `The event ${row.id} is damaged in the store and cannot be read.`);
}

/** Null for one that is damaged. */
export function readMatchable(db: ReadableDb, row: EventRow): MatchableEvent | null {
  try {
    return parseMatchable(db, row);
  } catch (error) {
    if (storageFault(error) !== null) throw error;
    return null;
  }
}

function parseMatchable(db: ReadableDb, row: EventRow): MatchableEvent {
  return {
    id: row.id,
    source: row.source,
    system: row.system,
    type: row.type,
    receivedAt: isoTime(row.received_at),
    context: parseStoredJson(row.context),
    payload: parseStoredJson(row.payload),
    headers: row.delivery_seq === null ? {} : readDeliveryHeaders(db, row.delivery_seq),
  };
}
