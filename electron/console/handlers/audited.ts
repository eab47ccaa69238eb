import { callPermissions } from '../../../shared/contract/access/call-permissions.ts';
import { type CallName, type Handler, type Handlers, isCallName, type Output } from '../../../shared/contract/index.ts';
import type { Audit } from '../../accounts/audit.ts';
import { isFields } from '../../accounts/audit-difference.ts';
import type { ReadSubject } from './audited-subject.ts';

/** Calls that need more than `read` but change nothing. */
const lookups: ReadonlySet<CallName> = new Set<CallName>([
  'config.diff',
  'operators.list',
  'operators.sessions',
  'account.sessions',
  'account.passkeys',
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
  if (name === 'alarms.snooze' && isFields(input)) return { until: input.until };
  if (name === 'failures.assign' && isFields(input)) return { assignee: input.assignee };
  if (isFields(input) && typeof input.note === 'string') return { note: input.note };
  return null;
}

function audited<N extends CallName>(handlers: Handlers, { audit, readSubject }: AuditDeps, name: N): Handler<N> {
  return async (input, caller) => {
    if (caller.via === 'app') return handlers[name](input, caller);
    return await audit.around<Output<N>>(
      {
        caller,
        call: name,
        target: targetOf(input),
        read: () => readSubject(name, input),
        detail: (value) => noteOf(name, input, value),
      },
      async () => handlers[name](input, caller),
    );
  };
}

export interface AuditDeps {
  audit: Pick<Audit, 'around'>;
  readSubject: ReadSubject;
}

/**
 * Records every call that changes something, in the transaction that changes it; calls by Signalbox itself are not recorded.
 * Done here rather than in the transports, so that none can miss it.
 */
export function auditHandlers(handlers: Handlers, deps: AuditDeps): Handlers {
  const noted: Handlers = { ...handlers };
  const note = <N extends CallName>(name: N): void => {
    Object.assign(noted, { [name]: audited(handlers, deps, name) });
  };
  for (const name of Object.keys(handlers).filter(isCallName)) {
    if (callPermissions[name] !== 'read' && !lookups.has(name)) note(name);
  }
  return noted;
}
