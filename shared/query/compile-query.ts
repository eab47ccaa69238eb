import { compileConditions } from '../conditions/evaluate/compile.ts';
import type { ConditionInput, Conditions, JsonScalar } from '../conditions/tree.ts';
import { isoTimeMs } from '../conditions/values/iso-time.ts';
import { isWildcard, literalsOf, type Orderable, orderableOf } from './literals.ts';
import { type FieldTerm, type ListTerm, type Query, type QueryValue, resolveTimeBound } from './query.ts';
import { hasPhrase, tokenize } from './tokenize.ts';

/** What a query looks at; `text` is the event's `searchableText`. */
export interface QueryRow {
  event: ConditionInput & { id: string; externalId: string | null; receivedAt: string };
  flags: ReadonlySet<string> | readonly string[];
  runs?: readonly QueryRun[];
  text: string;
}

export interface QueryRun {
  listener: string;
  job: string;
  state: string;
}

/**
 * The part of a query that speaks of the event itself (types, sources, systems, fields) as conditions, for the same
 * compiler that listeners use. Equality and patterns mind case, `~` does not.
 */
export function toConditions(query: Query): Conditions {
  return {
    all: [
      ...query.types.map((term) => negatedIf(term, { field: 'type', op: 'typePattern', value: term.values })),
      ...query.sources.map((term) => negatedIf(term, { field: 'source', op: 'in', value: term.values })),
      ...query.systems.map((term) => negatedIf(term, { field: 'system', op: 'in', value: term.values })),
      ...query.fields.map((term) => negatedIf(term, fieldConditions(term))),
    ],
  };
}

function negatedIf(term: { negated: boolean }, conditions: Conditions): Conditions {
  return term.negated ? { not: conditions } : conditions;
}

function fieldConditions(term: FieldTerm): Conditions {
  const field = term.path;
  switch (term.op) {
    case 'exists':
      return { field, op: 'exists' };
    case 'eq':
      return equalConditions(field, term.values);
    case 'ne':
      return { not: equalConditions(field, term.values) };
    case 'contains': {
      const literals = term.values.flatMap(literalsOf);
      return oneOrAny(literals.map((value) => ({ field, op: 'contains', value, ignoreCase: true })));
    }
    case 'between':
      return { field, op: 'between', value: term.values.map(orderLiteral) };
    default:
      return oneOrAny(term.values.map((value) => ({ field, op: term.op, value: orderLiteral(value) }) as const));
  }
}

function equalConditions(field: string, values: readonly QueryValue[]): Conditions {
  const literals: JsonScalar[] = values.filter((value) => !isWildcard(value)).flatMap(literalsOf);
  const [only] = literals;
  const clauses: Conditions[] = values.filter(isWildcard).map((value) => ({ field, op: 'glob', value: value.text }));
  if (only !== undefined) {
    clauses.unshift(literals.length === 1 ? { field, op: 'eq', value: only } : { field, op: 'in', value: literals });
  }
  return oneOrAny(clauses);
}

function oneOrAny(clauses: Conditions[]): Conditions {
  const [only] = clauses;
  return only !== undefined && clauses.length === 1 ? only : { any: clauses };
}

function orderLiteral(value: QueryValue): Orderable {
  return orderableOf(value) ?? value.text;
}

/** Compiles a query once for many rows. `nowMs` is what ages such as `after:2h` count back from. */
export function compileQuery(query: Query): (row: QueryRow, nowMs: number) => boolean {
  const conditions = compileConditions(toConditions(query));
  const matchesRuns = compileRuns(query);
  const phrases = query.text.map((term) => ({ ...term, words: tokenize(term.phrase) }));
  return (row, nowMs) => {
    if (query.after !== undefined || query.before !== undefined) {
      const receivedMs = isoTimeMs(row.event.receivedAt);
      if (query.after !== undefined && !(receivedMs >= resolveTimeBound(query.after, nowMs))) return false;
      if (query.before !== undefined && !(receivedMs < resolveTimeBound(query.before, nowMs))) return false;
    }
    for (const { flag, negated } of query.is) {
      const has = row.flags instanceof Set ? row.flags.has(flag) : [...row.flags].includes(flag);
      if (has === negated) return false;
    }
    for (const { values, negated } of query.ids) {
      const { id, externalId } = row.event;
      if ((values.includes(id) || (externalId !== null && values.includes(externalId))) === negated) return false;
    }
    if (!matchesRuns(row.runs ?? []) || !conditions(row.event)) return false;
    if (phrases.length === 0) return true;
    const words = tokenize(row.text);
    return phrases.every((phrase) => hasPhrase(words, phrase.words, phrase.prefix) !== phrase.negated);
  };
}

function compileRuns(query: Query): (runs: readonly QueryRun[]) => boolean {
  const terms: { read: (run: QueryRun) => string; term: ListTerm }[] = [
    ...query.listeners.map((term) => ({ read: (run: QueryRun) => run.listener, term })),
    ...query.jobs.map((term) => ({ read: (run: QueryRun) => run.job, term })),
    ...query.states.map((term) => ({ read: (run: QueryRun) => run.state, term })),
  ];
  const wanted = terms.filter(({ term }) => !term.negated);
  const unwanted = terms.filter(({ term }) => term.negated);
  return (runs) =>
    (wanted.length === 0 || runs.some((run) => wanted.every(({ read, term }) => term.values.includes(read(run))))) &&
    !runs.some((run) => unwanted.some(({ read, term }) => term.values.includes(read(run))));
}
