import { isFieldKey } from './parse-query.ts';
import { QUERY_FLAGS, QUERY_KEYS, RUN_STATES_IN_QUERIES } from './query.ts';
import { isSpace, writeValue } from './value-text.ts';

export interface Known {
  types: string[];
  sources: string[];
  paths: string[];
  listeners: string[];
  jobs: string[];
}

export interface Completion {
  /** Replaces the text from `from` to `to`. */
  insert: string;
  label: string;
  detail: string;
  kind: 'key' | 'value' | 'flag' | 'path';
}

export interface Completions {
  from: number;
  to: number;
  items: Completion[];
}

const MAX_ITEMS = 20;

const KEY_DETAILS: Record<(typeof QUERY_KEYS)[number], string> = {
  type: 'event type or pattern, job:*',
  source: 'slug of the source',
  system: 'system of the source',
  listener: 'has a run of this listener',
  job: 'has a run of this job',
  state: 'has a run in this state',
  failure: 'id of a failure',
  id: 'the event or the sender’s id',
  is: 'failed, ignored, replay, …',
  after: 'received since: 2h, a date, a time',
  before: 'received earlier than',
};

const AGES: readonly (readonly [string, string])[] = [
  ['15m', 'fifteen minutes ago'],
  ['1h', 'one hour ago'],
  ['24h', 'a day ago'],
  ['7d', 'a week ago'],
];

const TESTS: readonly (readonly [string, string])[] = [
  ['*', 'the field is present'],
  ['null', 'is null'],
  ['>', 'more than a number or time'],
  ['<', 'less than a number or time'],
  ['!=', 'is not'],
  ['~', 'contains'],
];

/** What could stand at the cursor of a query bar, best first, at most 20. */
export function completions(text: string, cursor: number, known: Known): Completions {
  const at = Math.max(0, Math.min(cursor, text.length));
  const term = termBefore(text, at);
  if (term.isQuoted) return { from: at, to: at, items: [] };
  const start = text[term.start] === '-' ? term.start + 1 : term.start;
  const typed = text.slice(start, at);
  const colon = colonOutsideQuotes(typed);
  const key = colon === -1 ? '' : typed.slice(0, colon);
  if (colon !== -1 && (QUERY_KEYS.some((name) => name === key) || isFieldKey(key))) {
    const valueStart = start + colon + 1;
    const from = Math.max(valueStart, text.lastIndexOf(',', at - 1) + 1);
    return { from, to: endOfWord(text, at, true), items: valuesFor(key, text.slice(from, at), known) };
  }
  return { from: start, to: endOfWord(text, at, false), items: keysFor(typed, known) };
}

function termBefore(text: string, cursor: number): { start: number; isQuoted: boolean } {
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < cursor; at += 1) {
    if (isQuoted && text[at] === '\\') at += 1;
    else if (text[at] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && isSpace(text[at])) start = at + 1;
  }
  return { start, isQuoted };
}

function colonOutsideQuotes(typed: string): number {
  let isQuoted = false;
  for (let at = 0; at < typed.length; at += 1) {
    if (isQuoted && typed[at] === '\\') at += 1;
    else if (typed[at] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && typed[at] === ':') return at;
  }
  return -1;
}

function endOfWord(text: string, from: number, isValue: boolean): number {
  let end = from;
  while (end < text.length && !isSpace(text[end]) && !(isValue && text[end] === ',')) end += 1;
  return end;
}

function keysFor(typed: string, known: Known): Completion[] {
  const keys = QUERY_KEYS.map(
    (key): Completion => ({ insert: `${key}:`, label: `${key}:`, detail: KEY_DETAILS[key], kind: 'key' }),
  );
  const paths = known.paths.map(
    (path): Completion => ({ insert: `${path}:`, label: `${path}:`, detail: 'field', kind: 'path' }),
  );
  const types =
    typed === '' ? [] : known.types.map((type) => valueItem(type, 'event type', `type:${writeValue(type)}`));
  return ranked([...keys, ...paths, ...types], typed);
}

function valuesFor(key: string, typed: string, known: Known): Completion[] {
  switch (key) {
    case 'type':
      return ranked(
        [...known.types, ...familiesOf(known.types)].map((type) => valueItem(type, 'event type')),
        typed,
      );
    case 'source':
      return ranked(
        known.sources.map((source) => valueItem(source, 'source')),
        typed,
      );
    case 'listener':
      return ranked(
        known.listeners.map((listener) => valueItem(listener, 'listener')),
        typed,
      );
    case 'job':
      return ranked(
        known.jobs.map((job) => valueItem(job, 'job')),
        typed,
      );
    case 'state':
      return ranked(
        RUN_STATES_IN_QUERIES.map((state) => valueItem(state, 'run state')),
        typed,
      );
    case 'is':
      return ranked(
        QUERY_FLAGS.map((flag) => ({ insert: flag, label: flag, detail: 'flag', kind: 'flag' })),
        typed,
      );
    case 'after':
    case 'before':
      return ranked(
        AGES.map(([age, detail]) => valueItem(age, detail)),
        typed,
      );
    default:
      return isFieldKey(key)
        ? ranked(
            TESTS.map(([test, detail]) => valueItem(test, detail)),
            typed,
          )
        : [];
  }
}

function valueItem(value: string, detail: string, insert = writeValue(value)): Completion {
  return { insert, label: value, detail, kind: 'value' };
}

/** `job:*` for every first segment that several types share. */
function familiesOf(types: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const type of types) {
    const head = /^[^:./]+[:./]/.exec(type)?.[0];
    if (head !== undefined) counts.set(head, (counts.get(head) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([head]) => `${head}*`);
}

/** Those that start with what is typed, then those that hold it; a completed one is not offered again. */
function ranked(items: readonly Completion[], typed: string): Completion[] {
  const wanted = typed.toLowerCase();
  const starting = items.filter((item) => item.label.toLowerCase().startsWith(wanted) && item.insert !== typed);
  const holding = items.filter((item) => item.label.toLowerCase().indexOf(wanted) > 0);
  return [...starting, ...holding].slice(0, MAX_ITEMS);
}
