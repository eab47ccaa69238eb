/** An object as it was found, and what it had. */
export interface Seen {
  object: object;
  path: string;
  prototype: object | null;
  keys: (string | symbol)[];
  /** Of a data property its value, of an accessor its getter. */
  values: unknown[];
  isAccessor: boolean[];
}

// Kept as they were before a script was loaded.
const { getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
const { is } = Object;

/** Of one compiled function. V8 makes functions fast one by one, and large ones never. */
const propertiesEach = 64;

/**
 * Says whether everything is as it was found, in a tenth of the time that looking at each property by its name takes: in
 * code of its own each property has a place where V8 remembers where to find it. Compiling that takes a few ms.
 *
 * `mayCome`: names of globals that Node itself adds later on.
 */
export function compileQuickLook(all: readonly Seen[], mayCome: (key: PropertyKey) => boolean): () => boolean {
  const reads: (() => boolean)[] = [];
  for (const { object, keys, values, isAccessor } of all) {
    const indexes = [...keys.keys()].filter(
      (at) => typeof keys[at] === 'string' && isAccessor[at] === false && !Number.isNaN(values[at]),
    );
    for (let from = 0; from < indexes.length; from += propertiesEach) {
      const part = indexes.slice(from, from + propertiesEach);
      const names = part.map((at) => String(keys[at]));
      reads.push(
        compileReads(
          object,
          names,
          part.map((at) => values[at]),
        ),
      );
    }
  }
  return () => {
    for (let index = 0; index < all.length; index += 1) {
      const seen = all[index];
      if (seen === undefined || !hasSameKeys(seen, mayCome)) return false;
    }
    for (let index = 0; index < reads.length; index += 1) if (reads[index]?.() !== true) return false;
    return true;
  };
}

function hasSameKeys(seen: Seen, mayCome: (key: PropertyKey) => boolean): boolean {
  const { object, keys, values, isAccessor } = seen;
  if (getPrototypeOf(object) !== seen.prototype) return false;
  const now = ownKeys(object);
  let at = 0;
  for (let index = 0; index < now.length; index += 1) {
    const key = now[index] ?? '';
    if (key !== keys[at]) {
      if (object !== globalThis || !mayCome(key)) return false;
      continue;
    }
    // A property read by the code below cannot tell a getter from its value.
    if ((isAccessor[at] || typeof key === 'symbol') && !isUnchanged(object, key, values[at])) return false;
    at += 1;
  }
  return at === keys.length;
}

function isUnchanged(object: object, key: PropertyKey, value: unknown): boolean {
  const now = getOwnPropertyDescriptor(object, key);
  return now !== undefined && is(now.get ?? now.value, value);
}

/** The names are Node's own, and come into the code as texts. */
function compileReads(object: object, names: readonly string[], values: readonly unknown[]): () => boolean {
  const parameters = names.map((_, index) => `v${index}`);
  const compared = names.map((name, index) => `o[${JSON.stringify(name)}]===v${index}`);
  const code = `'use strict';return()=>${compared.join('&&')}`;
  const make: unknown = Reflect.construct(Function, ['o', ...parameters, code]);
  const made: unknown = typeof make === 'function' ? make(object, ...values) : null;
  if (typeof made !== 'function') return () => false;
  return () => made() === true;
}
