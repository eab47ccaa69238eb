import { mkdirSync } from 'node:fs';
import { format } from 'node:util';
import { maxSentTextLength, maxStepNameLength, maxSteps } from '../../channel-limits.ts';
import type { Messages } from '../channel/script-messages.ts';
import type { WorkerRun } from '../channel/script-protocol.ts';
import { setOwnTimeout } from '../residue/script-timers.ts';
import type { CaughtOutput } from './script-console.ts';
import { type Requests, requestError } from './script-requests.ts';

const progressIntervalMs = 50;

export interface CurrentRun {
  abort: AbortController;
  /** What the script gets as its second argument; see resources/signalbox/index.d.ts. */
  api: object;
  /** Sends what is left to say. Whatever the script says after this belongs to no run and is dropped. */
  end(): void;
}

interface PartState {
  state: 'waiting' | 'running' | 'completed' | 'failed';
  percent: number | null;
}

export interface RunApiDeps {
  messages: Messages;
  requests: Requests;
  output: CaughtOutput;
}

/** The app cuts it further, once its secrets are masked. */
const cut = (text: string): string => text.slice(0, maxSentTextLength);

const cutName = (name: unknown): string => String(name).slice(0, 8 * maxStepNameLength);

const clampPercent = (percent: unknown): number | null =>
  typeof percent === 'number' && Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : null;

export function beginRun(given: WorkerRun, { messages, requests, output }: RunApiDeps): CurrentRun {
  const abort = new AbortController();
  /** What was said of parts and not sent yet, the latest of each. */
  const parts = new Map<string, PartState>();
  let progress: { percent: number | null; message: string } | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isOver = false;

  const sendProgress = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (progress !== null) messages.send({ t: 'progress', ...progress });
    progress = null;
    for (const [name, part] of parts) messages.send({ t: 'part', name, ...part });
    parts.clear();
  };
  const sendSoon = (): void => {
    if (!isOver) timer ??= setOwnTimeout(sendProgress, progressIntervalMs);
  };

  const annotate = (level: 'notice' | 'warning' | 'error', values: unknown[]): void => {
    if (isOver) return;
    output.flush();
    messages.send({ t: 'annotation', level, text: cut(format(...values)) });
  };

  const ask = (kind: 'raise' | 'ask', input: unknown): Promise<unknown> => {
    if (!isOver) return requests.ask(kind, input, (said) => annotate('warning', [said]));
    const late = Promise.reject(requestError('wrong_state', `The run ${given.id} has ended.`));
    late.catch(() => undefined);
    return late;
  };

  const partApi = (name: string) => {
    const say = (state: PartState['state'], percent: number | null): void => {
      parts.set(name, { state, percent });
      sendSoon();
    };
    return {
      start: () => say('running', 0),
      progress: (percent: number | null) => say('running', clampPercent(percent)),
      done: () => say('completed', 100),
      fail: () => say('failed', null),
    };
  };

  const api = {
    id: given.id,
    attempt: given.attempt,
    event: given.event,
    get filesDir() {
      // Most runs leave no file: made for those that ask.
      mkdirSync(given.filesDir, { recursive: true, mode: 0o700 });
      return given.filesDir;
    },
    signal: abort.signal,
    log(...values: unknown[]) {
      if (!isOver) output.write('stdout', `${format(...values)}\n`);
    },
    notice: (...values: unknown[]) => annotate('notice', values),
    warning: (...values: unknown[]) => annotate('warning', values),
    error: (...values: unknown[]) => annotate('error', values),
    progress(percent: number | null, message = '') {
      progress = { percent: clampPercent(percent), message: cut(String(message)) };
      sendSoon();
    },
    plan(names: unknown[]) {
      if (isOver) return;
      parts.clear();
      messages.send({ t: 'plan', names: names.slice(0, maxSteps + 1).map(cutName) });
    },
    part(name: unknown, work?: unknown) {
      const part = partApi(cutName(name));
      return typeof work === 'function' ? runPart(part, (one) => Reflect.apply(work, undefined, [one])) : part;
    },
    raise: (type: unknown, message: unknown = {}, options: unknown = {}) =>
      ask('raise', { ...(typeof options === 'object' ? options : {}), type, message }),
    ask: (question: unknown) => ask('ask', question),
  };

  return {
    abort,
    api,
    end() {
      output.end();
      sendProgress();
      isOver = true;
    },
  };
}

interface PartApi {
  start(): void;
  progress(percent: number | null): void;
  done(): void;
  fail(): void;
}

async function runPart(part: PartApi, work: (part: unknown) => unknown): Promise<unknown> {
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
