import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Json } from '../../shared/contract/common.ts';
import { isExactNumber } from '../../shared/exact-json/exact-number.ts';
import { isJsonRecord, parseExact } from '../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';
import type { AttemptResult, Outcome } from './attempt.ts';
import type { SecretMasks } from './secret-masks.ts';

export const maxOutcomeBytes = 256 * 1024;
/** JSON.parse takes any depth, but whatever walks the value afterwards does not. */
const maxDepth = 64;

export type ReadOutcome = { outcome: Outcome | null; problem: string | null };

const none: ReadOutcome = { outcome: null, problem: null };
const unusable = (problem: string): ReadOutcome => ({ outcome: null, problem });

export function parseOutcome(text: string, masks: SecretMasks): ReadOutcome {
  // Most scripts return nothing.
  if (text === 'null') return none;
  let value: Json;
  try {
    value = parseExact(text);
  } catch (error) {
    return unusable(`is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (isDeeperThan(value, maxDepth)) return unusable(`is nested more than ${maxDepth} levels deep`);
  const masked = masks.applyToJson(value);
  return { outcome: { text: masked === value ? text : stringifyExact(masked), value: masked }, problem: null };
}

/** What a command has written to its outcome file. */
export function readOutcomeFile(file: string, masks: SecretMasks): ReadOutcome {
  let descriptor: number;
  try {
    // The job may have put anything there: a link is not followed, and a pipe must not block the app.
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return none;
    return unusable(`cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return unusable('is not a file');
    if (stats.size === 0) return none;
    if (stats.size > maxOutcomeBytes) return unusable(`has ${stats.size} bytes; the limit is ${maxOutcomeBytes}`);
    return parseOutcome(readFileSync(descriptor, 'utf8').trim(), masks);
  } finally {
    closeSync(descriptor);
  }
}

/** A job may end well and still say in its outcome that it failed: `{"status": "failed", "message": "…"}`. */
export function judgeOutcome(result: AttemptResult): AttemptResult {
  const value = result.outcome?.value;
  if (result.state !== 'completed' || !isJsonRecord(value)) return result;
  if (value.status !== 'failed') return result;
  const error =
    typeof value.message === 'string' && value.message !== '' ? value.message : 'the job said that it failed';
  return { ...result, state: 'failed', reason: 'outcome', error };
}

function isDeeperThan(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isExactNumber(value)) return false;
  if (depth === 0) return true;
  for (const child of Object.values(value)) if (isDeeperThan(child, depth - 1)) return true;
  return false;
}
