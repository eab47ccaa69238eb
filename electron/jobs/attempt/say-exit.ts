import type { AttemptResult } from './attempt.ts';

const maxQuoteLength = 300;

/** What an exit code or a signal means for the run; the last line on stderr mostly says the rest. */
export function sayExit(
  code: number | null,
  signal: string | null,
  lastErrorLine: string,
): Pick<AttemptResult, 'state' | 'reason' | 'error'> {
  if (code === 0) return { state: 'completed', reason: 'exit', error: null };
  const quote = lastErrorLine === '' ? '' : `: ${lastErrorLine.slice(0, maxQuoteLength)}`;
  return code === null
    ? { state: 'failed', reason: 'signal', error: `ended by ${signal ?? 'a signal'}${quote}` }
    : { state: 'failed', reason: 'exit', error: `exit code ${code}${quote}` };
}
