import { AppError } from '../../../shared/contract/errors.ts';
import type { Caller, Handlers } from '../../../shared/contract/index.ts';
import { createFailureOrders, type FailureOrderDeps } from '../../jobs/operator/failure-orders.ts';
import { readAccounts } from '../../store/accounts/accounts.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { defaultPageLimit } from '../../store/paging/page.ts';
import type { Reader } from '../../store/read/reader.ts';

export interface FailureHandlerDeps extends FailureOrderDeps {
  db: ReadableDb;
  reader: Reader;
  /** Name beside notes and acknowledgements. */
  nameOf(caller: Caller): string;
}

type FailureHandlers = Pick<Handlers, Extract<keyof Handlers, `failures.${string}`>>;

export function createFailureHandlers(deps: FailureHandlerDeps): FailureHandlers {
  const { db, reader, nameOf } = deps;
  const orders = createFailureOrders(deps);

  const assignees = (caller: Caller): string[] => {
    const names = readAccounts(db).flatMap(({ name, role, disabledAtMs }) =>
      disabledAtMs === null && role !== 'viewer' ? [name] : [],
    );
    return [...new Set([nameOf(caller), ...names])];
  };

  return {
    'failures.list': ({ limit = defaultPageLimit, ...input }) => reader.read('listFailures', { ...input, limit }),
    'failures.counts': () => reader.read('countFailures', {}),
    'failures.get': async ({ id }) => {
      const found = await reader.read('readFailureDetail', { id });
      if (found === null) throw new AppError('not_found', `There is no failure ${id}; it may have been removed.`);
      return found;
    },
    'failures.acknowledge': async ({ ids, note }, caller) => ({
      items: await orders.close({ ids, by: nameOf(caller), note: note || null }, 'acknowledged'),
    }),
    'failures.resolve': async ({ ids, note }, caller) => ({
      items: await orders.close({ ids, by: nameOf(caller), note: note || null }, 'resolved'),
    }),
    'failures.snooze': async ({ ids, note, until, more = null, onChange = false }, caller) => ({
      items: await orders.snooze(
        { ids, by: nameOf(caller), note: note || null },
        { untilMs: until === undefined ? null : Date.parse(until), more, onChange },
      ),
    }),
    'failures.reopen': async ({ ids }, caller) => ({ items: await orders.reopen({ ids, by: nameOf(caller) }) }),
    'failures.assign': async ({ ids, assignee }, caller) => {
      const names = assignees(caller);
      if (assignee !== null && !names.includes(assignee)) {
        throw new AppError('invalid_input', `There is no operator "${assignee}". Choose one of: ${names.join(', ')}.`);
      }
      return { items: await orders.assign({ ids, by: nameOf(caller) }, assignee) };
    },
    'failures.assignees': (_input, caller) => ({ items: assignees(caller) }),
    'failures.note': ({ id, text }, caller) => orders.note(id, nameOf(caller), text),
  };
}
