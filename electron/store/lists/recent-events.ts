import type { ReadableDb } from '../database/open.ts';
import { type MatchableEvent, readMatchable } from '../events/events.ts';
import { findEventRows } from './list-events.ts';

/** The latest events as conditions see them, newest first; `source` narrows to one. */
export function recentEvents(db: ReadableDb, limit: number, source: string | null, nowMs: number): MatchableEvent[] {
  const query = source === null ? '' : `source:${source}`;
  const found: MatchableEvent[] = [];
  let cursor: string | null = null;
  // Each round is bounded by the page's own budget; a handful of rounds is what a preview may cost.
  for (let round = 0; round < 10 && found.length < limit; round++) {
    const page = findEventRows(db, { query, limit: Math.min(500, limit - found.length), cursor, nowMs });
    found.push(...page.rows.map((row) => readMatchable(db, row)).filter((event) => event !== null));
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  return found;
}
