import type { Run } from '../contract/runs.ts';
import { messageOf } from './failure-message.ts';

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

export type EndedRun = Pick<Run, 'job' | 'listener' | 'state' | 'reason' | 'exitCode' | 'signal' | 'error' | 'outcome'>;

/**
 * Runs with the same key ended alike: same job, listener, exit reason and normalised message. The Inbox groups by it, and
 * the store keeps it for failures: changing it splits groups that exist.
 */
export function endKeyOf(run: EndedRun): string {
  const ending =
    run.state === 'completed' ? 'completed' : `${run.state}/${run.reason ?? ''}/${run.exitCode ?? run.signal ?? ''}`;
  return `${run.job}/${run.listener ?? ''}/${ending}/${normaliseError(messageOf(run) ?? '')}`;
}
