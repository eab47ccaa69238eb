import type { ReadEvents } from '../source-types.ts';
import type { Redaction } from './redaction.ts';

/** The same events with their secrets masked. */
export const redactEvents = (read: ReadEvents, { json }: Redaction): ReadEvents =>
  read.ok
    ? {
        ...read,
        events: read.events.map((event) => ({ ...event, context: json(event.context), payload: json(event.payload) })),
      }
    : read;
