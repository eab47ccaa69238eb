import { isDeepStrictEqual } from 'node:util';
import { callPermissions } from '../../../shared/contract/access/call-permissions.ts';
import { appCaller } from '../../../shared/contract/access/caller.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { type CallName, type Handler, type Handlers, isCallName, type Output } from '../../../shared/contract/index.ts';
import { accountNameKey } from '../../../shared/contract/operators.ts';
import type { Audit } from '../../accounts/audit.ts';

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Calls that need more than `read` but change nothing. */
const lookups: ReadonlySet<CallName> = new Set<CallName>([
  'config.diff',
  'operators.list',
  'operators.sessions',
  'account.sessions',
  'account.tokens',
  'audit.list',
]);

/** Input fields that identify the target, the best first. */
const targetKeys = ['slug', 'name', 'id', 'ids', 'file', 'deliveryId', 'type', 'query'] as const;

function targetOf(input: unknown): string | null {
  if (!isFields(input)) return null;
  for (const key of targetKeys) {
    const value = input[key];
    if (typeof value === 'string') return value;
    if (Array.isArray(value)) return value.join(' ');
  }
  return null;
}

/** Fields that change without an operator's action, or follow from others. */
const derived = new Set([
  'updatedAt',
  'counts',
  'lastRunAt',
  'lastMatchedAt',
  'lastDeliveryAt',
  'lastRefusal',
  'lastSeenAt',
  'problem',
  'url',
]);

const plain = (value: unknown): Fields | null =>
  isFields(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !derived.has(key))) : null;

/** The top-level fields that differ, on both sides. */
export function differing(before: unknown, after: unknown): { before: Fields | null; after: Fields | null } {
  const [from, to] = [plain(before), plain(after)];
  if (from === null || to === null) return { before: from, after: to };
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const changed = keys.filter((key) => !isDeepStrictEqual(from[key], to[key]));
  const pick = (of: Fields): Fields => Object.fromEntries(changed.map((key) => [key, of[key] ?? null]));
  return { before: pick(from), after: pick(to) };
}

/** Reads the definition that a call changes; null when there is none to compare. Never secrets' values: no call reads them. */
function snapshot(handlers: Handlers, name: CallName, input: unknown): unknown {
  const [noun] = name.split('.');
  if (noun === 'settings') return handlers['settings.get']({}, appCaller);
  if (!isFields(input)) return null;
  const { slug } = input;
  if (typeof slug === 'string' && name !== 'sources.sendTest' && name !== 'jobs.testRun') {
    if (noun === 'sources') return handlers['sources.get']({ slug }, appCaller);
    if (noun === 'jobs') return handlers['jobs.get']({ slug }, appCaller);
    if (noun === 'listeners') return handlers['listeners.get']({ slug }, appCaller);
  }
  return null;
}

async function read(handlers: Handlers, name: CallName, input: unknown): Promise<unknown> {
  if (name.startsWith('operators.') && isFields(input) && typeof input.name === 'string') {
    const wanted = accountNameKey(input.name);
    const { items } = await handlers['operators.list']({}, appCaller);
    return items.find((one) => accountNameKey(one.name) === wanted) ?? null;
  }
  try {
    return await snapshot(handlers, name, input);
  } catch (error) {
    // It does not exist, before a create or after a remove.
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** Details worth recording beside the target: never values of secrets, answers or payloads. */
function noteOf(name: CallName, input: unknown, output: unknown): unknown {
  if (name === 'config.apply' && isFields(output)) return { changes: output.changes };
  if (name === 'app.setReceiverAddress') return input;
  if (name === 'account.createToken' && isFields(input)) {
    return { role: input.role, mayApprove: input.mayApprove ?? false, days: input.days };
  }
  if (name === 'events.replay' && isFields(input)) {
    const { payload, listeners } = input;
    if (payload === undefined && listeners === undefined) return null;
    return {
      ...(payload === undefined ? {} : { payload: 'edited' }),
      ...(listeners === undefined ? {} : { listeners }),
    };
  }
  if (name === 'failures.snooze' && isFields(input)) {
    const { ids: _ids, ...end } = input;
    return end;
  }
  if (name === 'failures.assign' && isFields(input)) return { assignee: input.assignee };
  if (isFields(input) && typeof input.note === 'string') return { note: input.note };
  return null;
}

function audited<N extends CallName>(handlers: Handlers, audit: Audit, name: N): Handler<N> {
  return async (input, caller) => {
    if (caller.via === 'app') return handlers[name](input, caller);
    const target = targetOf(input);
    const before = await read(handlers, name, input);
    let output: Output<N>;
    try {
      output = await handlers[name](input, caller);
    } catch (error) {
      const message = error instanceof AppError ? error.message : 'an unexpected error';
      await audit.record({ caller, call: name, target, outcome: 'failed', error: message });
      throw error;
    }
    const after = await read(handlers, name, input);
    const isCompared = before !== null || after !== null;
    const compared = isCompared ? differing(before, after) : { before: null, after: noteOf(name, input, output) };
    await audit.record({ caller, call: name, target, outcome: 'done', ...compared });
    return output;
  };
}

/**
 * Records every call that changes something once it is done or has failed, before the response is sent; calls by Signalbox
 * itself are not recorded. Done here rather than in the transports, so that none can miss it.
 */
export function auditHandlers(handlers: Handlers, audit: Audit): Handlers {
  const noted: Handlers = { ...handlers };
  const note = <N extends CallName>(name: N): void => {
    Object.assign(noted, { [name]: audited(handlers, audit, name) });
  };
  for (const name of Object.keys(handlers).filter(isCallName)) {
    if (callPermissions[name] !== 'read' && !lookups.has(name)) note(name);
  }
  return noted;
}
