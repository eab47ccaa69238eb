import type { Automaton, AutomatonState } from '../patterns/segment-automaton.ts';
import { compileGlobAutomaton } from '../patterns/segment-glob.ts';
import { type ConditionInput, isObject, type JsonObject } from '../tree.ts';
import { CONSTANTS, FLATFILE_PLACE, LISTENER_KEYS, listenerValue, ownContext, restOf } from './flatfile-event.ts';
import { type Atlas, type Leaves, leavesOf, ODD_KEY, OUTER_NAMES, type Place } from './flatfile-leaves.ts';

type ValueTest = (value: unknown) => boolean;

export interface KeySearch {
  /** A test of events: whether the value of any key that fits passes the one given. */
  some(test: ValueTest): (event: ConditionInput) => boolean;
  /** All values of keys that fit; slower. */
  valuesIn(event: ConditionInput): unknown[];
}

/**
 * The vendor flattens the event to dotted keys (lists stay whole, an empty object is a value) and matches key patterns
 * against them. A pattern without `.` or `*` is that key at any depth. Here the values of an event are collected once
 * for all filters; an event that is not made for that is walked, and a branch left as soon as no key in it can fit.
 */
export function compileKeySearch(pattern: string): KeySearch {
  const glob = keyGlob(pattern);
  const automaton = compileGlobAutomaton(glob, '.');
  const valuesIn = (event: ConditionInput): unknown[] => {
    const values: unknown[] = [];
    for (const [key, value] of flatten(listenerEvent(event))) if (automaton.matches(key)) values.push(value);
    return values;
  };
  const plain = plainKey(glob);
  const walk = plain === null ? globWalk(glob) : plainWalk(plain);
  const constants = [...CONSTANTS].filter(([key]) => automaton.matches(key)).map(([, value]) => value);
  const someLeaf = plain === null ? someAtPlaces(automaton) : someNamed(plain);
  const needsOuter = plain === null || OUTER_NAMES.includes(plain);
  // The way to a single place is shorter than through all values.
  const isOnePlace = plain === null && !/[*?\\]/.test(glob);
  return {
    valuesIn,
    some(test) {
      if (constants.some(test)) return () => true;
      return (event) => {
        const leaves = isOnePlace ? null : leavesOf(event, needsOuter);
        if (leaves !== null) return someLeaf(leaves, test);
        const search: Search = { test, isFound: false, hasOddKey: false };
        walk(event, search);
        // Such keys can make two places of the event one key, of which only the later counts.
        return search.hasOddKey ? valuesIn(event).some(test) : search.isFound;
      };
    },
  };
}

type LeafSearch = (leaves: Leaves, test: ValueTest) => boolean;

const someNamed =
  (name: string): LeafSearch =>
  ({ places, values }, test) => {
    for (let at = 0; at < values.length; at += 1) if (places[at]?.name === name && test(values[at])) return true;
    return false;
  };

const FITS = 1;
const FITS_NOT = 2;

function someAtPlaces(automaton: Automaton): LeafSearch {
  let atlas: Atlas | null = null;
  let verdicts = new Uint8Array(64);
  const inRaw = automaton.step(automaton.start, 'src.');
  const stateAt = ({ parent, name }: Place, top: AutomatonState): AutomatonState => {
    if (parent === null) return top;
    return automaton.step(parent.parent === null ? top : automaton.step(stateAt(parent, top), '.'), name);
  };
  const judge = (place: Place): number => {
    const isFit =
      (place.top !== 'src' && stateAt(place, automaton.start).accepts) ||
      (place.top !== 'outer' && stateAt(place, inRaw).accepts);
    if (place.id >= verdicts.length) {
      const larger = new Uint8Array(2 * place.id);
      larger.set(verdicts);
      verdicts = larger;
    }
    const verdict = isFit ? FITS : FITS_NOT;
    verdicts[place.id] = verdict;
    return verdict;
  };
  return (leaves, test) => {
    const { places, values } = leaves;
    if (leaves.atlas !== atlas) {
      atlas = leaves.atlas;
      verdicts.fill(0);
    }
    for (let at = 0; at < values.length; at += 1) {
      const place = places[at];
      if (place === undefined) continue;
      const verdict = verdicts[place.id] || judge(place);
      if (verdict === FITS && test(values[at])) return true;
    }
    return false;
  };
}

interface Search {
  test: ValueTest;
  isFound: boolean;
  hasOddKey: boolean;
}

type Walk = (event: ConditionInput, search: Search) => void;

/** How the vendor reads a key of a filter. */
export const keyGlob = (pattern: string): string =>
  pattern.includes('*') || pattern.includes('.') ? pattern : `**.${pattern}`;

/** The name, where the glob is for one key at any depth; else null. */
const plainKey = (glob: string): string | null => /^\*\*\.([^*.?\\]+)$/.exec(glob)?.[1] ?? null;

/** Keys that are not odd: looking one up takes half the time of the expression, and events have few different ones. */
const evenKeys = new Set<string>();
const MAX_EVEN_KEYS = 4_096;
const MAX_EVEN_KEY_LENGTH = 64;

function isOddKey(key: string): boolean {
  if (evenKeys.has(key)) return false;
  if (ODD_KEY.test(key)) return true;
  if (evenKeys.size < MAX_EVEN_KEYS && key.length <= MAX_EVEN_KEY_LENGTH) evenKeys.add(key);
  return false;
}

function isInner(value: unknown): value is JsonObject {
  if (!isObject(value)) return false;
  for (const key in value) if (Object.hasOwn(value, key)) return true;
  return false;
}

/**
 * One key at any depth. What stands outside `src` stands in it too, but for the values that the listener puts in place
 * of missing ones, so each is looked at once.
 */
function plainWalk(name: string): Walk {
  const entry = (key: string, value: unknown, search: Search, skipped: string | null): void => {
    if (isInner(value)) inside(value, search, skipped);
    else if (key === name && !search.isFound && search.test(value)) search.isFound = true;
  };
  const inside = (object: JsonObject, search: Search, skipped: string | null): void => {
    for (const key of Object.keys(object)) {
      if (key === skipped) continue;
      if (isOddKey(key)) {
        search.hasOddKey = true;
        return;
      }
      entry(key, object[key], search, null);
    }
  };
  const ownKeys = LISTENER_KEYS.filter(
    (key) => key === name && key !== 'src' && key !== 'context' && key !== 'payload',
  );
  const isOfCache = name === 'eventCache';
  return (event, search) => {
    for (const key of ownKeys) entry(key, listenerValue(key, event), search, null);
    if (isOfCache) inside({ eventCache: listenerValue('afterAllCallbacks', event) }, search, null);
    entry('context', withoutLonePlace(event.context), search, FLATFILE_PLACE);
    entry('payload', event.payload, search, null);
    const rest = restOf(event);
    for (const key of Object.keys(rest)) {
      if (key === 'topic' || key === 'context' || key === 'payload') continue;
      if (isOddKey(key)) search.hasOddKey = true;
      else entry(key, rest[key], search, null);
    }
  };
}

/** With nothing else in it, the context is an empty object to the vendor, and so a value. */
function withoutLonePlace(context: unknown): unknown {
  if (!isInner(context) || !Object.hasOwn(context, FLATFILE_PLACE)) return context;
  return Object.keys(context).length === 1 ? {} : context;
}

function globWalk(glob: string): Walk {
  const automaton = compileGlobAutomaton(glob, '.');
  const roots = LISTENER_KEYS.map((key) => ({ key, state: automaton.step(automaton.start, key) })).filter(
    ({ state }) => !state.isDead,
  );
  const entry = (value: unknown, state: AutomatonState, search: Search, skipped: string | null): void => {
    if (!isInner(value)) {
      if (state.accepts && !search.isFound && search.test(value)) search.isFound = true;
      return;
    }
    const below = automaton.step(state, '.');
    if (below.isDead) return;
    for (const key of Object.keys(value)) {
      if (key === skipped) continue;
      const next = automaton.step(below, key);
      if (next.isDead) continue;
      if (isOddKey(key)) search.hasOddKey = true;
      entry(value[key], next, search, null);
    }
  };
  return (event, search) => {
    for (const { key, state } of roots) {
      if (key === 'context') entry(withoutLonePlace(event.context), state, search, FLATFILE_PLACE);
      else entry(listenerValue(key, event), state, search, null);
    }
  };
}

function listenerEvent(event: ConditionInput): JsonObject {
  const whole: JsonObject = {};
  for (const key of LISTENER_KEYS) {
    whole[key] = key === 'context' ? ownContext(event.context) : listenerValue(key, event);
  }
  return whole;
}

/** As the npm package `flat` 5 does with `safe: true`: of two places with one dotted key the later one counts. */
export function flatten(object: JsonObject): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  const step = (value: JsonObject, before: string): void => {
    for (const key of Object.keys(value)) {
      const inner = value[key];
      const dotted = before === '' ? key : `${before}.${key}`;
      if (isInner(inner)) step(inner, dotted);
      else flat.set(dotted, inner);
    }
  };
  step(object, '');
  return flat;
}
