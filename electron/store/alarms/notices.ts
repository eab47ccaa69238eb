import { z } from 'zod';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';

const rowSchema = z.object({
  seq: z.number(),
  incident: z.number(),
  kind: z.enum(['raised', 'repeated', 'recovered']),
  /** JSON of the channel. */
  channel: z.string(),
  text: z.string(),
  at: z.number(),
  due_at: z.number(),
  tries: z.number(),
});
export type NoticeRow = z.infer<typeof rowSchema>;

/** Messages that are to be sent, oldest first. */
export const readNotices = (db: ReadableDb): NoticeRow[] =>
  statement(db, 'SELECT seq, incident, kind, channel, text, at, due_at, tries FROM alarm_notices ORDER BY seq')
    .all()
    .map((row) => rowSchema.parse(row));

/** Whether a message about an incident was not accepted and waits to be sent again. */
export const hasFailedNotice = (db: ReadableDb, incident: number): boolean =>
  statement(db, 'SELECT 1 FROM alarm_notices WHERE incident = ? AND tries > 0 LIMIT 1').get(incident) !== undefined;

export function insertNotice(db: WritableDb, notice: Omit<NoticeRow, 'seq' | 'tries' | 'due_at'>): void {
  statement(db, 'INSERT INTO alarm_notices (incident, kind, channel, text, at, due_at) VALUES (?, ?, ?, ?, ?, ?)').run(
    notice.incident,
    notice.kind,
    notice.channel,
    notice.text,
    notice.at,
    notice.at,
  );
}

export function deferNotice(db: WritableDb, seq: number, dueAtMs: number): void {
  statement(db, 'UPDATE alarm_notices SET tries = tries + 1, due_at = ? WHERE seq = ?').run(dueAtMs, seq);
}

export function deleteNotice(db: WritableDb, seq: number): void {
  statement(db, 'DELETE FROM alarm_notices WHERE seq = ?').run(seq);
}

export function deleteNoticesOf(db: WritableDb, incident: number): void {
  statement(db, 'DELETE FROM alarm_notices WHERE incident = ?').run(incident);
}
