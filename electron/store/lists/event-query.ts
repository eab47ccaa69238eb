import { compileConditions } from '../../../shared/conditions/evaluate/compile.ts';
import { isInternalEvent } from '../../../shared/own-source.ts';
import { compileQuery, toConditions } from '../../../shared/query/compile-query.ts';
import { emptyQuery, type Query } from '../../../shared/query/query.ts';
import { searchableText } from '../../../shared/query/searchable-text.ts';
import type { ReadableDb } from '../database/open.ts';
import { listEventTypes } from '../events/event-types.ts';
import { type EventRow, readMatchable } from '../events/events.ts';
import { internalSql } from '../events/internal-events.ts';
import { addClause, emptyWhere, placeholders, type Where } from '../paging/sql-where.ts';
import { addRunTerms, rareRuns } from '../runs/run-terms.ts';
import { fullTextExpression } from '../search/full-text.ts';
import { maxMergedTypes } from './newest-of-types.ts';

/** Where to look first; everything it yields is checked against `where` and `accepts`. */
export type Candidates =
  | { by: 'nothing' }
  | { by: 'words'; expression: string }
  | { by: 'runs'; condition: string }
  | { by: 'ignored' }
  | { by: 'types'; typeIds: number[] }
  | { by: 'order' };

export interface EventPlan {
  candidates: Candidates;
  /** Over `events e` and `event_types t`. */
  where: Where;
  accepts: (row: EventRow) => boolean;
}

const maxKnownTypes = 5000;

export function planEventQuery(db: ReadableDb, query: Query, nowMs: number): EventPlan {
  const where = emptyWhere();
  const typeIds = resolveTypes(db, query);
  if (typeIds !== null && typeIds.length > 0) {
    addClause(where, `e.type_id IN (${placeholders(typeIds.length)})`, ...typeIds);
  }
  for (const term of query.ids) {
    const list = placeholders(term.values.length);
    const either = `e.id IN (${list}) OR ifnull(e.external_id, '') IN (${list})`;
    addClause(where, term.negated ? `NOT (${either})` : either, ...term.values, ...term.values);
  }
  addFlags(where, query);
  addRunTerms(where, query);
  return { candidates: chooseCandidates(query, typeIds), where, accepts: residual(db, query, nowMs) };
}

/** Ids of the types that the query's type, source and system terms allow; null when they allow all, or cannot be listed. */
export function resolveTypes(db: ReadableDb, query: Query): number[] | null {
  const internal = query.is.filter(({ flag }) => flag === 'internal');
  if (query.types.length + query.sources.length + query.systems.length + internal.length === 0) return null;
  const types = listEventTypes(db, maxKnownTypes);
  const about: Query = { ...emptyQuery(), types: query.types, sources: query.sources, systems: query.systems };
  const allows = compileConditions(toConditions(about));
  return types
    .filter((row) => internal.every(({ negated }) => negated !== isInternalEvent(row)))
    .filter((row) => allows({ ...row, context: null, payload: null, headers: {} }))
    .map((row) => row.id)
    .slice(0, 2000);
}

function chooseCandidates(query: Query, typeIds: number[] | null): Candidates {
  if (typeIds !== null && typeIds.length === 0) return { by: 'nothing' };
  const expression = fullTextExpression(query);
  if (expression !== null) return { by: 'words', expression };
  const condition = rareRuns(query);
  if (condition !== null) return { by: 'runs', condition };
  if (query.is.some(({ flag, negated }) => flag === 'ignored' && !negated)) return { by: 'ignored' };
  if (typeIds !== null && typeIds.length <= maxMergedTypes) return { by: 'types', typeIds };
  return { by: 'order' };
}

const flagColumns: Partial<Record<Query['is'][number]['flag'], string>> = {
  ignored: 'e.ignored = 1',
  replay: 'e.replay_of IS NOT NULL',
  internal: internalSql,
  'chain-stopped': 'e.chain_stopped = 1',
  accepted: 'e.delivery_seq IS NOT NULL',
  // Deliveries may be these, events never are.
  duplicate: '0',
  refused: '0',
};

function addFlags(where: Where, query: Query): void {
  for (const { flag, negated } of query.is) {
    const sql = flagColumns[flag];
    if (sql !== undefined) addClause(where, negated ? `NOT (${sql})` : sql);
  }
}

/** Fields and words are decided on the event itself, by the same code that the renderer and the tests use. */
function residual(db: ReadableDb, query: Query, nowMs: number): (row: EventRow) => boolean {
  if (query.fields.length === 0 && query.text.length === 0) return () => true;
  const matches = compileQuery({ ...emptyQuery(), fields: query.fields, text: query.text });
  const needsHeaders = query.fields.some((field) => field.path.startsWith('headers.'));
  const needsText = query.text.length > 0;
  return (row) => {
    const seen = readMatchable(db, needsHeaders ? row : { ...row, delivery_seq: null });
    // A damaged one is in no list that asks for something in it.
    if (seen === null) return false;
    const event = { ...seen, externalId: row.external_id };
    const text = needsText ? searchableText(event).text : '';
    return matches({ event, flags: [], text }, nowMs);
  };
}
