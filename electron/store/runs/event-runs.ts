import { z } from 'zod';
import { runStateSchema } from '../../../shared/contract/runs.ts';
import type { ReadableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import type { EventRun } from '../events/events.ts';

const eventRunRowSchema = z.object({
  event_seq: z.number(),
  id: z.string(),
  listener: z.string().nullable(),
  job: z.string(),
  state: runStateSchema,
});

/** Selects the seqs of all runs that got an event: its own, and those of its batches. `which`: of its seq, as `= 5`. */
export const runSeqsOf = (which: string): string => `SELECT seq FROM runs WHERE event_seq ${which}
  UNION SELECT g.seq FROM batch_events b CROSS JOIN runs g ON g.batch_seq = b.batch_seq WHERE b.event_seq ${which}`;

/** Runs of each event, by the event's seq; in the order they were planned. */
export function readEventRuns(db: ReadableDb, eventSeqs: readonly number[]): Map<number, EventRun[]> {
  const bySeq = new Map<number, EventRun[]>();
  const rows = statement(
    db,
    // CROSS JOIN: from the few seqs to their runs. Left to itself SQLite walks all runs to save itself the sort.
    `SELECT r.seq, r.event_seq, r.id, r.listener, r.job, r.state FROM json_each(@seqs) s
       CROSS JOIN runs r ON r.event_seq = s.value
     UNION SELECT r.seq, s.value, r.id, r.listener, r.job, r.state FROM json_each(@seqs) s
       CROSS JOIN batch_events b ON b.event_seq = s.value CROSS JOIN runs r ON r.batch_seq = b.batch_seq
     ORDER BY 1`,
  ).all({ seqs: JSON.stringify(eventSeqs) });
  for (const row of rows) {
    const { event_seq, ...run } = eventRunRowSchema.parse(row);
    const known = bySeq.get(event_seq);
    if (known === undefined) bySeq.set(event_seq, [run]);
    else known.push(run);
  }
  return bySeq;
}
