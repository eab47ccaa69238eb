import { z } from 'zod';
import type { EventDetail } from '../../../shared/contract/events.ts';
import type { ReadableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';

const causedBySchema = z.object({ job: z.string(), event_id: z.string() });
const causeSchema = z.object({ id: z.string(), type: z.string(), caused_by_run: z.string() });

/** Events that runs of this event caused, newest first. */
export const readCausedEvents = (db: ReadableDb, eventSeq: number, limit: number): EventDetail['lineage']['causes'] =>
  statement(
    db,
    `SELECT e.id, t.type, e.caused_by_run FROM runs r CROSS JOIN events e ON e.caused_by_run = r.id
     JOIN event_types t ON t.id = e.type_id WHERE r.event_seq = ? ORDER BY e.seq DESC LIMIT ?`,
  )
    .all(eventSeq, limit)
    .map((row) => {
      const { id, type, caused_by_run } = causeSchema.parse(row);
      return { id, type, runId: caused_by_run };
    });

/** The run that caused an event, with the event it ran for; null when it is gone, or no run did. */
export function readCausingRun(db: ReadableDb, runId: string | null): EventDetail['lineage']['causedBy'] {
  if (runId === null) return null;
  const row = statement(
    db,
    'SELECT r.job, e.id AS event_id FROM runs r JOIN events e ON e.seq = r.event_seq WHERE r.id = ?',
  ).get(runId);
  if (row === undefined) return null;
  const { job, event_id } = causedBySchema.parse(row);
  return { runId, job, eventId: event_id };
}
