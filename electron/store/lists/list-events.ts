import { z } from 'zod';
import type { EventItem } from '../../../shared/contract/events.ts';
import type { Query } from '../../../shared/query/query.ts';
import type { ReadableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { type EventRow, eventColumns, eventTables, parseEventRow, toEventItem } from '../events/events.ts';
import type { Page, PageRequest } from '../paging/page.ts';
import { parseQueryOrThrow } from '../paging/page.ts';
import { collectPage, parseCursor, type Scan } from '../paging/scan.ts';
import { whereText } from '../paging/sql-where.ts';
import { addTimeBounds, scannedTime, seqRange } from '../paging/time-bounds.ts';
import { readEventRuns } from '../runs/event-runs.ts';
import { eventsByRuns } from '../runs/run-terms.ts';
import { indexedTo, searchSeqs, tryIndex } from '../search/full-text.ts';
import { type EventPlan, planEventQuery } from './event-query.ts';
import { mergeTypes } from './newest-of-types.ts';

/** A list is for looking: a larger payload is left out of it and fetched with its event. */
export const listedPayloadChars = 64 * 1024;
/** Rows looked at in one statement when no index leads to them. */
const windowRows = 4000;

export function listEvents(db: ReadableDb, request: PageRequest): Page<EventItem> {
  const found = findEventRows(db, request);
  const runs = readEventRuns(
    db,
    found.rows.map((row) => row.seq),
  );
  return {
    items: found.rows.map((row) => toEventItem(row, runs.get(row.seq) ?? [], listedPayloadChars)),
    nextCursor: found.nextCursor,
    scannedTo: found.scannedTo,
  };
}

/** The ids of a query's events, oldest last; for replays of everything a query finds. */
export function listEventIds(db: ReadableDb, request: PageRequest): Page<string> {
  const { rows, ...rest } = findEventRows(db, request);
  return { ...rest, items: rows.map((row) => row.id) };
}

export function findEventRows(
  db: ReadableDb,
  request: PageRequest,
): { rows: EventRow[]; nextCursor: string | null; scannedTo: string | null } {
  const scan = scanEvents(db, parseQueryOrThrow(request.query), request.nowMs);
  if (scan === null) return { rows: [], nextCursor: null, scannedTo: null };
  const { rows, cursor } = collectPage(scan, parseCursor(request.cursor, scan.top), request.limit);
  return { rows, nextCursor: cursor === null ? null : String(cursor), scannedTo: scannedTime(db, 'events', cursor) };
}

export interface EventScan extends Scan<EventRow> {
  /** Everything lies below this seq. */
  top: number;
}

/** The rows that a query finds, to be collected piece by piece; null when there can be none. */
export function scanEvents(db: ReadableDb, query: Query, nowMs: number): EventScan | null {
  const range = seqRange(db, 'events', query, nowMs);
  const plan = planEventQuery(db, query, nowMs);
  if (plan.candidates.by === 'nothing' || range.top === 0) return null;
  addTimeBounds(plan.where, 'e.received_at', range);
  return {
    next: nextRows(db, plan, range.floor),
    seqOf: (row) => row.seq,
    accepts: plan.accepts,
    floor: range.floor,
    top: range.top,
  };
}

type NextRows = Scan<EventRow>['next'];

function nextRows(db: ReadableDb, plan: EventPlan, floor: number): NextRows {
  const { candidates } = plan;
  if (candidates.by === 'order') return inOrder(db, plan, floor);
  if (candidates.by === 'words') return byWords(db, plan, candidates.expression, floor);
  const seqs = candidateSeqs(db, plan, floor);
  return (below, limit) => {
    const found = seqs(below, Math.max(limit, 200));
    const lowest = found.at(-1);
    if (lowest === undefined) return { rows: [], scannedTo: below };
    return { rows: rowsOf(db, plan, found), scannedTo: lowest };
  };
}

/** Walks all events, a bounded window of seqs at a time. */
function inOrder(db: ReadableDb, plan: EventPlan, floor: number): NextRows {
  const sql = `SELECT ${eventColumns} FROM ${eventTables}
    WHERE e.seq < ? AND e.seq >= ? AND ${whereText(plan.where)} ORDER BY e.seq DESC LIMIT ?`;
  return (below, limit) => {
    const from = Math.max(floor + 1, below - Math.max(windowRows, limit));
    const rows = statement(db, sql)
      .all(below, from, ...plan.where.values, limit)
      .map(parseEventRow);
    const last = rows.at(-1);
    return { rows, scannedTo: rows.length === limit && last !== undefined ? last.seq : from };
  };
}

/**
 * The newest events may not be in the index yet: those are walked, the rest is found by its words. Without a readable
 * index all are walked, which takes longer and finds the same.
 */
function byWords(db: ReadableDb, plan: EventPlan, expression: string, floor: number): NextRows {
  let indexed = tryIndex(() => indexedTo(db)) ?? 0;
  let tail = inOrder(db, plan, Math.max(floor, indexed));
  // Nearly all that is found is wanted, and finding costs: 50 events of `context.spaceId:us_sp_1`, three frequent words
  // in a row, take 20 ms in a million, 200 of them 75. Where most is not wanted, asking often would cost more.
  let most = 50;
  return (below, limit) => {
    if (below > indexed + 1) return tail(below, limit);
    const found = tryIndex(() => searchSeqs(db, expression, below, floor, Math.max(limit, most)));
    if (found === null) {
      indexed = 0;
      tail = inOrder(db, plan, floor);
      return tail(below, limit);
    }
    most *= 4;
    const lowest = found.at(-1);
    if (lowest === undefined) return { rows: [], scannedTo: below };
    return { rows: rowsOf(db, plan, found), scannedTo: lowest };
  };
}

const seqSchema = z.object({ seq: z.number() });

function candidateSeqs(db: ReadableDb, plan: EventPlan, floor: number): (below: number, limit: number) => number[] {
  const { candidates } = plan;
  switch (candidates.by) {
    case 'ignored':
      return (below, limit) =>
        seqsOf(
          statement(
            db,
            'SELECT seq FROM events WHERE ignored = 1 AND seq < ? AND seq > ? ORDER BY seq DESC LIMIT ?',
          ).all(below, floor, limit),
        );
    case 'runs': {
      const find = eventsByRuns(db, candidates.condition);
      return (below, limit) => seqsOf(find(below, floor, limit));
    }
    case 'types':
      return (below, limit) => mergeTypes(db, candidates.typeIds, below, floor, limit);
    default:
      return () => [];
  }
}

const seqsOf = (rows: unknown[]): number[] => rows.map((row) => seqSchema.parse(row).seq);

function rowsOf(db: ReadableDb, plan: EventPlan, seqs: readonly number[]): EventRow[] {
  return statement(
    db,
    `SELECT ${eventColumns} FROM json_each(?) s CROSS JOIN ${eventTables.replace('events e', 'events e ON e.seq = s.value')}
     WHERE ${whereText(plan.where)} ORDER BY e.seq DESC`,
  )
    .all(JSON.stringify(seqs), ...plan.where.values)
    .map(parseEventRow);
}
