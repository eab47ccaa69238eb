import { z } from 'zod';
import type { EventDetail } from '../../shared/contract/events.ts';
import type { EventRow } from './events.ts';
import type { ReadableDb } from './open.ts';
import { statement } from './statements.ts';
import { isoTime } from './times.ts';

type Lineage = EventDetail['lineage'];

/** Descendants shown of one event; an operator follows them one by one. */
const shown = 100;

const relativeSchema = z.object({ id: z.string(), type: z.string(), received_at: z.number() });
const causedBySchema = z.object({ job: z.string(), event_id: z.string() });
const causeSchema = z.object({ id: z.string(), type: z.string(), caused_by_run: z.string() });

const toRelative = (row: unknown): { id: string; type: string; receivedAt: string } => {
  const { id, type, received_at } = relativeSchema.parse(row);
  return { id, type, receivedAt: isoTime(received_at) };
};

/** Where an event comes from and what came of it, one step each way. */
export function readLineage(db: ReadableDb, event: EventRow): Lineage {
  const relative = 'SELECT e.id, t.type, e.received_at FROM events e JOIN event_types t ON t.id = e.type_id';
  const original =
    event.replay_of === null ? undefined : statement(db, `${relative} WHERE e.id = ?`).get(event.replay_of);
  const replays = statement(db, `${relative} WHERE e.replay_of = ? ORDER BY e.seq DESC LIMIT ${shown}`).all(event.id);
  const causes = statement(
    db,
    `SELECT e.id, t.type, e.caused_by_run FROM runs r CROSS JOIN events e ON e.caused_by_run = r.id
     JOIN event_types t ON t.id = e.type_id WHERE r.event_seq = ? ORDER BY e.seq DESC LIMIT ${shown}`,
  ).all(event.seq);
  return {
    replayOf: original === undefined ? null : toRelative(original),
    replays: replays.map(toRelative),
    causedBy: readCausedBy(db, event.caused_by_run),
    causes: causes.map((row) => {
      const { id, type, caused_by_run } = causeSchema.parse(row);
      return { id, type, runId: caused_by_run };
    }),
  };
}

function readCausedBy(db: ReadableDb, runId: string | null): Lineage['causedBy'] {
  if (runId === null) return null;
  const row = statement(
    db,
    'SELECT r.job, e.id AS event_id FROM runs r JOIN events e ON e.seq = r.event_seq WHERE r.id = ?',
  ).get(runId);
  if (row === undefined) return null;
  const { job, event_id } = causedBySchema.parse(row);
  return { runId, job, eventId: event_id };
}
