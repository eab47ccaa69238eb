/**
 * The query language of the live view, the lists and the search. Terms are separated by spaces and ANDed; a comma list in
 * one term is an OR; a leading `-` negates one term. The same key given twice narrows: `type:job:* type:**:failed`.
 */

/** `type:`, `source:`, … with one or more values, of which one must hold; negated: none of them. */
export interface ListTerm {
  values: string[];
  negated: boolean;
}

/** A bare `1`, `true` or `null` stands for the JSON value and for the text; a quoted one for the text only. */
export interface QueryValue {
  text: string;
  quoted: boolean;
}

/**
 * - `eq`, `contains`: any of the values. `ne`: none of them. An unquoted value of `eq` and `ne` with a `*` is a pattern.
 * - `gt gte lt lte`: one number or ISO time. `between`: two, both included. `exists`: no value.
 */
export type FieldOp = 'eq' | 'ne' | 'contains' | 'gt' | 'gte' | 'lt' | 'lte' | 'between' | 'exists';

export interface FieldTerm {
  /** Under `context`, `payload` or `headers`. */
  path: string;
  op: FieldOp;
  values: QueryValue[];
  negated: boolean;
}

/** An instant, or an age counted back from now. `text` is as typed. */
export type TimeBound = { kind: 'at'; text: string; atMs: number } | { kind: 'age'; text: string; ageMs: number };

/** Words in sequence, without regard to case and accents; with `prefix` the last word may go on. */
export interface TextTerm {
  phrase: string;
  prefix: boolean;
  negated: boolean;
}

export const QUERY_FLAGS = [
  'ignored',
  'replay',
  'duplicate',
  'refused',
  'accepted',
  'internal',
  'failed',
  'completed',
  'canceled',
  'running',
  'queued',
  'scheduled',
  'pending',
  'interaction-required',
  'unacknowledged',
  'acknowledged',
  'unresolved',
  'chain-stopped',
] as const;

export type QueryFlag = (typeof QUERY_FLAGS)[number];

export const RUN_STATES_IN_QUERIES = [
  'pending',
  'scheduled',
  'queued',
  'running',
  'interaction_required',
  'completed',
  'failed',
  'canceled',
] as const;

/** The keys before a colon, apart from field paths. */
export const QUERY_KEYS = [
  'type',
  'source',
  'system',
  'listener',
  'job',
  'state',
  'failure',
  'id',
  'is',
  'after',
  'before',
] as const;

export type QueryKey = (typeof QUERY_KEYS)[number];

export const QUERY_FIELD_ROOTS = ['context', 'payload', 'headers'] as const;

export interface FlagTerm {
  flag: QueryFlag;
  negated: boolean;
}

/**
 * `listeners`, `jobs`, `states` and `failures` speak of runs: all positive ones must hold for one and the same run, a negated one
 * says that no run of the event has any of its values. `ids` compare with the event's id and the sender's.
 */
export interface Query {
  types: ListTerm[];
  sources: ListTerm[];
  systems: ListTerm[];
  listeners: ListTerm[];
  jobs: ListTerm[];
  states: ListTerm[];
  /** Ids of failures; only the store knows which runs are of one. */
  failures: ListTerm[];
  ids: ListTerm[];
  fields: FieldTerm[];
  is: FlagTerm[];
  /** Received at or after. */
  after?: TimeBound;
  /** Received before, itself excluded. */
  before?: TimeBound;
  text: TextTerm[];
}

export function emptyQuery(): Query {
  return {
    types: [],
    sources: [],
    systems: [],
    listeners: [],
    jobs: [],
    states: [],
    failures: [],
    ids: [],
    fields: [],
    is: [],
    text: [],
  };
}

/** Bounds on a query, for the same reason as those on conditions. */
export const QUERY_LIMITS = { textLength: 4_000, terms: 100, listLength: 100 } as const;

/** Epoch milliseconds of a bound. */
export function resolveTimeBound(bound: TimeBound, nowMs: number): number {
  return bound.kind === 'at' ? bound.atMs : nowMs - bound.ageMs;
}
