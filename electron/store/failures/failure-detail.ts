import type { Json } from '../../../shared/contract/common.ts';
import type { FailureDetail } from '../../../shared/contract/failures.ts';
import { isJsonRecord, parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import type { ReadableDb } from '../database/open.ts';
import { countFailureRuns, failureContexts } from '../runs/run-failures.ts';
import { definitionChanges } from './definition-changes.ts';
import { readFailureEntries } from './failure-entries.ts';
import { findFailure, toFailure } from './failure-rows.ts';

/** Runs whose contexts are looked at, latest first. */
const contextRuns = 500;
const mostPaths = 12;
const mostValues = 8;
const valueChars = 120;
const mostDepth = 4;

/** Null: there is no such failure. */
export function readFailureDetail(db: ReadableDb, { id }: { id: string }): FailureDetail | null {
  const row = findFailure(db, id);
  if (row === null) return null;
  return {
    ...toFailure(row),
    ...countFailureRuns(db, row.seq),
    entries: readFailureEntries(db, row.seq),
    contexts: countValues(failureContexts(db, row.seq, contextRuns)),
    changes: definitionChanges(db, row),
  };
}

/** How often each value stands at each path; paths with the fewest values first, as they say most about what is affected. */
function countValues(contexts: readonly string[]): FailureDetail['contexts'] {
  const paths = new Map<string, Map<string, number>>();
  for (const text of contexts) {
    for (const [path, value] of leaves(readContext(text), 'context', 0)) {
      const values = paths.get(path) ?? new Map<string, number>();
      paths.set(path, values);
      values.set(value, (values.get(value) ?? 0) + 1);
    }
  }
  return [...paths]
    .map(([path, values]) => ({
      path,
      distinct: values.size,
      values: [...values]
        .map(([value, count]) => ({ value, count }))
        .sort((one, other) => other.count - one.count)
        .slice(0, mostValues),
    }))
    .sort((one, other) => one.distinct - other.distinct)
    .slice(0, mostPaths);
}

function readContext(text: string): Json {
  try {
    return parseExact(text);
  } catch {
    return null;
  }
}

function* leaves(value: Json, path: string, depth: number): Generator<[string, string]> {
  if (isJsonRecord(value)) {
    if (depth < mostDepth)
      for (const [key, part] of Object.entries(value)) yield* leaves(part, `${path}.${key}`, depth + 1);
    return;
  }
  if (value === null || depth === 0) return;
  const text = typeof value === 'string' ? value : stringifyExact(value);
  yield [path, text.length > valueChars ? `${text.slice(0, valueChars - 1)}…` : text];
}
