import type { ListTerm, Query, QueryFlag } from '../../../shared/query/query.ts';
import type { ReadableDb } from '../database/open.ts';
import { prepared, statement } from '../database/statements.ts';
import { addClause, emptyWhere, placeholders, type Where } from '../paging/sql-where.ts';

/** What an `is:` flag says of a run, in SQL over `runs r`; null for flags that speak of something else. */
export function runFlagSql(flag: QueryFlag): string | null {
  switch (flag) {
    case 'failed':
    case 'completed':
    case 'canceled':
    case 'running':
    case 'queued':
    case 'scheduled':
    case 'pending':
      return `r.state = '${flag}'`;
    case 'interaction-required':
      return "r.state = 'interaction_required'";
    case 'unacknowledged':
      return "(r.inbox = 1 AND r.state IN ('completed', 'failed', 'canceled'))";
    case 'unresolved':
      return 'r.unresolved = 1';
    case 'acknowledged':
      return 'r.acknowledged_at IS NOT NULL';
    default:
      return null;
  }
}

/** Runs of failures with these ids; takes as many values. */
export const ofFailures = (ids: readonly string[]): string =>
  `r.failure IN (SELECT f.seq FROM failures f WHERE f.id IN (${placeholders(ids.length)}))`;

const inList = (column: string, term: ListTerm): string => `${column} IN (${placeholders(term.values.length)})`;

/** Adds what a query says of an event's runs to conditions over `events e`. */
export function addRunTerms(where: Where, query: Query): void {
  const positive = emptyWhere();
  const terms: [string, ListTerm][] = [
    ...query.listeners.map((term): [string, ListTerm] => ['r.listener', term]),
    ...query.jobs.map((term): [string, ListTerm] => ['r.job', term]),
    ...query.states.map((term): [string, ListTerm] => ['r.state', term]),
  ];
  for (const [column, term] of terms) {
    if (!term.negated) addClause(positive, inList(column, term), ...term.values);
    else addRunClause(where, inList(column, term), term.values, true);
  }
  for (const { values, negated } of query.failures) {
    if (negated) addRunClause(where, ofFailures(values), values, true);
    else addClause(positive, ofFailures(values), ...values);
  }
  if (positive.clauses.length > 0) {
    addRunClause(where, positive.clauses.join(' AND '), positive.values, false);
  }
  for (const { flag, negated } of query.is) {
    const sql = runFlagSql(flag);
    if (sql !== null) addRunClause(where, sql, [], negated);
  }
}

/** An event has its own runs, and those of its batches. */
function addRunClause(where: Where, condition: string, values: Where['values'], negated: boolean): void {
  const exists = `(EXISTS (SELECT 1 FROM runs r WHERE r.event_seq = e.seq AND ${condition})
    OR EXISTS (SELECT 1 FROM batch_events b CROSS JOIN runs r ON r.batch_seq = b.batch_seq
      WHERE b.event_seq = e.seq AND ${condition}))`;
  addClause(where, negated ? `NOT ${exists}` : exists, ...values, ...values);
}

/** Runs that are few and have an index of their own: the best place to start looking. Null: the query names none. */
export function rareRuns(query: Query): string | null {
  for (const { flag, negated } of query.is) {
    if (negated) continue;
    if (flag === 'failed' || flag === 'running') return `r.state = '${flag}'`;
    if (flag === 'unacknowledged') return 'r.inbox = 1';
    if (flag === 'unresolved') return 'r.unresolved = 1';
    // Both are in the inbox, which has an index; their states have none.
    if (flag === 'pending') return "r.inbox = 1 AND r.state = 'pending'";
    if (flag === 'interaction-required') return "r.inbox = 1 AND r.state = 'interaction_required'";
  }
  for (const { values, negated } of query.states) {
    const [state] = values;
    if (!negated && values.length === 1 && (state === 'failed' || state === 'running')) return `r.state = '${state}'`;
  }
  return null;
}

const hasBatches = prepared<{ seq: number }>('SELECT seq FROM batches LIMIT 1');

/** Selects seqs of events with a run that meets `condition`: their own run, and with `withBatches` that of their batch. */
export function eventsByRunsSql(condition: string, withBatches: boolean): string {
  const own = `SELECT DISTINCT r.event_seq AS seq FROM runs r
    WHERE ${condition} AND r.event_seq < @below AND r.event_seq > @above ORDER BY r.event_seq DESC LIMIT @limit`;
  if (!withBatches) return own;
  // From runs to events: of batches' runs that meet the condition there are few.
  const gathered = `SELECT DISTINCT b.event_seq AS seq FROM runs r CROSS JOIN batch_events b ON b.batch_seq = r.batch_seq
    WHERE ${condition} AND r.batch_seq IS NOT NULL AND b.event_seq < @below AND b.event_seq > @above
    ORDER BY b.event_seq DESC LIMIT @limit`;
  return `SELECT seq FROM (${own}) UNION SELECT seq FROM (${gathered}) ORDER BY seq DESC LIMIT @limit`;
}

/** Finds seqs of events with a run that meets `condition`, newest first, between two others. */
export function eventsByRuns(
  db: ReadableDb,
  condition: string,
): (below: number, above: number, limit: number) => unknown[] {
  // Most stores have no batches, and then runs without one are not looked at for it.
  const found = statement(db, eventsByRunsSql(condition, hasBatches(db).get() !== undefined));
  return (below, above, limit) => found.all({ below, above, limit });
}
