import { z } from 'zod';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { prepared, statement } from '../database/statements.ts';

/** An operator's decision on a pending run. `plan` is JSON text: what the operator was shown. */
export interface Decision {
  by: string;
  atMs: number;
  note: string | null;
  plan: string;
}

const pendingOf = prepared<{ n: number }>(
  `SELECT count(*) AS n FROM runs INDEXED BY runs_pending WHERE state = 'pending' AND job = ?`,
);

/** Runs of the job that wait for an approval. Reads nothing but an index of these. */
export const countPending = (db: ReadableDb, job: string): number => pendingOf(db).get(job)?.n ?? 0;

/** From `pending` to the queue. False when it is not pending any more. */
export function approveRun(db: WritableDb, seq: number, decision: Decision, expiresAtMs: number | null): boolean {
  const { changes } = statement(
    db,
    `UPDATE runs SET state = 'queued', inbox = 0, decided_by = ?, decided_at = ?, note = coalesce(?, note), expires_at = ?
     WHERE seq = ? AND state = 'pending'`,
  ).run(decision.by, decision.atMs, decision.note, expiresAtMs, seq);
  if (changes === 1) keepDecision(db, seq, 'approved', decision);
  return changes === 1;
}

/** From `pending` to `canceled`. False when it is not pending any more. */
export function rejectRun(db: WritableDb, seq: number, decision: Decision): boolean {
  const { changes } = statement(
    db,
    `UPDATE runs SET state = 'canceled', reason = 'rejected', inbox = 0, decided_by = ?, decided_at = ?,
       note = coalesce(?, note), expires_at = NULL, finished_at = ? WHERE seq = ? AND state = 'pending'`,
  ).run(decision.by, decision.atMs, decision.note, decision.atMs, seq);
  if (changes === 1) keepDecision(db, seq, 'rejected', decision);
  return changes === 1;
}

function keepDecision(db: WritableDb, seq: number, word: 'approved' | 'rejected', decision: Decision): void {
  statement(
    db,
    `INSERT INTO run_approvals (run_seq, job, decision, plan, by, at, note)
     SELECT seq, job, ?, ?, ?, ?, ? FROM runs WHERE seq = ?
     ON CONFLICT (run_seq) DO UPDATE SET decision = excluded.decision, plan = excluded.plan, by = excluded.by,
       at = excluded.at, note = excluded.note`,
  ).run(word, decision.plan, decision.by, decision.atMs, decision.note, seq);
}

const planRowSchema = z.object({ plan: z.string() });

/** What was approved for this run, as JSON text; null: nothing was. */
export function readApprovedPlan(db: ReadableDb, seq: number): string | null {
  const row = statement(db, `SELECT plan FROM run_approvals WHERE run_seq = ? AND decision = 'approved'`).get(seq);
  return row === undefined ? null : planRowSchema.parse(row).plan;
}

const previousSchema = z.object({ run_id: z.string(), at: z.number(), by: z.string(), plan: z.string() });
export type PreviousApproval = z.infer<typeof previousSchema>;

/** The latest approval of another run of this job. */
export function readPreviousApproval(db: ReadableDb, job: string, seq: number): PreviousApproval | null {
  const row = statement(
    db,
    `SELECT r.id AS run_id, a.at, a.by, a.plan FROM run_approvals a CROSS JOIN runs r ON r.seq = a.run_seq
     WHERE a.job = ? AND a.decision = 'approved' AND a.run_seq <> ? ORDER BY a.at DESC LIMIT 1`,
  ).get(job, seq);
  return row === undefined ? null : previousSchema.parse(row);
}

/** What was approved is not what would run now: the claimed run waits for another approval, its attempt not counted. */
export function returnToPending(
  db: WritableDb,
  seq: number,
  attempt: number,
  { note, expiresAtMs }: { note: string; expiresAtMs: number },
): boolean {
  return (
    statement(
      db,
      `UPDATE runs SET state = 'pending', attempt = attempt - 1, started_at = NULL, inbox = 1, decided_by = NULL,
         decided_at = NULL, note = ?, expires_at = ? WHERE seq = ? AND state = 'running' AND attempt = ?`,
    ).run(note, expiresAtMs, seq, attempt).changes === 1
  );
}

const expiredSchema = z.object({ seq: z.number(), job: z.string(), state: z.enum(['pending', 'queued']) });
export type ExpiredRun = z.infer<typeof expiredSchema>;

/**
 * Cancels runs that have waited too long for an approval or in the queue, at most `limit`, and answers what they had
 * been. They are in the inbox: no operator decided that they should not run.
 */
export function expireWaiting(db: WritableDb, nowMs: number, limit: number): ExpiredRun[] {
  const expired = statement(
    db,
    `SELECT seq, job, state FROM runs INDEXED BY runs_expiring
     WHERE expires_at IS NOT NULL AND expires_at <= ? AND state IN ('pending', 'queued') ORDER BY expires_at LIMIT ?`,
  )
    .all(nowMs, limit)
    .map((row) => expiredSchema.parse(row));
  for (const { seq, state } of expired) {
    const error = state === 'pending' ? 'Not approved in time' : 'Waited in the queue for too long';
    statement(
      db,
      `UPDATE runs SET state = 'canceled', reason = 'expired', error = ?, inbox = 1, expires_at = NULL, finished_at = ?
       WHERE seq = ?`,
    ).run(error, nowMs, seq);
  }
  return expired;
}

const nextSchema = z.object({ at: z.number() });

export function nextExpiryAt(db: ReadableDb): number | null {
  const row = statement(
    db,
    `SELECT expires_at AS at FROM runs INDEXED BY runs_expiring WHERE expires_at IS NOT NULL ORDER BY expires_at LIMIT 1`,
  ).get();
  return row === undefined ? null : nextSchema.parse(row).at;
}
