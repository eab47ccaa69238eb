import { type FieldPath, parseFieldPath, readField } from '../conditions/values/paths.ts';
import type { EventItem } from '../contract/events.ts';
import type { NamedColumn } from '../contract/views.ts';
import { stringifyExact } from '../exact-json/stringify-exact.ts';
import { isNamedColumn } from './columns.ts';
import { summarise } from './event-summary.ts';

/** Values of a path that are shown: a list of thousands is no cell. */
const maxValues = 20;
const paths = new Map<string, FieldPath | null>();

/** Read once: a list asks for the same few paths for every row. */
function pathOf(field: string): FieldPath | null {
  let path = paths.get(field);
  if (path === undefined) {
    if (paths.size > 500) paths.clear();
    const parsed = parseFieldPath(field);
    path = parsed.ok ? parsed.path : null;
    paths.set(field, path);
  }
  return path;
}

/** Values of an event at a column's path; none: it has no such field. */
export function valuesAt(event: EventItem, field: string): unknown[] {
  const path = pathOf(field);
  return path === null ? [] : readField(path, { ...event, headers: {} }, maxValues);
}

const named: Readonly<Record<NamedColumn, (event: EventItem) => string>> = {
  time: ({ receivedAt }) => receivedAt,
  source: ({ source }) => source,
  type: ({ type }) => type,
  about: (event) =>
    summarise(event)
      .map(({ key, value }) => `${key} ${value}`)
      .join(' '),
  runs: ({ runs, ignored }) =>
    runs.length === 0 && ignored ? 'ignored' : runs.map(({ job, state }) => `${job} ${state}`).join(', '),
  verified: ({ verification }) => verification.state,
  id: ({ id }) => id,
  system: ({ system }) => system,
  externalId: ({ externalId }) => externalId ?? '',
  occurred: ({ occurredAt }) => occurredAt ?? '',
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : stringifyExact(value));

/** What stands in a column: the digits and letters that were sent. Several values are parted by commas; none: empty. */
export const columnText = (event: EventItem, field: string): string =>
  isNamedColumn(field) ? named[field](event) : valuesAt(event, field).map(textOf).join(', ');
