import type { WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { isInOpenBatch, removeFromBatches } from '../events/batches.ts';

const isOpen = `(r.state NOT IN ('completed', 'failed', 'canceled') OR r.inbox = 1 OR (r.unresolved = 1
  AND EXISTS (SELECT 1 FROM failures f WHERE f.seq = r.failure AND f.state = 'snoozed')))`;

/** Over `events e`: a run of it is to be planned, waits, runs, has an unacknowledged outcome, or is snoozed. */
export const hasOpenRun = `(EXISTS (SELECT 1 FROM runs r WHERE r.event_seq = e.seq AND ${isOpen})
  OR ${isInOpenBatch}
  OR EXISTS (SELECT 1 FROM batch_events b CROSS JOIN runs r ON r.batch_seq = b.batch_seq
    WHERE b.event_seq = e.seq AND ${isOpen}))`;

/** The runs of these events with their attempts, output and questions. `eventSeqs`: an array as JSON text. */
export function removeRunsOf(db: WritableDb, eventSeqs: string): void {
  const runs = '(SELECT r.seq FROM json_each(?) s JOIN runs r ON r.event_seq = s.value)';
  for (const table of ['run_attempts', 'run_annotations', 'run_output', 'run_approvals', 'run_questions']) {
    statement(db, `DELETE FROM ${table} WHERE run_seq IN ${runs}`).run(eventSeqs);
  }
  statement(db, 'DELETE FROM runs WHERE event_seq IN (SELECT value FROM json_each(?))').run(eventSeqs);
  removeFromBatches(db, eventSeqs);
}

/** Output of runs that ended before this. Returns how many chunks went. */
export function removeOldOutput(db: WritableDb, beforeMs: number, limit: number): number {
  return statement(
    db,
    `DELETE FROM run_output WHERE (run_seq, attempt, n) IN (
       SELECT o.run_seq, o.attempt, o.n FROM run_output o CROSS JOIN runs r ON r.seq = o.run_seq
       WHERE r.finished_at < ? AND r.state IN ('completed', 'failed', 'canceled') AND r.inbox = 0
       ORDER BY o.run_seq LIMIT ?)`,
  ).run(beforeMs, limit).changes;
}
