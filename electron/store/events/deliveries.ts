import { z } from 'zod';
import {
  acceptedCode,
  type Delivery,
  type DeliveryDetail,
  type DeliveryNote,
  deliveryNoteSchema,
  triedCode,
} from '../../../shared/contract/deliveries.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { isoTime } from '../database/times.ts';
import { listUnreadable, readPart } from '../database/unreadable.ts';

export interface NewDelivery {
  id: string;
  source: string | null;
  receivedAtMs: number;
  method: string;
  url: string;
  remoteAddress: string;
  contentType: string | null;
  /** JSON of [name, value] pairs. */
  headers: string;
  /** Empty when the payload of its only event is the same text, byte for byte: a third of all that is written. */
  body: Buffer;
  /** Of the body as received; `body` may be cut shorter for refused deliveries. */
  bodyBytes: number;
  result: 'accepted' | 'duplicate' | 'refused';
  status: number;
  reasonCode: string | null;
  reasonMessage: string | null;
  /** JSON list of ids. */
  eventIds: string;
  /** JSON list of notes; null for none. */
  notes: string | null;
}

/** Returns the delivery's seq. */
export function insertDelivery(db: WritableDb, delivery: NewDelivery): number {
  const { lastInsertRowid } = statement(
    db,
    `INSERT INTO deliveries (id, source, received_at, method, url, remote_address, content_type, headers, body,
       body_bytes, result, status, reason_code, reason_message, event_ids, notes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    delivery.id,
    delivery.source,
    delivery.receivedAtMs,
    delivery.method,
    delivery.url,
    delivery.remoteAddress,
    delivery.contentType,
    delivery.headers,
    delivery.body,
    delivery.bodyBytes,
    delivery.result,
    delivery.status,
    delivery.reasonCode,
    delivery.reasonMessage,
    delivery.eventIds,
    delivery.notes,
  );
  return Number(lastInsertRowid);
}

/** Conditions on rows; what was tried is stored as refused with a reason of its own. */
export const isTriedRow = `(result = 'refused' AND reason_code IS '${triedCode}')`;
export const isRefusedRow = `(result = 'refused' AND reason_code IS NOT '${triedCode}')`;

function prune(db: WritableDb, source: string | null, keep: number, rows: string): void {
  statement(
    db,
    `DELETE FROM deliveries WHERE source IS @source AND ${rows} AND seq <= (
       SELECT seq FROM deliveries WHERE source IS @source AND ${rows} ORDER BY seq DESC LIMIT 1 OFFSET @keep)`,
  ).run({ source, keep });
}

/** Drops this source's oldest refused deliveries beyond the newest `keep`. */
export const pruneRefused = (db: WritableDb, source: string | null, keep: number): void =>
  prune(db, source, keep, isRefusedRow);

/** The same for requests that only tried the address. */
export const pruneTried = (db: WritableDb, source: string | null, keep: number): void =>
  prune(db, source, keep, isTriedRow);

export const deliveryColumns =
  'seq, id, source, received_at, method, url, remote_address, content_type, body_bytes, result, status, reason_code, reason_message, event_ids, notes';

const deliveryRowSchema = z.object({
  seq: z.number(),
  id: z.string(),
  source: z.string().nullable(),
  received_at: z.number(),
  method: z.string(),
  url: z.string(),
  remote_address: z.string(),
  content_type: z.string().nullable(),
  body_bytes: z.number(),
  result: z.enum(['accepted', 'duplicate', 'refused']),
  status: z.number(),
  reason_code: z.string().nullable(),
  reason_message: z.string().nullable(),
  event_ids: z.string(),
  notes: z.string().nullable(),
});

const idsSchema = z.array(z.string());
const notesSchema = z.array(deliveryNoteSchema);

export function toDelivery(row: unknown): Delivery & { seq: number } {
  const r = deliveryRowSchema.parse(row);
  const unreadable: string[] = [];
  return {
    seq: r.seq,
    id: r.id,
    source: r.source,
    receivedAt: isoTime(r.received_at),
    method: r.method,
    url: r.url,
    remoteAddress: r.remote_address,
    contentType: r.content_type,
    bodyBytes: r.body_bytes,
    result: r.result === 'refused' && r.reason_code === triedCode ? 'tried' : r.result,
    status: r.status,
    reason: r.reason_code === null ? null : { code: r.reason_code, message: r.reason_message ?? '' },
    eventIds: readPart(unreadable, 'eventIds', () => idsSchema.parse(JSON.parse(r.event_ids)), []),
    notes: readPart(unreadable, 'notes', () => readNotes(r.notes), []),
    ...listUnreadable(unreadable),
  };
}

const readNotes = (text: string | null): DeliveryNote[] => (text === null ? [] : notesSchema.parse(JSON.parse(text)));

const bytesSchema = z.object({ headers: z.string(), body: z.instanceof(Buffer) });
const headersSchema = z.array(z.tuple([z.string(), z.string()]));

/** Bytes of a body that the console shows; the rest stays in the store. */
const shownBodyBytes = 4 * 1024 * 1024;

export function getDelivery(db: ReadableDb, id: string): DeliveryDetail | null {
  const row = statement(db, `SELECT ${deliveryColumns} FROM deliveries WHERE id = ?`).get(id);
  if (row === undefined) return null;
  const { seq, ...delivery } = toDelivery(row);
  const { headers: rawHeaders, body } = readBytes(db, seq, delivery);
  const unreadable = delivery.unreadable ?? [];
  const headers = readPart(unreadable, 'headers', () => parseHeaders(rawHeaders), []);
  return { ...delivery, headers, body: showBody(body, delivery.bodyBytes), ...listUnreadable(unreadable) };
}

/** The whole body that is kept, and what the sender said it is; null when there is no such delivery. */
export function readDeliveryBody(db: ReadableDb, id: string): { body: Buffer; contentType: string | null } | null {
  const row = statement(db, `SELECT ${deliveryColumns} FROM deliveries WHERE id = ?`).get(id);
  if (row === undefined) return null;
  const { seq, ...delivery } = toDelivery(row);
  return { body: readBytes(db, seq, delivery).body, contentType: delivery.contentType };
}

/** Headers and the whole kept body, which an only event with the same text keeps for its delivery. */
function readBytes(db: ReadableDb, seq: number, delivery: Delivery): z.infer<typeof bytesSchema> {
  const raw = bytesSchema.parse(statement(db, 'SELECT headers, body FROM deliveries WHERE seq = ?').get(seq));
  const isInEvent = raw.body.length === 0 && delivery.bodyBytes > 0;
  return isInEvent ? { headers: raw.headers, body: readEventBody(db, delivery) } : raw;
}

const payloadSchema = z.object({ payload: z.string() });

/** A refused delivery was accepted after all, as these events; one without events keeps a note. False when it was already. */
export const noteAccepted = (db: WritableDb, id: string, eventIds: readonly string[]): boolean =>
  eventIds.length > 0
    ? statement(db, "UPDATE deliveries SET event_ids = ? WHERE id = ? AND result = 'refused' AND event_ids = '[]'").run(
        JSON.stringify(eventIds),
        id,
      ).changes === 1
    : statement(
        db,
        `UPDATE deliveries SET notes = json_insert(CASE WHEN json_valid(notes) THEN notes ELSE '[]' END, '$[#]', json(?))
         WHERE id = ? AND result = 'refused' AND event_ids = '[]'`,
      ).run(JSON.stringify({ code: acceptedCode, message: 'Accepted by an operator. It contains no events.' }), id)
        .changes === 1;

/** A delivery's request as it came, its content coding undone; null when it is gone. */
export function readReceived(
  db: ReadableDb,
  seq: number,
): { method: string; headers: [string, string][]; body: Buffer } | null {
  const row = statement(db, `SELECT ${deliveryColumns} FROM deliveries WHERE seq = ?`).get(seq);
  if (row === undefined) return null;
  const { seq: _seq, ...delivery } = toDelivery(row);
  const { headers, body } = readBytes(db, seq, delivery);
  return { method: delivery.method, headers: parseHeaders(headers), body };
}

/** The body of a delivery that is its event's payload. Empty when that event is gone. */
function readEventBody(db: ReadableDb, { eventIds: [id] }: Delivery): Buffer {
  const row = statement(db, 'SELECT payload FROM events WHERE id = ?').get(id);
  return row === undefined ? Buffer.alloc(0) : Buffer.from(payloadSchema.parse(row).payload);
}

export function getDeliveryBySeq(db: ReadableDb, seq: number): Delivery | null {
  const row = statement(db, `SELECT ${deliveryColumns} FROM deliveries WHERE seq = ?`).get(seq);
  if (row === undefined) return null;
  const { seq: _seq, ...delivery } = toDelivery(row);
  return delivery;
}

/** Request headers as conditions see them: names in lower case, equal repeats once, others joined by `, `. */
export function readDeliveryHeaders(db: ReadableDb, seq: number): Record<string, string> {
  const row = statement(db, 'SELECT headers FROM deliveries WHERE seq = ?').get(seq);
  if (row === undefined) return {};
  return joinHeaders(parseHeaders(z.object({ headers: z.string() }).parse(row).headers));
}

export function joinHeaders(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const joined: Record<string, string> = Object.create(null);
  for (const [name, value] of pairs) {
    const before = joined[name];
    if (before === undefined) joined[name] = value;
    else if (before !== value) joined[name] = `${before}, ${value}`;
  }
  return joined;
}

const parseHeaders = (text: string): [string, string][] => headersSchema.parse(JSON.parse(text));

function showBody(body: Buffer, bodyBytes: number): DeliveryDetail['body'] {
  const shown = body.length > shownBodyBytes ? body.subarray(0, shownBodyBytes) : body;
  const truncated = shown.length < bodyBytes;
  try {
    const data = new TextDecoder('utf-8', { fatal: true }).decode(shown, { stream: truncated });
    return { encoding: 'text', data, truncated };
  } catch {
    return { encoding: 'base64', data: shown.toString('base64'), truncated };
  }
}
