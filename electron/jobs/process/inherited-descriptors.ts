import type { StdioOptions } from 'node:child_process';
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';

type Stdio = Exclude<StdioOptions, string>;

/** Numbers above the highest open one: another thread of Chromium may open some before the child is forked. */
const spare = 32;
/** Up to here every number is covered; above, in a process with many connections, those that would be inherited. */
const lowNumbers = 256;
const closeOnExec = 0o2000000;
const nothing = '/dev/null';

/**
 * What Chromium opens without close-on-exec (sockets to its processes, shared memory, local storage: 39 descriptors of a
 * window's main process) reaches every child, and Node can neither mark nor close it before `exec`. It can put something
 * else in its place: the child gets /dev/null under each of those numbers, and closes them first of all (`closeCovered`).
 * That is exact: what the child opens itself comes to lie beside them.
 *
 * On Linux alone: macOS spawns with POSIX_SPAWN_CLOEXEC_DEFAULT, and Windows hands over only handles marked for it.
 * Calls `start` with the stdio to spawn with and the number after the last covered one.
 */
export function withoutInherited<T>(stdio: Stdio, start: (stdio: Stdio, coveredTo: number) => T): T {
  if (process.platform !== 'linux') return start(stdio, 0);
  const open = readdirSync('/proc/self/fd').map(Number);
  const lowTo = Math.min(Math.max(...open) + spare, lowNumbers);
  const high = open.filter((descriptor) => descriptor >= lowTo && isInherited(descriptor));
  const coveredTo = Math.max(lowTo, ...high.map((descriptor) => descriptor + 1));
  const fillers: number[] = [];
  try {
    // Until no number below is free: else libuv's own pipe to the child, which tells whether `exec` worked, would get one
    // and be covered as well.
    let top = -1;
    while (top < lowTo) {
      top = openSync(nothing, 'r');
      fillers.push(top);
    }
    const isCovered = (descriptor: number): boolean => descriptor < lowTo || high.includes(descriptor);
    const all = Array.from({ length: coveredTo }, (_, descriptor) => {
      return stdio[descriptor] ?? (isCovered(descriptor) ? top : 'ignore');
    });
    return start(all, coveredTo);
  } finally {
    for (const filler of fillers) closeSync(filler);
  }
}

/**
 * For children that close nothing, as commands: puts /dev/null under what this process itself would hand over. In Node
 * that is nothing; an Electron that runs as Node opens its snapshot and an event loop without close-on-exec. They stay as
 * long as the process does, so they are looked for once.
 */
export function coverOwn(): (stdio: Stdio) => Stdio {
  if (process.platform !== 'linux') return (stdio) => stdio;
  const own = readdirSync('/proc/self/fd')
    .map(Number)
    .filter((number) => number > 2 && isInherited(number));
  if (own.length === 0) return (stdio) => stdio;
  const cover = openSync(nothing, 'r');
  const length = Math.max(...own) + 1;
  return (stdio) =>
    Array.from({ length: Math.max(stdio.length, length) }, (_, number) => {
      return stdio[number] ?? (own.includes(number) ? cover : 'ignore');
    });
}

function isInherited(descriptor: number): boolean {
  try {
    const [, flags = '0'] = /^flags:\s+(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1')) ?? [];
    return (Number.parseInt(flags, 8) & closeOnExec) === 0;
  } catch {
    return false;
  }
}

/** In the child, first of all: `from` is the first number that is not its own, `coveredTo` what it was started with. */
export function closeCovered(from: number, coveredTo: number): void {
  if (coveredTo <= from) return;
  const { rdev } = statSync(nothing);
  for (let descriptor = from; descriptor < coveredTo; descriptor += 1) {
    try {
      if (fstatSync(descriptor).rdev === rdev) closeSync(descriptor);
    } catch {
      // It was not covered, and is not open.
    }
  }
}
