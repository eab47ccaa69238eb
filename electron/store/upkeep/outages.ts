import { z } from 'zod';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';

const rowSchema = z.object({
  seq: z.number(),
  kind: z.enum(['off', 'asleep', 'full', 'refusing']),
  from_at: z.number(),
  to_at: z.number().nullable(),
  detail: z.string(),
});

export interface BlindWindow {
  kind: z.infer<typeof rowSchema>['kind'];
  fromMs: number;
  /** Null: it lasts. */
  toMs: number | null;
  /** For people: what was the matter. */
  detail: string;
}

/** More than a thousand say nothing that the newest do not. */
const maxRows = 1000;
const seqSchema = z.object({ seq: z.number() });

/** Gives the row's number, to end it by. */
export function insertBlindWindow(db: WritableDb, { kind, fromMs, toMs, detail }: BlindWindow): number {
  const { seq } = seqSchema.parse(
    statement(db, 'INSERT INTO blind_windows (kind, from_at, to_at, detail) VALUES (?, ?, ?, ?) RETURNING seq').get(
      kind,
      fromMs,
      toMs,
      detail,
    ),
  );
  statement(db, 'DELETE FROM blind_windows WHERE seq <= ?').run(seq - maxRows);
  return seq;
}

export function endBlindWindow(db: WritableDb, seq: number, toMs: number): void {
  statement(db, 'UPDATE blind_windows SET to_at = max(from_at, ?) WHERE seq = ?').run(toMs, seq);
}

/** Those that a former session left open ended with it, if not before. */
export function endOpenBlindWindows(db: WritableDb, toMs: number): void {
  statement(db, 'UPDATE blind_windows SET to_at = max(from_at, ?) WHERE to_at IS NULL').run(toMs);
}

/** Newest first. */
export function listBlindWindows(db: ReadableDb, limit: number): (BlindWindow & { seq: number })[] {
  return statement(db, 'SELECT seq, kind, from_at, to_at, detail FROM blind_windows ORDER BY seq DESC LIMIT ?')
    .all(limit)
    .map((row) => {
      const { seq, kind, from_at, to_at, detail } = rowSchema.parse(row);
      return { seq, kind, fromMs: from_at, toMs: to_at, detail };
    });
}
