import type { Json } from '../contract/common.ts';
import type { Run } from '../contract/runs.ts';
import { isJsonRecord } from '../exact-json/parse-exact.ts';
import { stringifyExact } from '../exact-json/stringify-exact.ts';

const headingKeys = ['heading', 'title', 'message', 'summary', 'error', 'status', 'result'] as const;
const maxHeadingLength = 200;

/** The first line, cut where it is long. */
export const firstLine = (text: string): string => {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > maxHeadingLength ? `${line.slice(0, maxHeadingLength - 1)}…` : line;
};

const pair = (key: string, value: Json): string =>
  `${key}: ${typeof value === 'object' && value !== null ? stringifyExact(value) : String(value)}`;

/** One line for an outcome: its own heading when it has one, else its fields. Null without an outcome. */
export function outcomeHeading(outcome: Json): string | null {
  if (outcome === null) return null;
  if (typeof outcome === 'string') return firstLine(outcome);
  if (isJsonRecord(outcome)) {
    for (const key of headingKeys) {
      const value = Object.hasOwn(outcome, key) ? outcome[key] : undefined;
      if (typeof value === 'string' && value.trim() !== '') return firstLine(value);
    }
    const pairs = Object.entries(outcome).map(([key, value]) => pair(key, value));
    if (pairs.length > 0) return firstLine(pairs.join(' · '));
  }
  return firstLine(stringifyExact(outcome));
}

/** What a run itself said about its end: its error, or the heading of its outcome where that tells how it ended. */
export function messageOf(run: Pick<Run, 'state' | 'reason' | 'error' | 'outcome'>): string | null {
  if (run.error !== null && run.error.trim() !== '') return firstLine(run.error);
  return run.state === 'completed' || run.reason === 'outcome' ? outcomeHeading(run.outcome) : null;
}
