import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';

const { captureStackTrace } = Error;
const { includes } = String.prototype;
const { apply, defineProperty, getOwnPropertyDescriptor, ownKeys, set } = Reflect;
/** Set by the built-in `fetch` at its first use. */
const fetchDispatcher = Symbol.for('undici.globalDispatcher.1');

/** Node's own, for what is no part of the script. */
export const setOwnTimeout = timers.setTimeout;

/** Those that have fired or were cleared are dropped when there are more than this: a script may make millions. */
const firstPrune = 1000;

/** The elements of a list, read past its iterator. */
export function copyByIndex(list: readonly unknown[]): unknown[] {
  const found: unknown[] = [];
  for (let index = 0; index < list.length; index += 1) found[index] = list[index];
  return found;
}

/**
 * Notices timers that are still set. Node tells those alone that keep the process alive; one that does not, as `unref`
 * makes it, would go on into the next run all the same.
 */
export function watchTimers(): { begin(): void; count(): number } {
  let made: NodeJS.Timeout[] = [];
  let pruneAt = firstPrune;

  const prune = (): void => {
    const left: NodeJS.Timeout[] = [];
    for (let index = 0; index < made.length; index += 1) {
      const timer = made[index];
      if (timer !== undefined && isSet(timer)) left[left.length] = timer;
    }
    made = left;
    pruneAt = Math.max(firstPrune, 2 * made.length);
  };

  for (const name of ['setTimeout', 'setInterval'] as const) {
    const original = timers[name];
    const noted = {
      // A method has no prototype of its own to copy one onto.
      make(this: unknown, ...args: unknown[]): NodeJS.Timeout {
        const timer: NodeJS.Timeout = apply(original, this, args);
        if (!isOfFetch()) made[made.length] = timer;
        if (made.length > pruneAt) prune();
        return timer;
      },
    }.make;
    for (const key of ownKeys(original)) {
      const described = getOwnPropertyDescriptor(original, key);
      if (described !== undefined) defineProperty(noted, key, described);
    }
    Object.assign(timers, { [name]: noted });
    Object.assign(globalThis, { [name]: noted });
  }
  syncBuiltinESMExports();

  return {
    begin() {
      made = [];
      pruneAt = firstPrune;
    },
    count() {
      prune();
      return made.length;
    },
  };
}

/**
 * Whether a timer is set by the built-in `fetch`, which keeps connections for some seconds. Its code calls the global
 * functions as a script does; only the place tells them apart.
 */
function isOfFetch(): boolean {
  if (getOwnPropertyDescriptor(globalThis, fetchDispatcher) === undefined) return false;
  const { stackTraceLimit, prepareStackTrace } = Error;
  const holder: { stack?: unknown } = {};
  // A script may print its errors as it likes.
  if (prepareStackTrace !== undefined) set(Error, 'prepareStackTrace', undefined);
  Error.stackTraceLimit = 3;
  captureStackTrace(holder);
  const { stack } = holder;
  Error.stackTraceLimit = stackTraceLimit;
  if (prepareStackTrace !== undefined) set(Error, 'prepareStackTrace', prepareStackTrace);
  return typeof stack === 'string' && apply(includes, stack, ['node:internal/deps/undici']);
}

/** Node's mark of a timer that has fired or was cleared. */
const isSet = (timer: object): boolean => getOwnPropertyDescriptor(timer, '_destroyed')?.value !== true;
