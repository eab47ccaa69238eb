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

/** Runs of each event, by the event's seq; in the order they were planned. */
export function readEventRuns(db: ReadableDb, eventSeqs: readonly number[]): Map<number, EventRun[]> {
  const bySeq = new Map<number, EventRun[]>();
  const rows = statement(
    db,
    // CROSS JOIN: from the few seqs to their runs. Left to itself SQLite walks all runs to save itself the sort.
    `SELECT r.event_seq, r.id, r.listener, r.job, r.state FROM json_each(?) s CROSS JOIN runs r ON r.event_seq = s.value
     ORDER BY r.seq`,
  ).all(JSON.stringify(eventSeqs));
  for (const row of rows) {
    const { event_seq, ...run } = eventRunRowSchema.parse(row);
    const known = bySeq.get(event_seq);
    if (known === undefined) bySeq.set(event_seq, [run]);
    else known.push(run);
  }
  return bySeq;
}
