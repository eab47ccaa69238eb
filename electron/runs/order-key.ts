import { createHash } from 'node:crypto';
import { type FieldPath, readField } from '../../shared/conditions/values/paths.ts';
import { isJson } from '../../shared/contract/json-value.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';
import type { ReadableDb } from '../store/database/open.ts';
import { readEventRow, readMatchable } from '../store/events/events.ts';

/** Longer keys are kept as a digest. */
const maxKeyLength = 200;

/**
 * What orders the runs of an event: those with the same key are sent one after the other. Null where the event has nothing
 * at this path: it waits for no other.
 */
export function readOrderKey(db: ReadableDb, eventId: string, path: FieldPath): string | null {
  const row = readEventRow(db, eventId);
  const event = row === null ? null : readMatchable(db, row);
  if (event === null) return null;
  const [value] = readField(path, event, 1);
  if (value === undefined || value === null || !isJson(value)) return null;
  const text = stringifyExact(value);
  return text.length <= maxKeyLength ? text : createHash('sha256').update(text).digest('hex');
}
