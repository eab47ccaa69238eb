import { z } from 'zod';
import type { EventDetail } from '../../../shared/contract/events.ts';
import type { ReadableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { isoTime } from '../database/times.ts';
import type { EventRow } from '../events/events.ts';
import { readCausedEvents, readCausingRun } from '../runs/run-lineage.ts';

type Lineage = EventDetail['lineage'];

/** Descendants shown of one event; an operator follows them one by one. */
const shown = 100;

const relativeSchema = z.object({ id: z.string(), type: z.string(), received_at: z.number() });

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
  return {
    replayOf: original === undefined ? null : toRelative(original),
    replays: replays.map(toRelative),
    causedBy: readCausingRun(db, event.caused_by_run),
    causes: readCausedEvents(db, event.seq, shown),
  };
}
