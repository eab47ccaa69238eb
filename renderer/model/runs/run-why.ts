import type { Json } from '../../../shared/contract/common.ts';
import type { Run } from '../../../shared/contract/runs.ts';
import { isJsonRecord } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';

const headingKeys = ['heading', 'title', 'message', 'summary', 'error', 'status', 'result'] as const;
const maxHeadingLength = 200;

const firstLine = (text: string): string => {
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

type Ending = Pick<Run, 'state' | 'reason' | 'exitCode' | 'signal'>;

/** What a reason means, in words. */
export function reasonText(run: Ending): string {
  if (run.state === 'completed') return 'Completed';
  switch (run.reason) {
    case 'exit':
      return run.exitCode === null ? 'Exited' : `Exited with code ${run.exitCode}`;
    case 'signal':
      return run.signal === null ? 'Ended by a signal' : `Ended by ${run.signal}`;
    case 'timeout':
      return 'Exceeded the job’s timeout';
    case 'limit':
      return 'Exceeded a limit';
    case 'spawn':
      return 'Could not be started';
    case 'interrupted':
      return 'Interrupted when Signalbox stopped';
    case 'canceled':
      return 'Canceled';
    case 'queue':
      return 'The job’s queue was full';
    case 'error':
      return 'The script threw an error';
    case 'outcome':
      return 'The job reported failure';
    case 'rejected':
      return 'Rejected by an operator';
    case 'expired':
      return 'Expired before it started';
    case 'unanswered':
      return 'Its question was not answered';
    case 'answer':
      return 'The destination refused the request';
    case 'connection':
      return 'The destination could not be reached';
    case null:
      return run.state === 'failed' ? 'Failed' : '';
  }
}

/** Why a run stands where it stands: what it waits for, its error, its outcome's heading, its reason in words. */
export function whyOf(
  run: Pick<Run, 'state' | 'reason' | 'exitCode' | 'signal' | 'error' | 'outcome'> & Partial<Pick<Run, 'question'>>,
): string {
  if (run.state === 'pending') return 'Waiting for approval';
  if (run.state === 'interaction_required') return firstLine(run.question?.message ?? 'Waiting for an answer');
  if (run.error !== null && run.error.trim() !== '') return firstLine(run.error);
  const heading = outcomeHeading(run.outcome);
  if (heading !== null && (run.state === 'completed' || run.reason === 'outcome')) return heading;
  return reasonText(run);
}

const volatile: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '‹id›'],
  [/\b(?:[a-z]{2,5}_)?[0-9A-HJKMNP-TV-Z]{26}\b/g, '‹id›'],
  [/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?/g, '‹time›'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '‹address›'],
  [/\b0x[0-9a-f]+\b/gi, '‹hex›'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, '‹hex›'],
  [/\d+(?:[.,]\d+)*/g, '‹n›'],
];

/** The same failure twice reads the same: ids, times, addresses and numbers are taken out, blanks made one. */
export function normaliseError(text: string): string {
  let plain = text;
  for (const [pattern, name] of volatile) plain = plain.replace(pattern, name);
  return plain.replace(/\s+/g, ' ').trim();
}
