/** The child process that runs script jobs, one run at a time: `node script-worker <script> <job API folder> <covered descriptors>`. */

import { existsSync, mkdirSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { format } from 'node:util';
import { parseExact } from '../../shared/exact-json/parse-exact.ts';
import {
  maxFrameBytes,
  maxOutcomeBytes,
  maxQuestionBytes,
  maxRaisedBytes,
  maxSentTextLength,
  maxStepNameLength,
  maxSteps,
  printBytes,
} from './channel-limits.ts';
import { closeCovered } from './inherited-descriptors.ts';
import { createLineReader } from './line-reader.ts';
import { runMarker } from './process-tree.ts';
import { catchOutput } from './script-console.ts';
import { loadScript, provideJobApi, type Script } from './script-loader.ts';
import { printBigInts, printScriptValue, scriptValue } from './script-numbers.ts';
import { type FromWorker, type Reply, toWorkerSchema, type WorkerRun } from './script-protocol.ts';
import { watchSpawns } from './script-spawns.ts';

const channel = 3;
const progressIntervalMs = 50;
const rssInterval = 32;

const [, , scriptFile = '', apiDir = '', coveredTo = '0'] = process.argv;
closeCovered(channel + 1, Number(coveredTo));
// Only this process is Node by that switch; what a script starts should be what it is.
delete process.env.ELECTRON_RUN_AS_NODE;

const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Written at once and in order, whatever the script does next, even if it never lets the event loop turn again. A full
 * pipe holds the script back, which bounds the memory of both sides.
 */
const send = (message: FromWorker): void => sendLine(JSON.stringify(message));

function sendLine(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  if (bytes.length > maxFrameBytes) throw new Error(`A message of ${printBytes(bytes.length)} cannot be sent.`);
  let from = 0;
  while (from < bytes.length) {
    try {
      from += writeSync(channel, bytes, from);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      if (code !== 'EAGAIN') process.exit(1);
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

interface Current {
  /** What was said of parts and not sent yet, the latest of each. */
  parts: Map<string, PartState>;
  abort: AbortController;
  progress: { percent: number | null; message: string } | null;
  progressTimer: NodeJS.Timeout | null;
}

interface PartState {
  state: 'waiting' | 'running' | 'completed' | 'failed';
  percent: number | null;
}

/** Requests that wait for their reply; numbers are never used twice, so a late reply meets nobody else. */
const requests = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
let nextRequest = 1;

let current: Current | null = null;
let script: Script | null = null;
const output = catchOutput((stream, text) => send({ t: 'output', stream, text }));
const spawns = watchSpawns();
printBigInts();
provideJobApi(apiDir);
// A script that ends the process itself still gets its last lines through.
process.on('exit', () => output.end());

function sendProgress(run: Current): void {
  if (run.progressTimer !== null) clearTimeout(run.progressTimer);
  run.progressTimer = null;
  if (run.progress !== null) send({ t: 'progress', ...run.progress });
  run.progress = null;
  for (const [name, part] of run.parts) send({ t: 'part', name, ...part });
  run.parts.clear();
}

/** The app cuts it further, once its secrets are masked. */
const cut = (text: string): string => text.slice(0, maxSentTextLength);

const cutName = (name: unknown): string => String(name).slice(0, 8 * maxStepNameLength);

function annotate(level: 'notice' | 'warning' | 'error', values: unknown[]): void {
  output.flush();
  send({ t: 'annotation', level, text: cut(format(...values)) });
}

/** Asks the app for something; rejects with an Error whose `code` says of what kind it is. */
function request(kind: 'raise' | 'ask', input: unknown): Promise<unknown> {
  const n = nextRequest++;
  const reply = new Promise((resolve, reject) => {
    // As JSON has it: functions and undefined are left out.
    const text = printScriptValue(input) ?? 'null';
    const limit = kind === 'raise' ? maxRaisedBytes : maxQuestionBytes;
    const bytes = Buffer.byteLength(text);
    if (bytes > limit) {
      const what = kind === 'raise' ? 'The event cannot be raised' : 'The question cannot be asked';
      const said = `${what}: it has ${printBytes(bytes)} as JSON; the limit is ${printBytes(limit)}.`;
      // A script that does not wait for it would never know.
      annotate('warning', [said]);
      throw requestError('too_large', said);
    }
    requests.set(n, { resolve, reject });
    sendLine(`{"t":"request","n":${n},"kind":"${kind}","input":${text}}`);
  });
  // Whoever does not wait for it must not lose the whole process to an unhandled rejection.
  reply.catch(() => undefined);
  return reply;
}

const requestError = (code: string, message: string): Error => Object.assign(new Error(message), { code });

function takeReply({ n, value, error }: Reply): void {
  const waiting = requests.get(n);
  requests.delete(n);
  if (error === null) waiting?.resolve(value);
  else waiting?.reject(requestError(error.code, error.message));
}

const clampPercent = (percent: unknown): number | null =>
  typeof percent === 'number' && Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : null;

/** One part of a run's plan. */
function partApi(run: Current, name: string) {
  const say = (state: PartState['state'], percent: number | null): void => {
    run.parts.set(name, { state, percent });
    run.progressTimer ??= setTimeout(() => sendProgress(run), progressIntervalMs);
  };
  return {
    start: () => say('running', 0),
    progress: (percent: number | null) => say('running', clampPercent(percent)),
    done: () => say('completed', 100),
    fail: () => say('failed', null),
  };
}

async function runPart(part: ReturnType<typeof partApi>, work: (part: unknown) => unknown): Promise<unknown> {
  part.start();
  try {
    const value = await work(part);
    part.done();
    return value;
  } catch (error) {
    part.fail();
    throw error;
  }
}

/** What the script gets as its second argument; see resources/signalbox/index.d.ts. */
const runApi = (given: WorkerRun, run: Current) => ({
  id: given.id,
  attempt: given.attempt,
  event: given.event,
  get filesDir() {
    // Most runs leave no file: made for those that ask.
    mkdirSync(given.filesDir, { recursive: true, mode: 0o700 });
    return given.filesDir;
  },
  signal: run.abort.signal,
  log: (...values: unknown[]) => output.write('stdout', `${format(...values)}\n`),
  notice: (...values: unknown[]) => annotate('notice', values),
  warning: (...values: unknown[]) => annotate('warning', values),
  error: (...values: unknown[]) => annotate('error', values),
  progress(percent: number | null, message = '') {
    run.progress = { percent: clampPercent(percent), message: cut(String(message)) };
    run.progressTimer ??= setTimeout(() => sendProgress(run), progressIntervalMs);
  },
  plan(names: unknown[]) {
    run.parts.clear();
    send({ t: 'plan', names: names.slice(0, maxSteps + 1).map(cutName) });
  },
  part(name: unknown, work?: unknown) {
    const part = partApi(run, cutName(name));
    return typeof work === 'function' ? runPart(part, (one) => Reflect.apply(work, undefined, [one])) : part;
  },
  raise: (type: unknown, message: unknown = {}, options: unknown = {}) =>
    request('raise', { ...(typeof options === 'object' ? options : {}), type, message }),
  ask: (question: unknown) => request('ask', question),
});

type Ended = { outcome: string | null; error: { kind: 'error' | 'outcome'; message: string } | null };

const badOutcome = (message: string): Ended => ({ outcome: null, error: { kind: 'outcome', message } });

function printOutcome(value: unknown): Ended {
  if (value === undefined) return { outcome: 'null', error: null };
  let text: string | undefined;
  try {
    text = printScriptValue(value);
  } catch (error) {
    return badOutcome(`what the script returned is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (text === undefined) return badOutcome(`what the script returned is no JSON: it is a ${typeof value}`);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxOutcomeBytes) {
    return badOutcome(
      `what the script returned is larger than ${printBytes(maxOutcomeBytes)} as JSON: it has ${printBytes(bytes)}`,
    );
  }
  return { outcome: text, error: null };
}

function printThrown(error: unknown): Ended {
  const isError = error instanceof Error;
  output.write('stderr', `${isError ? (error.stack ?? error.message) : format('thrown: %o', error)}\n`);
  return {
    outcome: null,
    error: { kind: 'error', message: cut(isError ? error.message || error.name : format('%o', error)) },
  };
}

let runCount = 0;
let rssBytes = 0;

/** Reading it takes 20 µs, a tenth of a short run: every 32nd run is often enough to notice a leak. */
function measureRss(): number {
  if (runCount++ % rssInterval === 0) rssBytes = process.memoryUsage.rss();
  return rssBytes;
}

async function run(request: WorkerRun): Promise<void> {
  const mine: Current = { abort: new AbortController(), parts: new Map(), progress: null, progressTimer: null };
  current = mine;
  setRunEnvironment(request);
  spawns.reset();
  let ended: Ended;
  try {
    script ??= await loadScript(scriptFile, apiDir);
    // Nobody may be listening yet for an abort that came while the script was being loaded.
    mine.abort.signal.throwIfAborted();
    ended = printOutcome(await script(request.event, runApi(request, mine)));
  } catch (error) {
    ended = printThrown(error);
  }
  output.end();
  sendProgress(mine);
  current = null;
  send({ t: 'done', ...ended, rssBytes: measureRss(), spawned: spawns.seen(), files: existsSync(request.filesDir) });
}

function setRunEnvironment({ id, attempt, mark, filesDir, event }: WorkerRun): void {
  process.env.SIGNALBOX_RUN_ID = id;
  process.env[runMarker] = mark;
  process.env.SIGNALBOX_ATTEMPT = String(attempt);
  process.env.SIGNALBOX_FILES_DIR = filesDir;
  process.env.SIGNALBOX_EVENT_ID = event.id;
  process.env.SIGNALBOX_EVENT_TYPE = event.type;
  process.env.SIGNALBOX_SOURCE = event.source;
}

const socket = new Socket({ fd: channel, readable: true, writable: false });
socket.on(
  'data',
  createLineReader((line) => {
    const message = toWorkerSchema.parse(scriptValue(parseExact(line)));
    if (message.t === 'abort') current?.abort.abort(new Error(message.reason));
    else if (message.t === 'reply') takeReply(message);
    else void run(message);
  }),
);
// The app is gone or wants this worker gone.
socket.on('close', () => process.exit(0));
socket.on('error', () => process.exit(0));
send({ t: 'ready' });
