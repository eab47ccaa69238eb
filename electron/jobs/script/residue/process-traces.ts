/**
 * What a run leaves in its process besides changed objects: variables, the folder it is in, listeners, timers, open
 * sockets, files and requests. Variables and folder are put back; the rest is named. What is used here is kept as it was
 * before a script was loaded.
 */
import { copyByIndex, watchTimers } from './script-timers.ts';

const { getOwnPropertyDescriptor, ownKeys } = Reflect;
const { isArray } = Array;
const { chdir, cwd, env, getActiveResourcesInfo, stderr, stdout } = process;
const emitters: readonly object[] = [process, stdout, stderr];

/** Text by name, without a prototype that a script could have changed. */
type Texts = Record<string, string>;
type Counts = Record<string, number>;
const empty = (): Record<string, never> => Object.create(null);

export interface ProcessTraces {
  /** Takes what is there as it is now: what modules opened while they were loaded stays. */
  begin(): void;
  /** Puts back variables and folder; names what could not be. */
  restore(): string | null;
  /** What is left, for people; null: nothing. What is closing may take a moment to be gone. */
  left(): string | null;
}

/** `runVariables`: names of variables that each run sets for itself, and that need not be put back. */
export function watchTraces(runVariables: readonly string[]): ProcessTraces {
  const timers = watchTimers();
  const isOfRun: Record<string, true> = empty();
  for (const name of runVariables) isOfRun[name] = true;
  let variables: Texts = empty();
  let folder = '';
  let listeners: (Record<string, unknown[]> | undefined)[] = [];
  let resources: Counts = empty();

  return {
    begin() {
      variables = readVariables(isOfRun);
      folder = cwd();
      listeners = emitters.map(listenersOf);
      resources = countResources();
      timers.begin();
    },
    restore() {
      process.exitCode = undefined;
      restoreVariables(variables, isOfRun);
      if (cwd() === folder) return null;
      try {
        chdir(folder);
        return null;
      } catch {
        return 'another working folder';
      }
    },
    left() {
      for (let index = 0; index < emitters.length; index += 1) {
        const changed = changedListener(listeners[index] ?? empty(), listenersOf(emitters[index] ?? process));
        if (changed !== null) return `a listener for "${changed}" of the process`;
      }
      const count = timers.count();
      if (count > 0) return count === 1 ? 'a timer' : `${count} timers`;
      const more = moreThan(resources, countResources());
      return more === null ? null : `something open (${more})`;
    },
  };
}

function readVariables(isOfRun: Readonly<Record<string, true>>): Texts {
  const texts: Texts = empty();
  const names = ownKeys(env);
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index];
    if (typeof name === 'string' && isOfRun[name] !== true) texts[name] = env[name] ?? '';
  }
  return texts;
}

/** In one pass where none is gone: each name and value is a call to the system. */
function restoreVariables(wanted: Texts, isOfRun: Readonly<Record<string, true>>): void {
  const now = ownKeys(env);
  let left = ownKeys(wanted).length;
  for (let index = 0; index < now.length; index += 1) {
    const name = now[index];
    if (typeof name !== 'string' || isOfRun[name] === true) continue;
    const value = wanted[name];
    if (value === undefined) {
      delete env[name];
      continue;
    }
    left -= 1;
    if (env[name] !== value) env[name] = value;
  }
  if (left === 0) return;
  for (const name in wanted) if (env[name] === undefined) env[name] = wanted[name];
}

/** By event, read past `listeners()`, which a script may have replaced. */
function listenersOf(emitter: object): Record<string, unknown[]> {
  const found: Record<string, unknown[]> = empty();
  const events: unknown = getOwnPropertyDescriptor(emitter, '_events')?.value;
  if (typeof events !== 'object' || events === null) return found;
  const names = ownKeys(events);
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index];
    if (typeof name !== 'string') continue;
    const value: unknown = getOwnPropertyDescriptor(events, name)?.value;
    if (value !== undefined) found[name] = isArray(value) ? copyByIndex(value) : [value];
  }
  return found;
}

function changedListener(before: Record<string, unknown[]>, now: Record<string, unknown[]>): string | null {
  for (const [one, other] of [
    [before, now],
    [now, before],
  ] as const) {
    const names = ownKeys(one);
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index];
      if (typeof name === 'string' && !areSame(one[name] ?? [], other[name] ?? [])) return name;
    }
  }
  return null;
}

function areSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}

/** Of what keeps the process alive, by kind. */
function countResources(): Counts {
  const counts: Counts = empty();
  const kinds = getActiveResourcesInfo();
  for (let index = 0; index < kinds.length; index += 1) {
    const kind = kinds[index] ?? '';
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

function moreThan(before: Counts, now: Counts): string | null {
  const kinds = ownKeys(now);
  for (let index = 0; index < kinds.length; index += 1) {
    const kind = kinds[index];
    if (typeof kind === 'string' && (now[kind] ?? 0) > (before[kind] ?? 0)) return kind;
  }
  return null;
}
