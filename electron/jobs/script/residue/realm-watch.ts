/**
 * Notices what a run has changed about the language and about Node itself: a polluted prototype, a new global, a replaced
 * function of a module. Everything it uses is captured before a script is loaded, and lists are walked by index: iterating
 * goes through prototypes that a script may have changed.
 *
 * Freezing all of this instead would cost a run nothing, but breaks what is allowed: assigning to a property that a frozen
 * prototype has (`MyError.prototype.name = …`) throws, and so do polyfills and mocks.
 */
import { createRequire } from 'node:module';
// Node replaces process.chdir when it loads this, as it does itself for many purposes.
import 'node:worker_threads';
import { compileQuickLook, type Seen } from './realm-quick-look.ts';

const { apply, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
const { is, isFrozen, prototype: objectPrototype } = Object;
const { isArray } = Array;
const now = performance.now.bind(performance);
const { has: setHas } = Set.prototype;
const { env } = process;
/** Of everything that is loaded, the builtins of Node among it, such as `NativeModule fs`. It grows. */
const loadedLines: readonly unknown[] = readLoadList();
// Not `require`: the build declares that.
const loadBuiltin = createRequire(import.meta.url);

/** What scripts and libraries change, by mistake, led by bad data or on purpose: looked at after each run. */
const common = new RegExp(
  `^(?:${[
    '(?:Object|Function|Array|String|Number|Boolean|Symbol|RegExp|Promise|Date|Map|Set|Error)(?:\\.prototype)?',
    'globalThis|process|JSON|Math|Reflect|console|Iterator\\.prototype',
    'node:(?:buffer|child_process|crypto|dns|events|fs|fs/promises|http|https|module|net|os|path|timers|url|util)',
    'node:events\\.prototype|node:http\\.(?:ClientRequest|Agent)\\.prototype|node:net\\.Socket\\.prototype',
    'node:module\\.(?:prototype|_extensions)',
  ].join('|')})$`,
);
/** How long the rest may go unseen in a job that runs without a pause. */
const restEveryMs = 250;

/** Looks after which compiling them pays. */
const quickAfter = 32;

/** Modules whose functions and classes others commonly replace; looked at so far as they are loaded. */
const watchedModules = new Set([
  ...['buffer', 'child_process', 'crypto', 'dns', 'dns/promises', 'events', 'fs', 'fs/promises', 'http', 'https'],
  ...['module', 'net', 'os', 'path', 'stream', 'stream/promises', 'timers', 'timers/promises', 'tls', 'url', 'util'],
  ...['worker_threads', 'zlib'],
]);

/** What Node loads at the first use of `fetch` or of these globals: a fifth of a start, so looking at them must not do it. */
const fetchModule = 'internal/deps/undici/undici';
const fetchGlobals = new Set<PropertyKey>([
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

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

const ownValue = (object: object, key: PropertyKey): unknown => getOwnPropertyDescriptor(object, key)?.value;

/** More than a function: it has a prototype with something on it, or properties of its own. */
function isClass(value: object): boolean {
  if (typeof value !== 'function') return false;
  const prototype = ownValue(value, 'prototype');
  return (isObject(prototype) && ownKeys(prototype).length > 1) || ownKeys(value).length > 3;
}

function isNamespace(value: object): boolean {
  if (typeof value === 'function' || isArray(value)) return false;
  const prototype = getPrototypeOf(value);
  return prototype === null || prototype === objectPrototype;
}

/** Loads what later runs need of Node itself, so that it is looked at from the beginning. */
export function loadBuiltins(names: readonly string[]): void {
  for (const name of names) {
    // Its first call loads it; an address that cannot be fetched is as good as any.
    if (name === 'fetch') void fetch('data:,').catch(() => undefined);
    else if (watchedModules.has(name)) loadBuiltin(`node:${name}`);
  }
}

export class RealmWatch {
  /** Of what is common, and of the rest. */
  #common: Seen[] = [];
  #rest: Seen[] = [];
  #restSeenMs = 0;
  #known = new Set<object>();
  #names = new Map<object, string>();
  #modules = new Set<string>();
  #loadCount = 0;
  #hasFetch = false;
  /** By the number of looks: a job that runs often is worth the code that makes them quick. */
  #looks = 0;
  #isAsBefore: (() => boolean) | null = null;

  /** Takes what is there as it is now: what modules did while they were loaded is part of the job. */
  begin(): void {
    this.#modules = loadedModules();
    const modules = [...this.#modules].map((name) => [`node:${name}`, loadBuiltin(`node:${name}`)] as const);
    this.#loadCount = loadedLines.length;
    this.#hasFetch = hasFetch();
    const { _cache: cache, _pathCache: pathCache } = loadBuiltin('node:module');
    // Caches change in the ordinary course of things; listeners and variables are watched by others.
    const known = [env, cache, pathCache, Reflect.get(globalThis, 'WebAssembly'), ownValue(process, '_events')];
    this.#known = new Set(known.filter(isObject));
    this.#names = namesOfBuiltins();
    this.#look(globalThis, 'globalThis');
    this.#look(process, 'process');
    this.#look(console, 'console');
    for (const [path, exports] of modules) this.#look(exports, path);
    for (const object of this.#names.keys()) this.#look(object, '');
    this.#known.clear();
    this.#names.clear();
  }

  /** Parts of Node that were loaded since: how they were before a run could change them is not known. */
  loadedSince(): string[] {
    if (loadedLines.length === this.#loadCount) return [];
    const names = [...loadedModules()].filter((name) => !this.#modules.has(name));
    if (!this.#hasFetch && hasFetch()) names.push('fetch');
    return names;
  }

  /** What is not as it was, for people; null: nothing. */
  change(): string | null {
    this.#looks += 1;
    if (this.#looks === quickAfter) this.#isAsBefore = compileQuickLook(this.#common, isFetchGlobal);
    const change = this.#isAsBefore?.() === true ? null : firstChange(this.#common);
    const nowMs = now();
    if (change !== null || nowMs - this.#restSeenMs < restEveryMs) return change;
    this.#restSeenMs = nowMs;
    return firstChange(this.#rest);
  }

  #look(value: unknown, found: string): void {
    if (!isObject(value) || this.#known.has(value)) return;
    this.#known.add(value);
    if (isFrozen(value)) return;
    const path = this.#names.get(value) ?? found;
    const isLater = value === globalThis && !this.#hasFetch;
    const keys = ownKeys(value).filter((key) => !isLater || !fetchGlobals.has(key));
    const properties = keys.map((key) => getOwnPropertyDescriptor(value, key));
    const list = common.test(path) ? this.#common : this.#rest;
    list.push({
      object: value,
      path,
      prototype: getPrototypeOf(value),
      keys,
      values: properties.map((one) => one?.get ?? one?.value),
      isAccessor: properties.map((one) => one?.get !== undefined || one?.set !== undefined),
    });
    this.#look(getPrototypeOf(value), `prototype of ${path}`);
    properties.forEach((one, at) => {
      const child: unknown = one?.value;
      const key = keys[at] ?? '';
      // Numbers by name, which nothing else looks at.
      if (key === 'constants' || key === 'STATUS_CODES') return;
      if (isObject(child) && (isClass(child) || isNamespace(child) || key === 'prototype')) {
        this.#look(child, nameOf(path, key));
      }
    });
  }
}

/** Names by which people know them, whatever leads there first. */
function namesOfBuiltins(): Map<object, string> {
  const names = new Map<object, string>();
  for (const key of ownKeys(globalThis)) {
    if (typeof key !== 'string' || key === 'global' || key === 'globalThis' || fetchGlobals.has(key)) continue;
    const value = ownValue(globalThis, key);
    if (!isObject(value) || !(isClass(value) || isNamespace(value))) continue;
    names.set(value, key);
    const prototype = ownValue(value, 'prototype');
    if (isObject(prototype)) names.set(prototype, `${key}.prototype`);
  }
  const iterators = [
    [].values(),
    new Map().values(),
    new Set().values(),
    ''[Symbol.iterator](),
    /x/g[Symbol.matchAll](''),
  ];
  for (const one of iterators) names.set(getPrototypeOf(one) ?? one, 'the prototype of iterators');
  const [first] = iterators;
  const shared = first === undefined ? null : getPrototypeOf(getPrototypeOf(first) ?? first);
  if (shared !== null) names.set(shared, 'Iterator.prototype');
  for (const one of [function* () {}, async function* () {}, async () => undefined]) {
    const prototype = getPrototypeOf(one);
    if (prototype !== null) names.set(prototype, 'the prototype of functions of their kind');
  }
  return names;
}

const hasFetch = (): boolean => loadedLines.some((line) => String(line).endsWith(fetchModule));

function readLoadList(): readonly unknown[] {
  const list: unknown = Reflect.get(process, 'moduleLoadList');
  return Array.isArray(list) ? list : [];
}

function loadedModules(): Set<string> {
  const names = loadedLines.map((line) => String(line).replace(/^NativeModule /, ''));
  return new Set(names.filter((name) => watchedModules.has(name)));
}

function firstChange(list: readonly Seen[]): string | null {
  for (let index = 0; index < list.length; index += 1) {
    const seen = list[index];
    const change = seen === undefined ? null : (keyChange(seen) ?? valueChange(seen));
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
const isFetchGlobal = (key: PropertyKey): boolean => apply(setHas, fetchGlobals, [key]) === true;

const nameOf = (path: string, key: PropertyKey): string =>
  typeof key === 'symbol' ? `${path}[${key.toString()}]` : `${path}.${String(key)}`;
