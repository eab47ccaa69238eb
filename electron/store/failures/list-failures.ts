import { z } from 'zod';
import type { Failure, FailureState } from '../../../shared/contract/failures.ts';
import { failureStates } from '../../../shared/contract/failures.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import type { Page } from '../paging/page.ts';
import { addClause, emptyWhere, placeholders, whereText } from '../paging/sql-where.ts';
import { hasStoredRuns } from '../runs/run-failures.ts';
import { type FailureRow, failureColumns, parseFailureRow, toFailure } from './failure-rows.ts';

export interface FailureListRequest {
  query?: string | undefined;
  state?: readonly FailureState[] | undefined;
  job?: string | undefined;
  listener?: string | undefined;
  assignee?: string | undefined;
  limit: number;
  cursor?: string | null | undefined;
}

const cursorPattern = /^(\d+)\.(\d+)$/;
const cursorOf = ({ last_seen_at: at, seq }: FailureRow): string => `${at}.${seq}`;

/** Latest seen first. */
export function listFailures(db: ReadableDb, request: FailureListRequest): Page<Failure> {
  const where = emptyWhere();
  const states = request.state ?? [];
  if (states.length > 0) addClause(where, `f.state IN (${placeholders(states.length)})`, ...states);
  if (request.job !== undefined) addClause(where, 'f.job = ?', request.job);
  if (request.listener !== undefined) addClause(where, 'f.listener = ?', request.listener);
  if (request.assignee !== undefined) addClause(where, 'f.assignee = ?', request.assignee);
  for (const word of (request.query ?? '').split(/\s+/).filter((text) => text !== '')) {
    addClause(
      where,
      `instr(lower(f.job || ' ' || ifnull(f.listener, '') || ' ' || ifnull(f.message, '')), lower(?)) > 0`,
      word,
    );
  }
  const below = cursorPattern.exec(request.cursor ?? '');
  if (below !== null) addClause(where, '(f.last_seen_at, f.seq) < (?, ?)', Number(below[1]), Number(below[2]));
  const rows = statement(
    db,
    `SELECT ${failureColumns} FROM failures f WHERE ${whereText(where)} ORDER BY f.last_seen_at DESC, f.seq DESC LIMIT ?`,
  )
    .all(...where.values, request.limit)
    .map(parseFailureRow);
  const last = rows.at(-1);
  return {
    items: rows.map(toFailure),
    nextCursor: rows.length === request.limit && last !== undefined ? cursorOf(last) : null,
    scannedTo: null,
  };
}

const countRow = z.object({ n: z.number() });

export function countFailures(db: ReadableDb): Record<FailureState, number> {
  const counts = { open: 0, acknowledged: 0, snoozed: 0, resolved: 0 };
  for (const state of failureStates) {
    counts[state] = countRow.parse(statement(db, 'SELECT count(*) AS n FROM failures WHERE state = ?').get(state)).n;
  }
  return counts;
}

/** Failures last seen before this, of which no run is stored; with their notes. Returns how many went. */
export function pruneFailures(db: WritableDb, beforeMs: number, limit: number): number {
  const gone = statement(
    db,
    `DELETE FROM failures WHERE seq IN (SELECT f.seq FROM failures f WHERE f.last_seen_at < ? AND f.state <> 'snoozed'
       AND NOT ${hasStoredRuns} ORDER BY f.last_seen_at LIMIT ?) RETURNING seq`,
  ).all(beforeMs, limit);
  for (const row of gone) {
    statement(db, 'DELETE FROM failure_entries WHERE failure = ?').run(z.object({ seq: z.number() }).parse(row).seq);
  }
  return gone.length;
}
