import { nearestWord } from '../conditions/parse/nearest-word.ts';
import { checkTypePattern } from '../conditions/patterns/type-pattern.ts';
import { readTimeBound } from './literals.ts';
import type { TermPosition, TermResult } from './parse-results.ts';
import { type PositionedValue, readValues } from './parse-values.ts';
import { type ListTerm, QUERY_FLAGS, type Query, type QueryKey, RUN_STATES_IN_QUERIES } from './query.ts';

/** Reads a term whose key is one of `QUERY_KEYS` and adds it to the query. */
export function parseKeyTerm(text: string, key: QueryKey, position: TermPosition, query: Query): TermResult {
  const read = readValues(text, position.valueStart, position.start);
  if (!read.ok) return read;
  const problem =
    key === 'is'
      ? addFlag(read.values, position, query)
      : key === 'after' || key === 'before'
        ? addTime(key, read.values, position, query)
        : addList(key, read.values, position, query);
  if (problem === null) return { ok: true, end: read.end };
  const { value, message } = problem;
  return { ok: false, error: { message, start: value?.start ?? position.start, end: value?.end ?? read.end } };
}

/** Without a value the whole term is at fault. */
type Problem = { message: string; value?: PositionedValue } | null;

function addList(
  key: Exclude<QueryKey, 'is' | 'after' | 'before'>,
  values: PositionedValue[],
  position: TermPosition,
  query: Query,
): Problem {
  for (const value of values) {
    const message = key === 'type' ? checkTypePattern(value.text) : key === 'state' ? checkState(value.text) : null;
    if (message !== null) return { message, value };
  }
  const term: ListTerm = { values: values.map((value) => value.text), negated: position.negated };
  listOf(key, query).push(term);
  return null;
}

function listOf(key: Exclude<QueryKey, 'is' | 'after' | 'before'>, query: Query): ListTerm[] {
  switch (key) {
    case 'type':
      return query.types;
    case 'source':
      return query.sources;
    case 'system':
      return query.systems;
    case 'listener':
      return query.listeners;
    case 'job':
      return query.jobs;
    case 'state':
      return query.states;
    case 'failure':
      return query.failures;
    case 'id':
      return query.ids;
  }
}

function checkState(state: string): string | null {
  if (RUN_STATES_IN_QUERIES.some((name) => name === state)) return null;
  return `There is no run state "${state}". ${suggest(state, RUN_STATES_IN_QUERIES)}`;
}

function addFlag(values: PositionedValue[], position: TermPosition, query: Query): Problem {
  const [value] = values;
  if (value === undefined || values.length > 1) {
    return { message: 'is: takes one word; write is:failed is:replay for both' };
  }
  const flag = QUERY_FLAGS.find((name) => name === value.text);
  if (flag === undefined)
    return { message: `There is no is:${value.text}. ${suggest(value.text, QUERY_FLAGS)}`, value };
  query.is.push({ flag, negated: position.negated });
  return null;
}

function addTime(key: 'after' | 'before', values: PositionedValue[], position: TermPosition, query: Query): Problem {
  const [value] = values;
  if (position.negated) return { message: `${key}: cannot be negated; use ${key === 'after' ? 'before' : 'after'}:` };
  if (value === undefined || values.length > 1) return { message: `${key}: takes one time` };
  if (query[key] !== undefined) return { message: `${key}: is given twice` };
  const bound = readTimeBound(value.text);
  if (bound === null) {
    const message = `"${value.text}" is not a time: use an age (30s, 15m, 2h, 7d, 1w), a date or an ISO time`;
    return { message, value };
  }
  query[key] = bound;
  return null;
}

function suggest(typed: string, words: readonly string[]): string {
  const word = nearestWord(typed, words);
  return word === null ? `One of: ${words.join(', ')}` : `Did you mean "${word}"?`;
}
