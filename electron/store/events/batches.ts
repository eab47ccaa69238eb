import type { EventDetail } from '../../../shared/contract/events.ts';
import type { RunDetail } from '../../../shared/contract/runs.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { prepared } from '../database/statements.ts';
import { isoTime } from '../database/times.ts';

/** Events that a listener gathers until they are enough, or the time is up. */
export interface OpenBatch {
  seq: number;
  listener: string;
  /** Which of the listener's batches, as JSON text; empty where there is but one. */
  key: string;
  version: number;
  job: string;
  needs_approval: number;
  /** Of the deepest event. */
  depth: number;
  order_key: string | null;
  events: number;
  bytes: number;
  due_at: number;
}

const columns = 'seq, listener, key, version, job, needs_approval, depth, order_key, events, bytes, due_at';

const openOne = prepared<OpenBatch>(
  `SELECT ${columns} FROM batches INDEXED BY batches_open WHERE listener = ? AND key = ? AND due_at IS NOT NULL`,
);
export const findOpenBatch = (db: ReadableDb, listener: string, key: string): OpenBatch | null =>
  openOne(db).get(listener, key) ?? null;

const openOf = prepared<OpenBatch>(
  `SELECT ${columns} FROM batches WHERE due_at IS NOT NULL
     AND seq = (SELECT batch_seq FROM batch_events WHERE event_seq = ? AND listener = ?)`,
);
/** The open batch that an event is in. */
export const findOpenBatchOf = (db: ReadableDb, eventSeq: number, listener: string): OpenBatch | null =>
  openOf(db).get(eventSeq, listener) ?? null;

const due = prepared<OpenBatch>(
  `SELECT ${columns} FROM batches INDEXED BY batches_due WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?`,
);
/** Earliest first. */
export const dueBatches = (db: ReadableDb, nowMs: number, limit: number): OpenBatch[] => due(db).all(nowMs, limit);

const openOfJob = prepared<OpenBatch>(
  `SELECT ${columns} FROM batches INDEXED BY batches_due WHERE due_at IS NOT NULL AND job = ? ORDER BY seq`,
);
export const openBatchesOfJob = (db: ReadableDb, job: string): OpenBatch[] => openOfJob(db).all(job);

const next = prepared<{ due_at: number }>(
  'SELECT due_at FROM batches INDEXED BY batches_due WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1',
);
export const nextBatchDueAt = (db: ReadableDb): number | null => next(db).get()?.due_at ?? null;

const opened = prepared(
  `INSERT INTO batches (listener, key, version, job, needs_approval, depth, order_key, events, bytes, count, due_at)
   VALUES (@listener, @key, @version, @job, @needs_approval, @depth, @order_key, 0, 0, @count, @due_at)`,
);
export function openBatch(
  db: WritableDb,
  batch: Omit<OpenBatch, 'seq' | 'events' | 'bytes'> & { count: number },
): OpenBatch {
  const { lastInsertRowid } = opened(db).run(batch);
  return { ...batch, seq: Number(lastInsertRowid), events: 0, bytes: 0 };
}

const gathered = prepared(
  'INSERT INTO batch_events (event_seq, listener, batch_seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
);
const grown = prepared(
  'UPDATE batches SET version = ?, depth = ?, order_key = ?, events = ?, bytes = ?, count = ? WHERE seq = ?',
);
export function addToBatch(db: WritableDb, eventSeq: number, batch: OpenBatch, count: number): void {
  gathered(db).run(eventSeq, batch.listener, batch.seq);
  grown(db).run(batch.version, batch.depth, batch.order_key, batch.events, batch.bytes, count, batch.seq);
}

const known = prepared<{ batch_seq: number }>(
  'SELECT batch_seq FROM batch_events WHERE event_seq = ? AND listener = ?',
);
/** Whether a listener has gathered this event, planned or not. */
export const isGathered = (db: ReadableDb, eventSeq: number, listener: string): boolean =>
  known(db).get(eventSeq, listener) !== undefined;

const closed = prepared('UPDATE batches SET due_at = NULL WHERE seq = ?');
/** Its run is planned in the same transaction. */
export const closeBatch = (db: WritableDb, seq: number): void => void closed(db).run(seq);

const postponed = prepared('UPDATE batches SET due_at = ? WHERE seq = ?');
export const postponeBatch = (db: WritableDb, seq: number, dueAtMs: number): void =>
  void postponed(db).run(dueAtMs, seq);

const sized = prepared<{ bytes: number }>('SELECT octet_length(payload) AS bytes FROM events WHERE seq = ?');
export const payloadBytes = (db: ReadableDb, eventSeq: number): number => sized(db).get(eventSeq)?.bytes ?? 0;

const last = prepared<{ seq: number; id: string; source: string; type: string }>(
  `SELECT e.seq, e.id, t.source, t.type FROM batch_events b CROSS JOIN events e ON e.seq = b.event_seq
   CROSS JOIN event_types t ON t.id = e.type_id WHERE b.batch_seq = ? ORDER BY b.event_seq DESC LIMIT 1`,
);
/** The newest event of a batch, which its run belongs to. */
export const lastEventOf = (db: ReadableDb, batchSeq: number) => last(db).get(batchSeq) ?? null;

const orderKey = prepared<{ order_key: string | null }>('SELECT order_key FROM batches WHERE seq = ?');
export const batchOrderKey = (db: ReadableDb, batchSeq: number): string | null =>
  orderKey(db).get(batchSeq)?.order_key ?? null;

const maxShown = 500;
const counted = prepared<{ n: number }>('SELECT count(*) AS n FROM batch_events WHERE batch_seq = ?');
const shown = prepared<{ id: string; type: string; source: string; received_at: number }>(
  `SELECT e.id, t.type, t.source, e.received_at FROM batch_events b CROSS JOIN events e ON e.seq = b.event_seq
   CROSS JOIN event_types t ON t.id = e.type_id WHERE b.batch_seq = ? ORDER BY b.event_seq LIMIT ?`,
);
/** What the page of its run shows of a batch. */
export const readBatch = (db: ReadableDb, batchSeq: number): NonNullable<RunDetail['batch']> => ({
  events: counted(db).get(batchSeq)?.n ?? 0,
  items: shown(db)
    .all(batchSeq, maxShown)
    .map(({ id, type, source, received_at: at }) => ({ id, type, source, receivedAt: isoTime(at) })),
});

const gathering = prepared<{ listener: string; job: string; events: number; count: number; due_at: number }>(
  `SELECT b.listener, b.job, b.events, b.count, b.due_at FROM batch_events e CROSS JOIN batches b ON b.seq = e.batch_seq
   WHERE e.event_seq = ? AND b.due_at IS NOT NULL ORDER BY b.listener`,
);
/** The open batches that an event is in. */
export const readGathering = (db: ReadableDb, eventSeq: number): NonNullable<EventDetail['gathering']> =>
  gathering(db)
    .all(eventSeq)
    .map(({ due_at: at, ...batch }) => ({ ...batch, dueAt: isoTime(at) }));

/** Over `events e`: it waits in an open batch. */
export const isInOpenBatch = `EXISTS (SELECT 1 FROM batch_events g CROSS JOIN batches b ON b.seq = g.batch_seq
  WHERE g.event_seq = e.seq AND b.due_at IS NOT NULL)`;

const left = prepared('DELETE FROM batch_events WHERE event_seq IN (SELECT value FROM json_each(?))');
const emptied = prepared(
  `DELETE FROM batches WHERE seq IN (SELECT value FROM json_each(?))
     AND NOT EXISTS (SELECT 1 FROM batch_events b WHERE b.batch_seq = batches.seq)`,
);
const batchesOf = prepared<{ batch_seq: number }>(
  `SELECT DISTINCT b.batch_seq FROM json_each(?) s CROSS JOIN batch_events b ON b.event_seq = s.value`,
);
/** These events go, and batches that have no other. `eventSeqs`: an array as JSON text. */
export function removeFromBatches(db: WritableDb, eventSeqs: string): void {
  const touched = batchesOf(db).all(eventSeqs);
  if (touched.length === 0) return;
  left(db).run(eventSeqs);
  emptied(db).run(JSON.stringify(touched.map(({ batch_seq: seq }) => seq)));
}
