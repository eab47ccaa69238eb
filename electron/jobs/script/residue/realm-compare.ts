import type { Seen } from './realm-quick-look.ts';

// Kept as they were before a script was loaded.
const { apply, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
const { is } = Object;
const { has: setHas } = Set.prototype;

/** Globals that Node itself adds when it loads `fetch`. */
export const fetchGlobals = new Set<PropertyKey>([
  ...[
    'CloseEvent',
    'EventSource',
    'FormData',
    'Headers',
    'MessageEvent',
    'Request',
    'Response',
    'WebSocket',
    'ErrorEvent',
  ],
  ...[1, 2, 3].map((version) => Symbol.for(`undici.globalDispatcher.${version}`)),
]);

/** For people; null: all is as it was found. */
export function firstChange(list: readonly Seen[]): string | null {
  for (let index = 0; index < list.length; index += 1) {
    const seen = list[index];
    const change = seen === undefined ? null : (keyChange(seen) ?? valueChange(seen));
    if (change !== null) return change;
  }
  return null;
}

/** What a quick look does not see. */
export function hiddenKey(list: readonly Seen[]): string | null {
  for (let index = 0; index < list.length; index += 1) {
    const seen = list[index];
    const change = seen?.isPrototype === false ? keyChange(seen) : null;
    if (change !== null) return change;
  }
  return null;
}

function keyChange({ object, path, keys, prototype }: Seen): string | null {
  const keysNow = ownKeys(object);
  let at = 0;
  for (let index = 0; index < keysNow.length; index += 1) {
    const key = keysNow[index] ?? '';
    if (key === keys[at]) at += 1;
    else if (object !== globalThis || !isFetchGlobal(key)) {
      return nameOf(path, keys.length > keysNow.length ? (keys[at] ?? '') : key);
    }
  }
  if (at < keys.length) return nameOf(path, keys[at] ?? '');
  return getPrototypeOf(object) === prototype ? null : `the prototype of ${path}`;
}

function valueChange({ object, path, keys, values, isAccessor }: Seen): string | null {
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] ?? '';
    const found = getOwnPropertyDescriptor(object, key);
    if (found === undefined) return nameOf(path, key);
    const isGetter = found.get !== undefined || found.set !== undefined;
    if (isGetter === isAccessor[at] && is(isGetter ? found.get : found.value, values[at])) continue;
    if (isGetter || !isAccessor[at] || !isLazyValue(object, values[at], found.value)) return nameOf(path, key);
    values[at] = found.value;
    isAccessor[at] = false;
  }
  return null;
}

/** A global that makes itself at its first use: the getter it had before still gives the genuine value. */
const isLazyValue = (object: object, getter: unknown, value: unknown): boolean =>
  typeof getter === 'function' && is(apply(getter, object, []), value);

/** Asked with what was captured: the set's own methods may have been replaced. */
export const isFetchGlobal = (key: PropertyKey): boolean => apply(setHas, fetchGlobals, [key]) === true;

export const nameOf = (path: string, key: PropertyKey): string =>
  typeof key === 'symbol' ? `${path}[${key.toString()}]` : `${path}.${String(key)}`;
