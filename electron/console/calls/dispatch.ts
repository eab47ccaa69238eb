import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { callPermissions } from '../../../shared/contract/access/call-permissions.ts';
import { assertMay, lackOf } from '../../../shared/contract/access/caller.ts';
import { AppError, type WireError } from '../../../shared/contract/errors.ts';
import { describeIssue, issueDetails, printDetails } from '../../../shared/contract/explain-issues.ts';
import {
  type Caller,
  type CallName,
  contract,
  type Handlers,
  type Input,
  isCallName,
  type Output,
} from '../../../shared/contract/index.ts';
import { maxJsonDepth } from '../../../shared/contract/json-value.ts';
import type { Reply } from '../../../shared/contract/reply.ts';
import { safeParseEased } from '../../../shared/exact-json/ease-numbers.ts';
import { describeStorageFault } from '../../store/database/storage-errors.ts';

export interface DispatchDeps {
  /** For tests: also holds what handlers return against the contract. Off in use: a page of 500 events costs several ms. */
  checkOutput?: boolean;
  /** The caller may not make this call. */
  onRefused?(caller: Caller, name: CallName, message: string): void;
}

/** The contract once more, with input and output tied to the call's name, so that a generic call keeps its types. */
const schemas: { [N in CallName]: { input: z.ZodType<Input<N>>; output: z.ZodType<Output<N>> } } = contract;

/**
 * An object that is met again is walked again, as whatever writes it as JSON would. JSON itself has no such object, but
 * the window's calls arrive as structured clones, in which 40 levels of `[x, x, x]` are 3^40 objects.
 */
const maxRepeats = 10_000;

/** Mistakes that are told with their place: an input of a million unknown names would else come back twentyfold. */
const maxDetails = 100;

const plainJson = 'send plain JSON.';

/** The objects directly inside; null where there are holes (`new Array(2 ** 32)`) or bytes instead of values. */
function childrenOf(value: object): object[] | null {
  if (ArrayBuffer.isView(value)) return null;
  const values: unknown[] = Object.values(value);
  if (Array.isArray(value) && values.length !== value.length) return null;
  return values.filter((child) => typeof child === 'object' && child !== null);
}

/** Why the input cannot be taken; null when it can. Level by level, because deep input would overflow a recursion. */
function shapeProblem(input: unknown): string | null {
  const met = new WeakSet<object>();
  let repeats = 0;
  let level: object[] = typeof input === 'object' && input !== null ? [input] : [];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxJsonDepth) return `the input is nested more than ${maxJsonDepth} levels deep; flatten it.`;
    const next: object[] = [];
    for (const value of level) {
      if (met.has(value)) repeats += 1;
      if (repeats > maxRepeats) return `the input refers to itself, or to one object too often; ${plainJson}`;
      met.add(value);
      const children = childrenOf(value);
      if (children === null) return `the input holds bytes or an array with holes; ${plainJson}`;
      for (const child of children) next.push(child);
    }
    level = next;
  }
  return null;
}

async function run<N extends CallName>(
  handlers: Handlers,
  name: N,
  raw: unknown,
  caller: Caller,
  { checkOutput = false, onRefused }: DispatchDeps,
): Promise<Output<N>> {
  const lack = lackOf(caller, callPermissions[name]);
  if (lack !== null) onRefused?.(caller, name, lack);
  assertMay(caller, callPermissions[name], name);
  const input = raw === undefined ? {} : raw;
  const problem = shapeProblem(input);
  if (problem !== null) throw new AppError('invalid_input', `${name}: ${problem}`);
  const parsed = safeParseEased(schemas[name].input, input, { error: describeIssue });
  if (!parsed.success) {
    const details = issueDetails(parsed.error.issues);
    throw new AppError('invalid_input', printDetails(name, details), details.slice(0, maxDetails));
  }
  const value = await handlers[name](parsed.data, caller);
  if (!checkOutput) return value;
  const checked = schemas[name].output.safeParse(value, { error: describeIssue });
  if (checked.success) return checked.data;
  throw new TypeError(`wrong output: ${printDetails(name, issueDetails(checked.error.issues))}`);
}

const wireError = (error: AppError): WireError => ({
  code: error.code,
  message: error.message,
  ...(error.details === undefined ? {} : { details: error.details }),
});

/**
 * Takes one call from any transport: checks the name, the caller and the input, asks the handler, and turns whatever happens into a
 * reply. Never rejects. What was thrown as AppError, and errors of the disk, are told to the caller; the rest is logged
 * under a reference.
 */
export async function dispatch(
  handlers: Handlers,
  name: string,
  raw: unknown,
  caller: Caller,
  log: Logger,
  options: DispatchDeps = {},
): Promise<Reply> {
  try {
    if (!isCallName(name)) {
      throw new AppError(
        'unknown_call',
        `There is no call named "${name.slice(0, 80)}"; /api/openapi.json lists them all.`,
      );
    }
    return { ok: true, value: await run(handlers, name, raw, caller, options) };
  } catch (error) {
    if (error instanceof AppError) return { ok: false, error: wireError(error) };
    const sentence = describeStorageFault(error);
    if (sentence !== null) {
      log.error({ err: error, call: name.slice(0, 80) }, 'a call failed on the disk');
      return { ok: false, error: { code: 'unavailable', message: sentence } };
    }
    return { ok: false, error: internalError(error, log, { call: name.slice(0, 80), transport: caller.transport }) };
  }
}

/** Logs unexpected errors with their stack, and gives what may be said about it outside. */
export function internalError(error: unknown, log: Logger, about: Record<string, unknown>): WireError {
  const reference = randomBytes(6).toString('hex');
  log.error({ ...about, reference, err: error }, 'a call failed unexpectedly');
  return { code: 'internal', message: `Something went wrong inside Signalbox; see the log, reference ${reference}.` };
}
