/**
 * A small process beside the app: starts the commands of jobs, and keeps the promise "no descendant outlives its run or
 * the app".
 *
 * It starts them because `fork` copies the page tables of its caller: one spawn took 1 ms here, 4 ms from a process with
 * 50 MB in use and 12 ms from one with 150 MB, all of it on the app's own thread. It looks through /proc (1 to 2 ms a
 * time) for the same reason. And it outlives an app that was killed: when the pipe from the app closes, it ends
 * everything that carries the app's marker, and then itself.
 */

import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { errorCode } from '../../shared/error-code.ts';
import { errorText } from '../../shared/error-text.ts';
import { maxLeftShown, maxUnreadInputBytes } from './channel-limits.ts';
import {
  type FromGuardian,
  frame,
  frameKinds,
  type SpawnOrder,
  toGuardianSchema,
} from './process/guardian-protocol.ts';
import { closeCovered, coverOwn } from './process/inherited-descriptors.ts';
import { becomeUser, jobsUserSchema } from './process/jobs-user.ts';
import type { LeftProcess } from './process/left-processes.ts';
import { createLineReader } from './process/line-reader.ts';
import {
  findMarked,
  hasProc,
  instanceMarker,
  killMarked,
  listGroup,
  type Marked,
  mayStay,
  readCommandLine,
  runMarker,
  signalGroup,
} from './process/process-tree.ts';

/** Runs that end within this time are looked for together. */
const sweepDelayMs = 40;
/** After a process has ended: how long its output may still come from others that hold the pipes. */
const drainMs = 2000;
/**
 * A stream that gives more than this within the time rests until it is over. `yes` gives 3 GB/s; passing that on would
 * keep both processes busy with bytes the app then drops. The pipe is still always drained.
 */
const burstBytes = 2 * 1024 * 1024;
const burstMs = 100;
/** Of all streams together. */
const totalBurstBytes = 8 * 1024 * 1024;
const maxPendingBytes = 4 * 1024 * 1024;

const [, , instance = '', coveredTo = '0', user = ''] = process.argv;
closeCovered(3, Number(coveredTo));
const covered = coverOwn();
// With all it starts. Not earlier: the list of its descriptors is closed to it from then on.
if (user !== '') becomeUser(jobsUserSchema.parse(JSON.parse(user)));

/** Leaders of groups that run, and their marks. */
const groups = new Map<number, string>();
const inputs = new Map<number, Writable>();
/** Marks to look for; true: to end what carries them. */
const sweeps = new Map<string, boolean>();
let acks: number[] = [];
let sweepTimer: NodeJS.Timeout | null = null;

// The terminal's Ctrl+C goes to everybody; this process ends when the app has.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// The app may be gone while an answer is on its way; the end of stdin says so.
process.stdout.on('error', () => {});

const send = (message: FromGuardian): void => {
  process.stdout.write(frame(frameKinds.message, 0, Buffer.from(JSON.stringify(message))));
};

/** What a look through the processes has found, or a group when its leader ended. */
const found = new Map<string, { wereEnded: boolean; count: number; processes: LeftProcess[] }>();

function noteLeft(mark: string, wereEnded: boolean, { pid, name, command }: LeftProcess): void {
  const left = found.get(mark) ?? { wereEnded, count: 0, processes: [] };
  found.set(mark, left);
  if (left.processes.some((one) => one.pid === pid)) return;
  left.count += 1;
  if (left.processes.length < maxLeftShown) left.processes.push({ pid, name, command });
}

const noteMarked =
  (wereEnded: boolean) =>
  ({ pid, name, value }: Marked): void =>
    noteLeft(value, wereEnded, { pid, name, command: readCommandLine(pid) });

function sweep(): void {
  sweepTimer = null;
  const marks = [...sweeps.keys()];
  const answers = acks;
  acks = [];
  const ended = marks.filter((mark) => sweeps.get(mark) === true);
  const kept = marks.filter((mark) => sweeps.get(mark) === false);
  sweeps.clear();
  if (ended.length > 0) killMarked({ name: runMarker, values: ended }, noteMarked(true));
  if (kept.length > 0) findMarked({ name: runMarker, values: kept }).forEach(noteMarked(false));
  for (const mark of marks) {
    // One message each: command lines are long.
    const left = found.get(mark);
    if (left !== undefined) send({ t: 'left', mark, left });
    found.delete(mark);
  }
  send({ t: 'swept', acks: answers, marks });
}

function planSweep(mark: string, ends: boolean, delayMs: number): void {
  sweeps.set(mark, ends);
  if (sweepTimer !== null && delayMs > 0) return;
  if (sweepTimer !== null) clearTimeout(sweepTimer);
  sweepTimer = setTimeout(sweep, delayMs);
}

/** Its leader has ended. What has left the group goes with the next look through the processes. */
function endGroup(leader: number, mark: string): void {
  // On Windows a group can be neither probed nor listed.
  if (process.platform !== 'win32' && signalGroup(leader, 0)) {
    if (hasProc) findMarked({ name: runMarker, values: [mark], group: leader }).forEach(noteMarked(true));
    else for (const one of listGroup(leader)) noteLeft(mark, true, one);
  }
  signalGroup(leader, 'SIGKILL');
}

function start(id: number, { program, args, verbatim, cwd, env, stdin, keepsInput, mark }: SpawnOrder): void {
  const fail = (error: unknown): void => {
    const code = errorCode(error);
    send({ t: 'failed', id, code, message: errorText(error) });
  };
  let input: number | null = null;
  try {
    const document = keepsInput ? readFileSync(stdin) : null;
    input = keepsInput ? null : openSync(stdin, 'r');
    const child = spawn(program, args, {
      cwd,
      env,
      detached: process.platform !== 'win32',
      stdio: covered([input ?? 'pipe', 'pipe', 'pipe']),
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
    });
    child.on('error', fail);
    const { pid } = child;
    if (pid === undefined) return;
    groups.set(pid, mark);
    send({ t: 'spawned', id, pid });
    if (document !== null && child.stdin !== null) {
      // It may not read to the end, or at all.
      child.stdin.on('error', () => inputs.delete(id));
      child.stdin.write(Buffer.concat([document, Buffer.from('\n')]));
      inputs.set(id, child.stdin);
    }
    for (const stream of ['stdout', 'stderr'] as const) relay(id, frameKinds[stream], child[stream]);
    child.on('exit', (code, signal) => {
      const isKept = mayStay(mark);
      if (!isKept) endGroup(pid, mark);
      groups.delete(pid);
      inputs.delete(id);
      planSweep(mark, !isKept, sweepDelayMs);
      const drained = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, drainMs);
      child.once('close', () => {
        clearTimeout(drained);
        send({ t: 'ended', id, code, signal });
      });
    });
  } catch (error) {
    fail(error);
  } finally {
    if (input !== null) closeSync(input);
  }
}

const relayed = new Set<NodeJS.ReadableStream>();
let isWaitingForApp = false;

/** What the app has not taken yet is kept in memory: beyond a limit it holds the commands back. */
function waitForApp(): void {
  for (const pipe of relayed) pipe.pause();
  if (isWaitingForApp) return;
  isWaitingForApp = true;
  process.stdout.once('drain', () => {
    isWaitingForApp = false;
    for (const pipe of relayed) pipe.resume();
  });
}

function relay(id: number, kind: number, pipe: NodeJS.ReadableStream | null): void {
  if (pipe === null) return;
  let bytes = 0;
  let resting: NodeJS.Timeout | null = null;
  relayed.add(pipe);
  pipe.on('data', (chunk: Buffer) => {
    process.stdout.write(frame(kind, id, chunk));
    bytes += chunk.length;
    resting ??= setTimeout(() => {
      resting = null;
      bytes = 0;
      if (!isWaitingForApp) pipe.resume();
    }, burstMs);
    if (bytes > Math.min(burstBytes, totalBurstBytes / relayed.size)) pipe.pause();
    if (process.stdout.writableLength > maxPendingBytes) waitForApp();
  });
  pipe.on('close', () => {
    relayed.delete(pipe);
    if (resting !== null) clearTimeout(resting);
  });
}

process.stdin.on(
  'data',
  createLineReader((line) => {
    const message = toGuardianSchema.parse(JSON.parse(line));
    if (message.t === 'spawn') {
      start(message.id, message);
      return;
    }
    if (message.t === 'input') {
      const input = inputs.get(message.id);
      // It asks and does not read what it is told.
      if (input !== undefined && input.writableLength <= maxUnreadInputBytes) input.write(message.text);
      return;
    }
    acks.push(message.ack);
    planSweep(message.mark, message.ends, 0);
  }),
);

process.stdin.on('close', () => {
  for (const leader of groups.keys()) signalGroup(leader, 'SIGKILL');
  // A run that is cut short is ended with all it has started, whatever it may leave at an end of its own.
  killMarked({ name: runMarker, values: [...groups.values()] });
  if (instance !== '') killMarked({ name: instanceMarker, values: [instance], isSparing: true });
  process.exit(0);
});
