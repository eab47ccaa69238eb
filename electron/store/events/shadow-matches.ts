import type { ReadableDb, WritableDb } from '../database/open.ts';
import { prepared } from '../database/statements.ts';

export interface NewShadowMatch {
  listener: string;
  version: number;
  eventSeq: number;
  atMs: number;
}

const insertMatch = prepared(
  'INSERT INTO shadow_matches (listener, event_seq, version) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
);
const countMatch = prepared<{ matched: number }>(
  `INSERT INTO shadow_counts (listener, version, matched, first_at, last_at) VALUES (@listener, @version, 1, @atMs, @atMs)
   ON CONFLICT DO UPDATE SET matched = matched + 1, last_at = excluded.last_at RETURNING matched`,
);
const pruneMatches = prepared(
  `DELETE FROM shadow_matches WHERE listener = @listener AND event_seq <= (
     SELECT event_seq FROM shadow_matches WHERE listener = @listener ORDER BY event_seq DESC LIMIT 1 OFFSET @kept)`,
);

/** The newest of each listener that stay, and how many more there may be until they are pruned. */
export const keptShadowMatches = 1000;
const pruneEvery = 100;

/** Once for a listener and an event. */
export function insertShadowMatch(db: WritableDb, { listener, version, eventSeq, atMs }: NewShadowMatch): void {
  if (insertMatch(db).run(listener, eventSeq, version).changes === 0) return;
  const matched = countMatch(db).get({ listener, version, atMs })?.matched ?? 0;
  if (matched % pruneEvery === 0) pruneMatches(db).run({ listener, kept: keptShadowMatches });
}

export interface ShadowCount {
  matched: number;
  first_at: number;
  last_at: number;
}

const countOf = prepared<ShadowCount>(
  'SELECT matched, first_at, last_at FROM shadow_counts WHERE listener = ? AND version = ?',
);

/** Null: no event has matched this version. */
export const readShadowCount = (db: ReadableDb, listener: string, version: number): ShadowCount | null =>
  countOf(db).get(listener, version) ?? null;

export interface ShadowMatchRow {
  id: string;
  source: string;
  type: string;
  received_at: number;
  version: number;
}

const latest = prepared<ShadowMatchRow>(
  `SELECT e.id, t.source, t.type, e.received_at, m.version FROM shadow_matches m
   JOIN events e ON e.seq = m.event_seq JOIN event_types t ON t.id = e.type_id
   WHERE m.listener = ? AND m.version = ? ORDER BY m.event_seq DESC LIMIT ?`,
);

/** Newest first; events that are gone are left out. */
export const readShadowMatches = (db: ReadableDb, listener: string, version: number, limit: number): ShadowMatchRow[] =>
  latest(db).all(listener, version, limit);
