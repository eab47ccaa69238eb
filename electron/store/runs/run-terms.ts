import type { ListTerm, Query, QueryFlag } from '../../../shared/query/query.ts';
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
    else addClause(where, notExists(inList(column, term)), ...term.values);
  }
  for (const { values, negated } of query.failures) {
    if (negated) addClause(where, notExists(ofFailures(values)), ...values);
    else addClause(positive, ofFailures(values), ...values);
  }
  if (positive.clauses.length > 0) {
    addClause(where, exists(positive.clauses.join(' AND ')), ...positive.values);
  }
  for (const { flag, negated } of query.is) {
    const sql = runFlagSql(flag);
    if (sql !== null) addClause(where, negated ? notExists(sql) : exists(sql));
  }
}

const exists = (condition: string): string =>
  `EXISTS (SELECT 1 FROM runs r WHERE r.event_seq = e.seq AND ${condition})`;
const notExists = (condition: string): string => `NOT ${exists(condition)}`;

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

/** Seqs of events with a run that meets `condition`, newest first; takes the bounds below and above, and a limit. */
export const eventsByRuns = (condition: string): string =>
  `SELECT DISTINCT r.event_seq AS seq FROM runs r WHERE ${condition} AND r.event_seq < ? AND r.event_seq > ?
   ORDER BY r.event_seq DESC LIMIT ?`;
