import { z } from 'zod';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { hasOpenRun, removeRunsOf } from '../runs/run-retention.ts';

export interface RetentionRequest {
  /** Events received before this may go. */
  beforeMs: number;
  /** Newest events of each source that stay. */
  keepEvents: number;
  /** Bytes of payload and context of each source that stay. */
  keepBytes: number;
  limit: number;
}

const seqSchema = z.object({ seq: z.number() });
const sourceSchema = z.object({ source: z.string() });
const countSchema = z.object({ n: z.number() });

const ofSource = 'e.type_id IN (SELECT id FROM event_types WHERE source = ?)';

/**
 * Up to `limit` of the oldest events that may go, for the read worker: counting a million rows takes its time. An event
 * stays while a run of it waits, runs, or has an unacknowledged outcome; and the newest event of all
 * stays, so that no seq is ever given twice.
 */
export function findExpiredEvents(db: ReadableDb, request: RetentionRequest): number[] {
  const sources = statement(db, 'SELECT DISTINCT source FROM event_types')
    .all()
    .map((row) => sourceSchema.parse(row).source);
  const seqs: number[] = [];
  for (const source of sources) {
    const room = request.limit - seqs.length;
    if (room <= 0) break;
    const keep = Math.min(request.keepEvents, eventsIn(db, source, request.keepBytes));
    const surplusTo = countEvents(db, source) > keep ? newestBeyond(db, source, keep) : null;
    const found = surplusTo === null ? [] : oldest(db, source, { toSeq: surplusTo }, room);
    seqs.push(...(found.length > 0 ? found : oldest(db, source, { beforeMs: request.beforeMs }, room)));
  }
  return seqs;
}

const countEvents = (db: ReadableDb, source: string): number =>
  countSchema.parse(statement(db, `SELECT count(*) AS n FROM events e WHERE ${ofSource}`).get(source)).n;

/** How many events of this source fit in so many bytes, judged by its latest ones. */
function eventsIn(db: ReadableDb, source: string, bytes: number): number {
  const { n } = countSchema.parse(
    statement(
      db,
      `SELECT ifnull(avg(length(payload) + length(context)), 0) AS n FROM (
         SELECT e.payload, e.context FROM events e WHERE ${ofSource} ORDER BY e.seq DESC LIMIT 200)`,
    ).get(source),
  );
  return n === 0 ? Number.POSITIVE_INFINITY : Math.floor(bytes / n);
}

/** The newest event of a source that is not among the `keep` newest. */
function newestBeyond(db: ReadableDb, source: string, keep: number): number {
  const row = statement(db, `SELECT e.seq FROM events e WHERE ${ofSource} ORDER BY e.seq DESC LIMIT 1 OFFSET ?`).get(
    source,
    keep,
  );
  return row === undefined ? 0 : seqSchema.parse(row).seq;
}

function oldest(
  db: ReadableDb,
  source: string,
  bound: { toSeq: number } | { beforeMs: number },
  limit: number,
): number[] {
  const [clause, value] = 'toSeq' in bound ? ['e.seq <= ?', bound.toSeq] : ['e.received_at < ?', bound.beforeMs];
  return statement(
    db,
    `SELECT e.seq FROM events e
     WHERE ${ofSource} AND e.seq < (SELECT max(seq) FROM events) AND ${clause}
       AND NOT ${hasOpenRun}
     ORDER BY e.seq LIMIT ?`,
  )
    .all(source, value, limit)
    .map((row) => seqSchema.parse(row).seq);
}

/** Removes events with their runs, attempts, output and deliveries that no event needs any more. */
export function removeEvents(db: WritableDb, seqs: readonly number[]): void {
  const list = JSON.stringify(seqs);
  removeRunsOf(db, list);
  statement(
    db,
    `DELETE FROM deliveries WHERE seq < (SELECT max(seq) FROM deliveries) AND seq IN (
       SELECT e.delivery_seq FROM json_each(@list) s JOIN events e ON e.seq = s.value
       WHERE e.delivery_seq IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM events o WHERE o.delivery_seq = e.delivery_seq
           AND o.seq NOT IN (SELECT value FROM json_each(@list))))`,
  ).run({ list });
  statement(
    db,
    'DELETE FROM answers WHERE event_id IN (SELECT e.id FROM json_each(?) s JOIN events e ON e.seq = s.value)',
  ).run(list);
  statement(db, 'DELETE FROM shadow_matches WHERE event_seq IN (SELECT value FROM json_each(?))').run(list);
  statement(db, 'DELETE FROM events WHERE seq IN (SELECT value FROM json_each(?))').run(list);
}

/** Refused and repeated deliveries have no event to go with; they go by age. Returns how many. */
export function removeOldDeliveries(db: WritableDb, beforeMs: number, limit: number): number {
  return statement(
    db,
    `DELETE FROM deliveries WHERE seq IN (
       SELECT d.seq FROM deliveries d WHERE d.seq < (SELECT max(seq) FROM deliveries) AND d.received_at < ?
         AND NOT EXISTS (SELECT 1 FROM events e WHERE e.delivery_seq = d.seq) ORDER BY d.seq LIMIT ?)`,
  ).run(beforeMs, limit).changes;
}
