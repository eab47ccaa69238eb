import { AsyncLocalStorage } from 'node:async_hooks';
import type { WritableDb } from '../database/open.ts';

/** What is written along with the first transaction of an action. Both may run twice, like any work of the writer. */
export interface JoinedWork {
  /** Within the transaction, before the action's own work. */
  before(db: WritableDb): void;
  /** Within the transaction, after it; `value` is what the work returned. An error takes the work back as well. */
  after(db: WritableDb, value: unknown): void;
}

interface Scope {
  /** Null once a transaction has taken it. */
  waiting: JoinedWork | null;
}

const scopes = new AsyncLocalStorage<Scope>();
/** Scopes that are open. While there are none, a write costs one comparison, and Node 20 tracks no promises for them. */
let open = 0;

/**
 * Runs `action`, and joins `joined` to the first transaction that it requests; `isJoined` is false when it requested none.
 * The transaction is found by the asynchronous context, so that no function between a call and its transaction passes it on.
 */
export async function joinFirstWrite<T>(
  joined: JoinedWork,
  action: () => Promise<T>,
): Promise<{ value: T; isJoined: boolean }> {
  const scope: Scope = { waiting: joined };
  open += 1;
  try {
    const value = await scopes.run(scope, action);
    return { value, isJoined: scope.waiting === null };
  } finally {
    // What the action left running is no longer part of it.
    scope.waiting = null;
    open -= 1;
    if (open === 0) scopes.disable();
  }
}

/** Runs `begin` outside of the action that happens to call it: what it starts serves other actions as well. */
export const outsideActions = (begin: () => void): void => (open === 0 ? begin() : scopes.exit(begin));

/** The work with what joins it, null when nothing does. `failed`: it was not written, so that the next write may take it. */
export function joinedTo<Tx extends { db: WritableDb }, T>(
  work: (tx: Tx) => T,
): { work: (tx: Tx) => T; failed: () => void } | null {
  if (open === 0) return null;
  const scope = scopes.getStore();
  const joined = scope?.waiting ?? null;
  if (scope === undefined || joined === null) return null;
  scope.waiting = null;
  return {
    work(tx) {
      joined.before(tx.db);
      const value = work(tx);
      joined.after(tx.db, value);
      return value;
    },
    failed() {
      scope.waiting = joined;
    },
  };
}
