import { z } from 'zod';
import { newId } from '../database/ids.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';

const rowSchema = z.object({
  seq: z.number(),
  id: z.string(),
  alarm: z.string(),
  /** `source/crm`, `job/import`, `listener/big`; empty: the app itself. */
  subject: z.string(),
  message: z.string(),
  raised_at: z.number(),
  recovered_at: z.number().nullable(),
  times: z.number(),
  inbox: z.number(),
  acknowledged_at: z.number().nullable(),
  acknowledged_by: z.string().nullable(),
  snoozed_until: z.number().nullable(),
  /** When it was last to be told of. */
  notified_at: z.number(),
  problem: z.string().nullable(),
});
export type IncidentRow = z.infer<typeof rowSchema>;

const columns =
  'seq, id, alarm, subject, message, raised_at, recovered_at, times, inbox, acknowledged_at, acknowledged_by, snoozed_until, notified_at, problem';

const rows = (found: readonly unknown[]): IncidentRow[] => found.map((row) => rowSchema.parse(row));

/** Those that have not recovered. */
export const readRaised = (db: ReadableDb): IncidentRow[] =>
  rows(statement(db, `SELECT ${columns} FROM alarm_incidents WHERE recovered_at IS NULL ORDER BY seq`).all());

/** In the inbox, newest first. */
export const readInboxIncidents = (db: ReadableDb, limit: number): IncidentRow[] =>
  rows(statement(db, `SELECT ${columns} FROM alarm_incidents WHERE inbox = 1 ORDER BY seq DESC LIMIT ?`).all(limit));

/** Newest first; of one alarm, or of all. */
export const readIncidents = (db: ReadableDb, alarm: string | undefined, limit: number): IncidentRow[] =>
  rows(
    alarm === undefined
      ? statement(db, `SELECT ${columns} FROM alarm_incidents ORDER BY seq DESC LIMIT ?`).all(limit)
      : statement(db, `SELECT ${columns} FROM alarm_incidents WHERE alarm = ? ORDER BY seq DESC LIMIT ?`).all(
          alarm,
          limit,
        ),
  );

export function readIncident(db: ReadableDb, id: string): IncidentRow | null {
  const found = statement(db, `SELECT ${columns} FROM alarm_incidents WHERE id = ?`).get(id);
  return found === undefined ? null : rowSchema.parse(found);
}

export function readIncidentBySeq(db: ReadableDb, seq: number): IncidentRow | null {
  const found = statement(db, `SELECT ${columns} FROM alarm_incidents WHERE seq = ?`).get(seq);
  return found === undefined ? null : rowSchema.parse(found);
}

/** One of an alarm and subject that has recovered and is still in the inbox, or snoozed: raised again, it goes on. */
export function readReopenable(db: ReadableDb, alarm: string, subject: string, nowMs: number): IncidentRow | null {
  const found = statement(
    db,
    `SELECT ${columns} FROM alarm_incidents INDEXED BY alarm_incidents_by_alarm
     WHERE alarm = ? AND subject = ? AND recovered_at IS NOT NULL AND (inbox = 1 OR snoozed_until > ?)
     ORDER BY seq DESC LIMIT 1`,
  ).get(alarm, subject, nowMs);
  return found === undefined ? null : rowSchema.parse(found);
}

export function insertIncident(
  db: WritableDb,
  { alarm, subject, message, atMs }: { alarm: string; subject: string; message: string; atMs: number },
): IncidentRow {
  const found = statement(
    db,
    `INSERT INTO alarm_incidents (id, alarm, subject, message, raised_at, times, inbox, notified_at)
     VALUES (?, ?, ?, ?, ?, 1, 1, ?) RETURNING ${columns}`,
  ).get(newId('alm', atMs), alarm, subject, message, atMs, atMs);
  return rowSchema.parse(found);
}

/** Writes every column that changes in an incident's life. */
export function updateIncident(db: WritableDb, row: IncidentRow): void {
  statement(
    db,
    `UPDATE alarm_incidents SET message = @message, raised_at = @raised_at, recovered_at = @recovered_at, times = @times,
       inbox = @inbox, acknowledged_at = @acknowledged_at, acknowledged_by = @acknowledged_by,
       snoozed_until = @snoozed_until, notified_at = @notified_at, problem = @problem
     WHERE seq = @seq`,
  ).run({
    seq: row.seq,
    message: row.message,
    raised_at: row.raised_at,
    recovered_at: row.recovered_at,
    times: row.times,
    inbox: row.inbox,
    acknowledged_at: row.acknowledged_at,
    acknowledged_by: row.acknowledged_by,
    snoozed_until: row.snoozed_until,
    notified_at: row.notified_at,
    problem: row.problem,
  });
}

/** Of those that have recovered and left the inbox, the newest so many stay. */
const maxPast = 5000;

export function pruneIncidents(db: WritableDb, keep = maxPast): void {
  statement(
    db,
    `DELETE FROM alarm_incidents WHERE recovered_at IS NOT NULL AND inbox = 0
       AND seq <= (SELECT max(seq) FROM alarm_incidents) - ?`,
  ).run(keep);
}

const factsSchema = z.object({ alarm: z.string(), raised: z.number(), last: z.number().nullable() });

/** Of each alarm: for how many subjects it is raised, and when it was raised last. */
export const countRaised = (db: ReadableDb): Map<string, { raised: number; lastMs: number | null }> =>
  new Map(
    statement(
      db,
      'SELECT alarm, sum(recovered_at IS NULL) AS raised, max(raised_at) AS last FROM alarm_incidents GROUP BY alarm',
    )
      .all()
      .map((row) => factsSchema.parse(row))
      .map(({ alarm, raised, last }) => [alarm, { raised, lastMs: last }]),
  );
