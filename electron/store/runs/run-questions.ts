import { z } from 'zod';
import type { RunDetail } from '../../../shared/contract/runs.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { isoTime, isoTimeOrNull } from '../database/times.ts';
import { readStoredJson } from '../events/events.ts';

export interface NewQuestion {
  id: string;
  runSeq: number;
  attempt: number;
  /** JSON text, as in the contract. */
  question: string;
  type: string;
  message: string;
  askedAtMs: number;
}

/** The running run waits for an operator. False when it is not running any more. */
export function openQuestion(db: WritableDb, asked: NewQuestion): boolean {
  const { changes } = statement(
    db,
    `UPDATE runs SET state = 'interaction_required', question = ?, inbox = 1
     WHERE seq = ? AND state = 'running' AND attempt = ?`,
  ).run(asked.question, asked.runSeq, asked.attempt);
  if (changes === 0) return false;
  statement(
    db,
    `INSERT INTO run_questions (id, run_seq, attempt, type, message, asked_at, result) VALUES (?, ?, ?, ?, ?, ?, 'open')`,
  ).run(asked.id, asked.runSeq, asked.attempt, asked.type, asked.message, asked.askedAtMs);
  return true;
}

export interface QuestionEnd {
  result: 'answered' | 'unanswered' | 'canceled';
  /** JSON text without what is secret; null where there is no answer. */
  answer: string | null;
  by: string | null;
  atMs: number;
}

/** Nothing happens to a question that is closed already. False when the run did not wait for it any more. */
export function closeQuestion(db: WritableDb, runSeq: number, id: string, end: QuestionEnd): boolean {
  const { changes } = statement(
    db,
    `UPDATE run_questions SET result = ?, answer = ?, answered_by = ?, answered_at = ? WHERE id = ? AND result = 'open'`,
  ).run(end.result, end.answer, end.by, end.atMs, id);
  if (changes === 0) return false;
  return (
    statement(
      db,
      `UPDATE runs SET state = 'running', question = NULL, inbox = 0 WHERE seq = ? AND state = 'interaction_required'`,
    ).run(runSeq).changes === 1
  );
}

const rowSchema = z.object({
  id: z.string(),
  type: z.string(),
  message: z.string(),
  asked_at: z.number(),
  result: z.enum(['open', 'answered', 'unanswered', 'canceled']),
  answer: z.string().nullable(),
  answered_by: z.string().nullable(),
  answered_at: z.number().nullable(),
});

/** Everything a run asked, oldest first. */
export const readQuestions = (db: ReadableDb, runSeq: number): RunDetail['questions'] =>
  statement(
    db,
    `SELECT id, type, message, asked_at, result, answer, answered_by, answered_at FROM run_questions
     WHERE run_seq = ? ORDER BY asked_at, id`,
  )
    .all(runSeq)
    .map((raw) => {
      const row = rowSchema.parse(raw);
      return {
        id: row.id,
        type: row.type,
        message: row.message,
        askedAt: isoTime(row.asked_at),
        result: row.result,
        // As when there is none, if it is damaged.
        answer: row.answer === null ? null : readStoredJson(row.answer).value,
        answeredBy: row.answered_by,
        answeredAt: isoTimeOrNull(row.answered_at),
      };
    });
