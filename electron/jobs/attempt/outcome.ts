import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { isJson, maxJsonDepth } from '../../../shared/contract/json-value.ts';
import { errorCode } from '../../../shared/error-code.ts';
import { errorText } from '../../../shared/error-text.ts';
import { isJsonRecord, parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { cutText, maxErrorLength, maxOutcomeBytes, printBytes } from '../channel-limits.ts';
import type { SecretMasks } from '../masks/secret-masks.ts';
import { looksUtf16, readByteOrderMark } from '../output/text-encoding.ts';
import type { JobsUser } from '../process/jobs-user.ts';
import type { AttemptResult, JobOutcome } from './attempt.ts';

export type ReadOutcome = { outcome: JobOutcome | null; problem: string | null };

const none: ReadOutcome = { outcome: null, problem: null };
const sayTooLarge = (bytes: number): string => `has ${printBytes(bytes)}; the limit is ${printBytes(maxOutcomeBytes)}`;
const unusable = (problem: string): ReadOutcome => ({ outcome: null, problem });

export function parseOutcome(text: string, masks: SecretMasks): ReadOutcome {
  // Most scripts return nothing.
  if (text === 'null') return none;
  const bytes = Buffer.byteLength(text);
  if (bytes > maxOutcomeBytes) return unusable(sayTooLarge(bytes));
  let value: unknown;
  try {
    value = parseExact(text);
  } catch (error) {
    return unusable(`is not JSON (${errorText(error)})`);
  }
  if (!isJson(value)) return unusable(`is nested more than ${maxJsonDepth} levels deep`);
  const masked = masks.applyToJson(value);
  return { outcome: { text: masked === value ? text : stringifyExact(masked), value: masked }, problem: null };
}

/** What a command has written to its outcome file. */
export function readOutcomeFile(file: string, masks: SecretMasks, user: JobsUser | null): ReadOutcome {
  let descriptor: number;
  try {
    // The job may have put anything there: a link is not followed, and a pipe must not block the app.
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return none;
    return unusable(`cannot be read (${errorText(error)})`);
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return unusable('is not a file');
    // A link to a file that the job itself may not read.
    if (user !== null && stats.uid !== user.uid) return unusable(`does not belong to the user ${user.name}`);
    if (stats.size === 0) return none;
    if (stats.size > maxOutcomeBytes) return unusable(sayTooLarge(stats.size));
    return parseOutcome(decodeOutcome(readFileSync(descriptor)).trim(), masks);
  } finally {
    closeSync(descriptor);
  }
}

/** PowerShell 5 writes UTF-16 with `>`, whatever is written. */
function decodeOutcome(bytes: Buffer): string {
  const mark = readByteOrderMark(bytes);
  const encoding = mark?.encoding ?? looksUtf16(bytes) ?? 'utf8';
  const text = bytes.subarray(mark?.length ?? 0, encoding === 'utf8' ? undefined : bytes.length & ~1);
  if (encoding === 'utf16be') return text.swap16().toString('utf16le');
  return text.toString(encoding === 'utf16le' ? 'utf16le' : 'utf8');
}

/** A job may end well and still say in its outcome that it failed: `{"status": "failed", "message": "…"}`. */
export function judgeOutcome(result: AttemptResult): AttemptResult {
  const value = result.outcome?.value;
  if (result.state !== 'completed' || !isJsonRecord(value)) return result;
  if (value.status !== 'failed') return result;
  const error =
    typeof value.message === 'string' && value.message !== '' ? value.message : 'the job reported a failure';
  return { ...result, state: 'failed', reason: 'outcome', error: cutText(error, maxErrorLength) };
}
