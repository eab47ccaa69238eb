import { z } from 'zod';
import type { Attempt, RunDetail } from '../../../shared/contract/runs.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { isoTime } from '../database/times.ts';
import { parseAttemptRow, type RunRow, toAttempt } from './run-rows.ts';

export interface Annotation {
  level: 'notice' | 'warning' | 'error';
  text: string;
  atMs: number;
}

/** `from` is the number of the first one: the caller counts, so that a repeated transaction adds nothing twice. */
export function addAnnotations(
  db: WritableDb,
  runSeq: number,
  attempt: number,
  from: number,
  annotations: readonly Annotation[],
): void {
  annotations.forEach((annotation, index) => {
    statement(
      db,
      `INSERT INTO run_annotations (run_seq, attempt, n, level, text, at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    ).run(runSeq, attempt, from + index, annotation.level, annotation.text, annotation.atMs);
  });
}

const annotationRows = z.array(
  z.object({ level: z.enum(['notice', 'warning', 'error']), text: z.string(), at: z.number() }),
);
const idRows = z.array(z.object({ id: z.string() }));
const causeRows = z.array(z.object({ id: z.string(), type: z.string() }));
const highestSchema = z.object({ n: z.number().nullable() });

/** Of the latest attempt. */
export function readAnnotations(db: ReadableDb, run: RunRow): RunDetail['annotations'] {
  const rows = statement(
    db,
    'SELECT level, text, at FROM run_annotations WHERE run_seq = ? AND attempt = ? ORDER BY n',
  ).all(run.seq, run.attempt);
  return annotationRows.parse(rows).map((row) => ({ level: row.level, text: row.text, at: isoTime(row.at) }));
}

/** Every attempt, oldest first. The latest is in the run's own row once it has started. */
export function readAttempts(db: ReadableDb, run: RunRow): Attempt[] {
  const rows = statement(
    db,
    `SELECT attempt, state, reason, error, exit_code, signal, started_at, finished_at FROM run_attempts
     WHERE run_seq = ? ORDER BY attempt`,
  )
    .all(run.seq)
    .map(parseAttemptRow);
  const history = rows.map(toAttempt);
  const last = rows.at(-1);
  if (run.attempt > 0 && last?.attempt !== run.attempt) history.push(toAttempt(run));
  return history;
}

export function readRetries(db: ReadableDb, runId: string): string[] {
  const rows = statement(db, 'SELECT id FROM runs WHERE retry_of = ? ORDER BY seq').all(runId);
  return idRows.parse(rows).map((row) => row.id);
}

/** Events this run caused, oldest first, at most 100. */
export function readCauses(db: ReadableDb, runId: string): { id: string; type: string }[] {
  const rows = statement(
    db,
    `SELECT e.id, t.type FROM events e CROSS JOIN event_types t ON t.id = e.type_id
     WHERE e.caused_by_run = ? ORDER BY e.seq LIMIT 100`,
  ).all(runId);
  return causeRows.parse(rows);
}

/** The number the next retry of this run's event and listener gets. */
export function nextRetryNo(db: ReadableDb, run: RunRow): number {
  const highest = statement(db, 'SELECT max(retry_no) AS n FROM runs WHERE event_seq = ? AND listener IS ?');
  return (highestSchema.parse(highest.get(run.event_seq, run.listener)).n ?? 0) + 1;
}

/** A retried run leaves the inbox, where its retry takes its place, without having been acknowledged. */
export function leaveInboxForRetry(db: WritableDb, seq: number, note: string): void {
  statement(db, 'UPDATE runs SET inbox = 0, note = coalesce(note, ?) WHERE seq = ? AND inbox = 1').run(note, seq);
}

export interface Acknowledgement {
  atMs: number;
  by: string;
  note: string | null;
}

/** False for a run that is not finished or is acknowledged already. */
export function acknowledgeRun(db: WritableDb, seq: number, { atMs, by, note }: Acknowledgement): boolean {
  return (
    statement(
      db,
      `UPDATE runs SET inbox = 0, unresolved = 0, acknowledged_at = ?, acknowledged_by = ?, note = coalesce(?, note)
       WHERE seq = ? AND state IN ('completed', 'failed', 'canceled') AND acknowledged_at IS NULL`,
    ).run(atMs, by, note, seq).changes === 1
  );
}

/** The run returns to the inbox if its kind belongs there and no retry took its place. False: it was not acknowledged. */
export function unacknowledgeRun(db: WritableDb, seq: number): boolean {
  return (
    statement(
      db,
      `UPDATE runs SET acknowledged_at = NULL, acknowledged_by = NULL, note = NULL,
        unresolved = (state = 'failed' AND NOT EXISTS (SELECT 1 FROM runs later WHERE later.event_seq = runs.event_seq
          AND later.listener IS runs.listener AND later.job = runs.job AND later.retry_no > runs.retry_no
          AND later.state = 'completed')),
        inbox = ((state = 'failed' OR reason IS 'expired' OR (state = 'completed' AND acknowledge = 'required'))
          AND NOT EXISTS (SELECT 1 FROM runs later WHERE later.retry_of = runs.id))
       WHERE seq = ? AND acknowledged_at IS NOT NULL`,
    ).run(seq).changes === 1
  );
}

const failedRows = z.array(z.object({ event_seq: z.number(), listener: z.string() }));

const isLastAndFailed = `r.listener IS NOT NULL AND r.state = 'failed' AND NOT EXISTS (SELECT 1 FROM runs later
  WHERE later.event_seq = r.event_seq AND later.listener = r.listener AND later.retry_no > r.retry_no)`;

/** By event: the listeners whose last run for it (the run, or its latest retry) failed. */
export function readFailedListeners(db: ReadableDb, eventSeqs: readonly number[]): Map<number, Set<string>> {
  const rows = statement(
    db,
    `SELECT s.value AS event_seq, r.listener FROM json_each(@seqs) s CROSS JOIN runs r ON r.event_seq = s.value
     WHERE ${isLastAndFailed}
     UNION SELECT s.value, r.listener FROM json_each(@seqs) s CROSS JOIN batch_events b ON b.event_seq = s.value
       CROSS JOIN runs r ON r.batch_seq = b.batch_seq WHERE ${isLastAndFailed}`,
  ).all({ seqs: JSON.stringify(eventSeqs) });
  const failed = new Map<number, Set<string>>();
  for (const { event_seq: seq, listener } of failedRows.parse(rows)) {
    const listeners = failed.get(seq);
    if (listeners === undefined) failed.set(seq, new Set([listener]));
    else listeners.add(listener);
  }
  return failed;
}
