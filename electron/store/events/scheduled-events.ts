import { z } from 'zod';
import type { ScheduledEvent } from '../../../shared/contract/scheduled-events.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { isoTime } from '../database/times.ts';
import { listUnreadable, readPart } from '../database/unreadable.ts';
import { parseStoredJson, readStoredJson } from './events.ts';

/** `context`, `payload` and `verification` are JSON texts. */
export interface NewScheduledEvent {
  id: string;
  source: string;
  system: string;
  type: string;
  context: string;
  payload: string;
  verification: string;
  externalId: string | null;
  occurredAtMs: number | null;
  deliverySeq: number | null;
  dueAtMs: number;
  causedByRun: string | null;
  depth: number;
  createdAtMs: number;
  createdBy: string | null;
}

const rowSchema = z.object({
  id: z.string(),
  source: z.string(),
  system: z.string(),
  type: z.string(),
  context: z.string(),
  payload: z.string(),
  verification: z.string(),
  external_id: z.string().nullable(),
  occurred_at: z.number().nullable(),
  delivery_seq: z.number().nullable(),
  due_at: z.number(),
  state: z.enum(['scheduled', 'fired', 'canceled']),
  caused_by_run: z.string().nullable(),
  depth: z.number(),
  created_at: z.number(),
  created_by: z.string().nullable(),
  event_id: z.string().nullable(),
});
export type ScheduledRow = z.infer<typeof rowSchema>;

const columns = Object.keys(rowSchema.shape).join(', ');

export function toScheduledEvent(row: ScheduledRow): ScheduledEvent {
  const unreadable: string[] = [];
  return {
    id: row.id,
    source: row.source,
    system: row.system,
    type: row.type,
    context: readPart(unreadable, 'context', () => parseStoredJson(row.context), null),
    payload: readPart(unreadable, 'payload', () => parseStoredJson(row.payload), null),
    externalId: row.external_id,
    dueAt: isoTime(row.due_at),
    state: row.state,
    causedByRun: row.caused_by_run,
    createdAt: isoTime(row.created_at),
    createdBy: row.created_by,
    eventId: row.event_id,
    ...listUnreadable(unreadable),
  };
}

/** Whether it can become an event. */
export const isReadableScheduled = ({ context, payload, verification }: ScheduledRow): boolean =>
  [context, payload, verification].every((text) => readStoredJson(text).isReadable);

export function insertScheduled(db: WritableDb, event: NewScheduledEvent): void {
  statement(
    db,
    `INSERT INTO scheduled_events (id, source, system, type, context, payload, verification, external_id, occurred_at,
       delivery_seq, due_at, state, caused_by_run, depth, created_at, created_by)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'scheduled', ?, ?, ?, ?)`,
  ).run(
    event.id,
    event.source,
    event.system,
    event.type,
    event.context,
    event.payload,
    event.verification,
    event.externalId,
    event.occurredAtMs,
    event.deliverySeq,
    event.dueAtMs,
    event.causedByRun,
    event.depth,
    event.createdAtMs,
    event.createdBy,
  );
}

/** Earliest first, without these ids. */
export const dueScheduled = (
  db: ReadableDb,
  nowMs: number,
  limit: number,
  without: readonly string[],
): ScheduledRow[] =>
  statement(
    db,
    `SELECT ${columns} FROM scheduled_events INDEXED BY scheduled_events_due
     WHERE state = 'scheduled' AND due_at <= ? AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY due_at, id LIMIT ?`,
  )
    .all(nowMs, JSON.stringify(without), limit)
    .map((row) => rowSchema.parse(row));

const nextSchema = z.object({ at: z.number() });

export function nextScheduledAt(db: ReadableDb, without: readonly string[]): number | null {
  const row = statement(
    db,
    `SELECT due_at AS at FROM scheduled_events INDEXED BY scheduled_events_due WHERE state = 'scheduled'
       AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY due_at LIMIT 1`,
  ).get(JSON.stringify(without));
  return row === undefined ? null : nextSchema.parse(row).at;
}

/** False when it has fired or was canceled before. */
export const markFired = (db: WritableDb, id: string, eventId: string): boolean =>
  statement(db, `UPDATE scheduled_events SET state = 'fired', event_id = ? WHERE id = ? AND state = 'scheduled'`).run(
    eventId,
    id,
  ).changes === 1;

/** False when it has fired or was canceled before. */
export const cancelScheduled = (db: WritableDb, id: string): boolean =>
  statement(db, `UPDATE scheduled_events SET state = 'canceled' WHERE id = ? AND state = 'scheduled'`).run(id)
    .changes === 1;

export function findScheduled(db: ReadableDb, id: string): ScheduledRow | null {
  const row = statement(db, `SELECT ${columns} FROM scheduled_events WHERE id = ?`).get(id);
  return row === undefined ? null : rowSchema.parse(row);
}

const countSchema = z.object({ n: z.number() });

/** Still to come. */
export const countScheduled = (db: ReadableDb): number =>
  countSchema.parse(statement(db, `SELECT count(*) AS n FROM scheduled_events WHERE state = 'scheduled'`).get()).n;

export function listScheduled(
  db: ReadableDb,
  state: ScheduledRow['state'],
  limit: number,
): { rows: ScheduledRow[]; total: number } {
  const order = state === 'scheduled' ? 'due_at, id' : 'due_at DESC, id DESC';
  const rows = statement(
    db,
    `SELECT ${columns} FROM scheduled_events WHERE state = '${state}' ORDER BY ${order} LIMIT ?`,
  ).all(limit);
  const count = statement(db, `SELECT count(*) AS n FROM scheduled_events WHERE state = '${state}'`).get();
  return { rows: rows.map((row) => rowSchema.parse(row)), total: countSchema.parse(count).n };
}

/** Forgets those that fired or were canceled and whose time is long past. Returns how many. */
export const removeOldScheduled = (db: WritableDb, beforeMs: number, limit: number): number =>
  statement(
    db,
    `DELETE FROM scheduled_events WHERE id IN (
       SELECT id FROM scheduled_events WHERE state <> 'scheduled' AND due_at < ? LIMIT ?)`,
  ).run(beforeMs, limit).changes;
