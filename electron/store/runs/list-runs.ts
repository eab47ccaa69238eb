import { compileConditions } from '../../../shared/conditions/evaluate/compile.ts';
import type { Run, RunState } from '../../../shared/contract/runs.ts';
import { compileQuery, toConditions } from '../../../shared/query/compile-query.ts';
import { emptyQuery, type Query } from '../../../shared/query/query.ts';
import { searchableText } from '../../../shared/query/searchable-text.ts';
import type { ReadableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { readEventRow, readMatchable } from '../events/events.ts';
import { internalSql } from '../events/internal-events.ts';
import { type Page, type PageRequest, parseQueryOrThrow } from '../paging/page.ts';
import { collectPage, parseCursor, type Scan } from '../paging/scan.ts';
import { addClause, addListTerm, emptyWhere, placeholders, type Where, whereText } from '../paging/sql-where.ts';
import { addTimeBounds, scannedTime, seqRange } from '../paging/time-bounds.ts';
import { runSeqsOf } from './event-runs.ts';
import { parseRunRow, type RunRow, runColumns, runTables, toRun } from './run-rows.ts';
import { ofFailures, runFlagSql } from './run-terms.ts';

export interface RunFilters {
  eventId?: string | undefined;
  state?: RunState | RunState[] | undefined;
  job?: string | undefined;
  listener?: string | undefined;
  inbox?: boolean | undefined;
}

export interface RunPageRequest extends PageRequest, RunFilters {}

/** Rows looked at in one statement when no index leads to them. */
const windowRows = 4000;

export function listRuns(db: ReadableDb, request: RunPageRequest): Page<Run> {
  const scan = scanRuns(db, parseQueryOrThrow(request.query), request, request.nowMs);
  if (scan === null) return { items: [], nextCursor: null, scannedTo: null };
  const { rows, cursor } = collectPage(scan, parseCursor(request.cursor, scan.top), request.limit);
  return {
    items: rows.map(toRun),
    nextCursor: cursor === null ? null : String(cursor),
    scannedTo: scannedTime(db, 'runs', cursor),
  };
}

export interface RunScan extends Scan<RunRow> {
  /** Everything lies below this seq. */
  top: number;
  /** Over `runs r` and `events e`; says all there is to decide when `acceptsAll`. */
  where: Where;
  acceptsAll: boolean;
}

/** The rows that a query and filters find, to be collected piece by piece; null when there can be none. */
export function scanRuns(db: ReadableDb, query: Query, filters: RunFilters, nowMs: number): RunScan | null {
  const range = seqRange(db, 'runs', query, nowMs);
  if (range.top === 0) return null;
  const where = emptyWhere();
  addFilters(where, filters);
  addTerms(where, query);
  addTimeBounds(where, 'r.queued_at', range);
  const isIndexed =
    filters.inbox === true || filters.eventId !== undefined || hasRareState(filters.state) || leadsToFailed(query);
  const sql = `SELECT ${runColumns} FROM ${runTables}
    WHERE r.seq < ? AND r.seq >= ? AND ${whereText(where)} ORDER BY r.seq DESC LIMIT ?`;
  const accepts = residual(db, query, nowMs);
  return {
    next: (below, limit) => {
      const from = isIndexed ? range.floor + 1 : Math.max(range.floor + 1, below - Math.max(windowRows, limit));
      const rows = statement(db, sql)
        .all(below, from, ...where.values, limit)
        .map(parseRunRow);
      const last = rows.at(-1);
      return { rows, scannedTo: rows.length === limit && last !== undefined ? last.seq : from };
    },
    seqOf: (row) => row.seq,
    accepts: accepts ?? (() => true),
    acceptsAll: accepts === null,
    floor: range.floor,
    top: range.top,
    where,
  };
}

const indexed: ReadonlySet<RunState> = new Set(['failed', 'running', 'scheduled']);
/** States whose runs are always in the inbox, so that its index finds them. */
const alsoInInbox: Partial<Record<RunState, true>> = { pending: true, interaction_required: true };

/** States whose runs an index leads to. */
function hasRareState(state: RunState | RunState[] | undefined): boolean {
  const [only, ...more] = state === undefined ? [] : [state].flat();
  return only !== undefined && more.length === 0 && (only in alsoInInbox || indexed.has(only));
}

/** Failed runs are few: those of a failure, or that nothing was done about, have an index. */
const leadsToFailed = ({ failures, is }: Query): boolean =>
  failures.some(({ negated }) => !negated) || is.some(({ flag, negated }) => flag === 'unresolved' && !negated);

function addFilters(where: Where, request: RunFilters): void {
  if (request.eventId !== undefined) {
    const which = '= (SELECT seq FROM events WHERE id = ?)';
    addClause(where, `r.seq IN (${runSeqsOf(which)})`, request.eventId, request.eventId);
  }
  const states = request.state === undefined ? [] : [request.state].flat();
  const [only] = states;
  // A single state is written out: SQLite takes a partial index only when it can see its condition.
  if (only !== undefined && states.length === 1)
    addClause(where, `r.state = '${only}'${only in alsoInInbox ? ' AND r.inbox = 1' : ''}`);
  else if (states.length > 1) addClause(where, `r.state IN (${placeholders(states.length)})`, ...states);
  if (request.job !== undefined) addClause(where, 'r.job = ?', request.job);
  if (request.listener !== undefined) addClause(where, 'r.listener = ?', request.listener);
  if (request.inbox !== undefined) addClause(where, `r.inbox = ${request.inbox ? 1 : 0}`);
}

function addTerms(where: Where, query: Query): void {
  for (const term of query.listeners) addListTerm(where, "ifnull(r.listener, '')", term);
  for (const term of query.jobs) addListTerm(where, 'r.job', term);
  for (const term of query.states) addListTerm(where, 'r.state', term);
  for (const { values, negated } of query.failures) {
    // Without the `ifnull`, runs of no failure would be left out of both.
    addClause(where, negated ? `NOT ifnull(${ofFailures(values)}, 0)` : ofFailures(values), ...values);
  }
  for (const term of query.ids) {
    const list = placeholders(term.values.length);
    const either = `r.id IN (${list}) OR e.id IN (${list})`;
    addClause(where, term.negated ? `NOT (${either})` : either, ...term.values, ...term.values);
  }
  for (const { flag, negated } of query.is) {
    const sql = runFlagSql(flag) ?? eventFlagSql[flag];
    if (sql !== undefined) addClause(where, negated ? `NOT (${sql})` : sql);
  }
}

const eventFlagSql: Partial<Record<Query['is'][number]['flag'], string>> = {
  replay: 'e.replay_of IS NOT NULL',
  internal: internalSql,
};

/** What a query says of the run's event, decided by the same code as everywhere; null when it says nothing. */
function residual(db: ReadableDb, query: Query, nowMs: number): ((row: RunRow) => boolean) | null {
  const about = { ...emptyQuery(), types: query.types, sources: query.sources, systems: query.systems };
  const allowsType = compileConditions(toConditions(about));
  const needsType = query.types.length + query.sources.length + query.systems.length > 0;
  const needsEvent = query.fields.length + query.text.length > 0 || query.systems.length > 0;
  if (!needsType && !needsEvent) return null;
  const matches = compileQuery({ ...emptyQuery(), fields: query.fields, text: query.text });
  return (row) => {
    if (needsType && query.systems.length === 0) {
      const shown = { type: row.event_type, source: row.source, system: '', context: null, payload: null, headers: {} };
      if (!allowsType(shown)) return false;
    }
    if (!needsEvent) return true;
    const stored = readEventRow(db, row.event_id);
    if (stored === null) return false;
    const seen = readMatchable(db, stored);
    if (seen === null) return false;
    const event = { ...seen, externalId: stored.external_id };
    if (!allowsType(event)) return false;
    const text = `${searchableText(event).text}\n${row.id}\n${row.job}\n${row.listener ?? ''}\n${row.error ?? ''}`;
    return matches({ event, flags: [], text }, nowMs);
  };
}
