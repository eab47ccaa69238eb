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
import { fetchGlobals, firstChange, hiddenKey, isFetchGlobal, nameOf } from './realm-compare.ts';
import { compileQuickLook, type Seen } from './realm-quick-look.ts';

const { getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
const { isFrozen, prototype: objectPrototype } = Object;
const { isArray } = Array;
const now = performance.now.bind(performance);
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
/** Compiled again when Node itself has changed something, such as a global that makes itself at its first use. */
const maxCompiled = 8;

/** Modules whose functions and classes others commonly replace; looked at so far as they are loaded. */
const watchedModules = new Set([
  ...['buffer', 'child_process', 'crypto', 'dns', 'dns/promises', 'events', 'fs', 'fs/promises', 'http', 'https'],
  ...['module', 'net', 'os', 'path', 'stream', 'stream/promises', 'timers', 'timers/promises', 'tls', 'url', 'util'],
  ...['worker_threads', 'zlib'],
]);

/** What Node loads at the first use of `fetch` or of its globals: a fifth of a start, so looking at them must not do it. */
const fetchModule = 'internal/deps/undici/undici';

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
  #compiled = 0;

  /** Takes what is there as it is now: what modules did while they were loaded is part of the job. */
  begin(): void {
    this.#common = [];
    this.#rest = [];
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

  /** Whether what `begin` took is how everything is now. */
  isCurrent(): boolean {
    if (this.#common.length === 0 || this.loadedSince().length > 0) return false;
    return firstChange(this.#common) === null && firstChange(this.#rest) === null;
  }

  /** Parts of Node that were loaded since: how they were before a run could change them is not known. */
  loadedSince(): string[] {
    if (loadedLines.length === this.#loadCount) return [];
    const names = [...loadedModules()].filter((name) => !this.#modules.has(name));
    if (!this.#hasFetch && hasFetch()) names.push('fetch');
    // Most of what Node loads late is its own, and is no part of this.
    if (names.length === 0) this.#loadCount = loadedLines.length;
    return names;
  }

  /** What is not as it was, for people; null: nothing. */
  change(): string | null {
    const change = this.#commonChange();
    const nowMs = now();
    if (change !== null || nowMs - this.#restSeenMs < restEveryMs) return change;
    this.#restSeenMs = nowMs;
    return hiddenKey(this.#common) ?? firstChange(this.#rest);
  }

  #commonChange(): string | null {
    if (this.#isAsBefore?.() === true) return null;
    const change = firstChange(this.#common);
    this.#looks += 1;
    if (change === null && this.#looks >= quickAfter && this.#compiled < maxCompiled) {
      this.#compiled += 1;
      this.#isAsBefore = compileQuickLook(this.#common, isFetchGlobal);
    }
    return change;
  }

  #look(value: unknown, found: string, isPrototype = false): void {
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
      enumerable: keys.filter((key, at) => typeof key === 'string' && properties[at]?.enumerable === true).map(String),
      isPrototype: isPrototype || ownValue(value, 'constructor') !== undefined,
    });
    this.#look(getPrototypeOf(value), `prototype of ${path}`, true);
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
