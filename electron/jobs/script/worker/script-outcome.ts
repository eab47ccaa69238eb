import { format } from 'node:util';
import { errorText } from '../../../../shared/error-text.ts';
import { maxOutcomeBytes, maxSentTextLength, printBytes } from '../../channel-limits.ts';
import { printScriptValue } from '../channel/script-numbers.ts';

/** How a script's function ended, as the worker tells it. */
export type Ended = { outcome: string | null; error: { kind: 'error' | 'outcome'; message: string } | null };

const badOutcome = (message: string): Ended => ({ outcome: null, error: { kind: 'outcome', message } });

export function printOutcome(value: unknown): Ended {
  if (value === undefined) return { outcome: 'null', error: null };
  let text: string | undefined;
  try {
    text = printScriptValue(value);
  } catch (error) {
    return badOutcome(`what the script returned is not JSON: ${errorText(error)}`);
  }
  if (text === undefined) return badOutcome(`what the script returned is not JSON: it is a ${typeof value}`);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxOutcomeBytes) {
    return badOutcome(
      `what the script returned is larger than ${printBytes(maxOutcomeBytes)} as JSON: it has ${printBytes(bytes)}`,
    );
  }
  return { outcome: text, error: null };
}

export function printThrown(error: unknown, writeError: (text: string) => void): Ended {
  const isError = error instanceof Error;
  writeError(`${isError ? (error.stack ?? error.message) : format('thrown: %o', error)}\n`);
  const message = isError ? error.message || error.name : format('%o', error);
  return { outcome: null, error: { kind: 'error', message: `${message}`.slice(0, maxSentTextLength) } };
}
