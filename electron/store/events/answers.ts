import { z } from 'zod';
import { type Answer, answerReasonSchema } from '../../../shared/contract/events.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { isoTime } from '../database/times.ts';
import { listUnreadable, readPart } from '../database/unreadable.ts';
import { parseStoredJson } from './events.ts';

/** What a sender was answered with, and how that came about. */
export type NewAnswer = Omit<Answer, 'at'> & { deliveryId: string; eventId: string; atMs: number };

/** Keeps the answer and sets the status that the delivery was answered with. */
export function insertAnswer(db: WritableDb, answer: NewAnswer): void {
  statement(
    db,
    `INSERT INTO answers (delivery_seq, event_id, listener, run_id, decided, reason, message, decision, status,
       content_type, body, passed_over, at)
     VALUES ((SELECT seq FROM deliveries WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (event_id) DO NOTHING`,
  ).run(
    answer.deliveryId,
    answer.eventId,
    answer.listener,
    answer.runId,
    answer.decided,
    answer.reason,
    answer.message,
    stringifyExact(answer.decision),
    answer.status,
    answer.contentType,
    answer.body,
    JSON.stringify(answer.passedOver),
    answer.atMs,
  );
  setDeliveryStatus(db, answer.deliveryId, answer.status);
}

/** For a delivery whose answer differs from its source's usual one. */
export function setDeliveryStatus(db: WritableDb, deliveryId: string, status: number): void {
  statement(db, 'UPDATE deliveries SET status = ? WHERE id = ? AND status <> ?').run(status, deliveryId, status);
}

/** The delivery is stored, but its sender did not get the answer that it asked for. */
export function noteUnanswered(db: WritableDb, deliveryId: string, status: number, message: string): void {
  statement(
    db,
    `UPDATE deliveries SET status = ?, reason_code = 'answer_unavailable', reason_message = ? WHERE id = ?`,
  ).run(status, message, deliveryId);
}

const rowSchema = z.object({
  listener: z.string(),
  run_id: z.string().nullable(),
  decided: z.enum(['job', 'fallback']),
  reason: answerReasonSchema.nullable(),
  message: z.string().nullable(),
  decision: z.string(),
  status: z.number(),
  content_type: z.string(),
  body: z.string(),
  passed_over: z.string(),
  at: z.number(),
});

const slugsSchema = z.array(z.string());

export function readAnswer(db: ReadableDb, eventId: string): Answer | null {
  const raw = statement(
    db,
    `SELECT listener, run_id, decided, reason, message, decision, status, content_type, body, passed_over, at
     FROM answers WHERE event_id = ?`,
  ).get(eventId);
  if (raw === undefined) return null;
  const row = rowSchema.parse(raw);
  const unreadable: string[] = [];
  return {
    listener: row.listener,
    runId: row.run_id,
    decided: row.decided,
    reason: row.reason,
    message: row.message,
    decision: readPart(unreadable, 'decision', () => parseStoredJson(row.decision), null),
    status: row.status,
    contentType: row.content_type,
    body: row.body,
    passedOver: readPart(unreadable, 'passedOver', () => slugsSchema.parse(JSON.parse(row.passed_over)), []),
    at: isoTime(row.at),
    ...listUnreadable(unreadable),
  };
}

export const hasAnswer = (db: ReadableDb, eventId: string): boolean =>
  statement(db, 'SELECT 1 FROM answers WHERE event_id = ?').get(eventId) !== undefined;
