import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { LeftProcess } from './left-processes.ts';

/**
 * Environment names that every process of a run carries, by which those that left its group are found. The run's mark
 * holds the attempt too: a sweep after one attempt must not meet the next.
 */
export const runMarker = 'SIGNALBOX_RUN_MARK';
export const instanceMarker = 'SIGNALBOX_INSTANCE';

/** `mayLeave`: what the run leaves behind at its end goes on, also when the app ends. */
export const runMark = (runId: string, attempt: number, mayLeave: boolean): string =>
  `${runId}.${attempt}${mayLeave ? staying : ''}`;

const staying = '.stays';
export const mayStay = (mark: string): boolean => mark.endsWith(staying);

export const hasProc = process.platform === 'linux';

/**
 * Sends a signal to a process group whose leader we spawned. False when no process is left in it.
 *
 * Wrapping every command in `unshare --pid` would end setsid children for certain, but it cut 777 spawns a second to
 * 288 and makes the job process 1 of its namespace, which ignores TERM unless it asks for it. Hence groups, and the
 * markers for those who leave them.
 */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  if (process.platform === 'win32') {
    // Windows knows no TERM for a tree; /T ends the children that are still linked to their parents.
    return spawnSync('taskkill', ['/pid', String(leader), '/T', '/F'], { windowsHide: true }).status === 0;
  }
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    // ESRCH: all gone. EPERM: what is left belongs to another user (a setuid child) and is not ours to end.
    return false;
  }
}

interface SeenProcess {
  pid: number;
  parent: number;
  group: number;
  name: string;
  environment: Buffer;
}

/** Every process whose environment we may read; ≈ 1 ms for 200 processes. Empty where there is no /proc. */
function readProcesses(): SeenProcess[] {
  if (!hasProc) return [];
  const seen: SeenProcess[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      const environment = readFileSync(`/proc/${pid}/environ`);
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      // The command's name is in brackets and may itself hold spaces and brackets.
      const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
      const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state !== 'Z') seen.push({ pid, parent: Number(parent), group: Number(group), name, environment });
    } catch {
      // Ended meanwhile, or another user's.
    }
  }
  return seen;
}

/** The value of `name` in the environment, where it begins with `start`; null where it does not. */
function entryOf(environment: Buffer, name: string, start: string): string | null {
  const wanted = `${name}=${start}`;
  for (let at = environment.indexOf(wanted); at !== -1; at = environment.indexOf(wanted, at + 1)) {
    if (at > 0 && environment[at - 1] !== 0) continue;
    const end = environment.indexOf(0, at);
    return environment.toString('utf8', at + name.length + 1, end === -1 ? environment.length : end);
  }
  return null;
}

/** A process that carries a marker, or that descends from one which does, with the marker's value. */
export interface Marked {
  pid: number;
  name: string;
  value: string;
}

export interface MarkedQuery {
  name: string;
  values: readonly string[];
  /** Also every process of this group, under the first of the values. */
  group?: number;
  /** Not those that their run may leave. */
  isSparing?: boolean;
}

/** Processes that carry `name=value` for one of the values, and the descendants of those. */
export function findMarked({ name, values, group, isSparing = false }: MarkedQuery): Marked[] {
  if (values.length === 0) return [];
  const [first = ''] = values;
  const all = readProcesses().filter(
    ({ environment }) => !isSparing || !mayStay(entryOf(environment, runMarker, '') ?? ''),
  );
  const found = new Map<number, Marked>();
  for (const one of all) {
    const value = values.find((wanted) => entryOf(one.environment, name, wanted) === wanted);
    if (value !== undefined) found.set(one.pid, { pid: one.pid, name: one.name, value });
    else if (one.group === group) found.set(one.pid, { pid: one.pid, name: one.name, value: first });
  }
  if (found.size === 0) return [];
  // A child may have been given a clean environment; its parent still leads to it.
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { pid, parent, name: called } of all) {
      const above = found.get(parent);
      if (above !== undefined && !found.has(pid)) found.set(pid, { pid, name: called, value: above.value });
    }
  }
  found.delete(process.pid);
  return [...found.values()];
}

/**
 * Kills them, and looks again until none is left: a process may fork while it is being looked for. `onFound` sees each
 * before it is killed. Answers how many.
 */
export function killMarked(query: MarkedQuery, onFound: (process: Marked) => void = () => undefined): number {
  const killed = new Set<number>();
  for (let round = 0; round < 20; round += 1) {
    const found = findMarked(query);
    if (found.length === 0) break;
    for (const one of found) {
      try {
        if (!killed.has(one.pid)) onFound(one);
        process.kill(one.pid, 'SIGKILL');
        killed.add(one.pid);
      } catch {
        // Gone already.
      }
    }
  }
  return killed.size;
}

const maxReadCommandLine = 8 * 1024;

/** The command line of a process; empty where there is none or it cannot be read. */
export function readCommandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`)
      .subarray(0, maxReadCommandLine)
      .toString('utf8')
      .replaceAll('\0', ' ')
      .trim();
  } catch {
    return '';
  }
}

/** Processes of a group, from `ps -axo pid=,pgid=,args=`: for systems without /proc. */
export const readGroup = (printed: string, group: number): LeftProcess[] =>
  printed.split('\n').flatMap((line) => {
    const [, pid, itsGroup, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || Number(itsGroup) !== group || Number(pid) === process.pid) return [];
    return [{ pid: Number(pid), name: basename(command.split(' ', 1)[0] ?? ''), command }];
  });

/** The processes of a group whose leader has ended. */
export function listGroup(group: number): LeftProcess[] {
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,pgid=,args='], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
  return typeof stdout === 'string' ? readGroup(stdout, group) : [];
}
