import { z } from 'zod';
import { maxSteps } from '../../channel-limits.ts';

/**
 * What the app and a script worker tell each other on descriptor 3: one JSON document a line, under a seal (see
 * script-seal.ts) whose key is the app's first line. The app writes `{"t":"run",…,"event":<the event's JSON>}` with the event spliced in as it is stored: parsing and printing it once more
 * would cost more than all the rest of the message.
 */
export const toWorkerSchema = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('run'),
    id: z.string(),
    attempt: z.number(),
    mark: z.string(),
    filesDir: z.string(),
    event: z.looseObject({ id: z.string(), type: z.string(), source: z.string() }),
  }),
  z.object({ t: z.literal('abort'), reason: z.string() }),
  /** What came of a request; `error` is set when nothing did. */
  z.object({
    t: z.literal('reply'),
    n: z.number(),
    value: z.unknown(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  }),
]);

export type WorkerRun = Extract<z.infer<typeof toWorkerSchema>, { t: 'run' }>;

export interface RunRequest {
  id: string;
  attempt: number;
  mark: string;
  filesDir: string;
  /** JSON text. */
  event: string;
}

export const printRun = ({ id, attempt, mark, filesDir, event }: RunRequest): string =>
  `{"t":"run","id":"${id}","attempt":${attempt},"mark":"${mark}","filesDir":${JSON.stringify(filesDir)},"event":${event}}`;

/** One check for the whole list: a schema of its items would report each of a million that are wrong. */
const namesSchema = z.custom<string[]>(
  (value) => Array.isArray(value) && value.length <= maxSteps + 1 && value.every((name) => typeof name === 'string'),
);

/** Whether the process can be used for another run; see run-residue.ts. */
const settledSchema = z.object({ left: z.string().nullable(), loaded: z.array(z.string()) });

export const fromWorkerSchema = z.discriminatedUnion('t', [
  /** The process is up and reads; once, before anything else. */
  z.object({ t: z.literal('ready') }),
  /** In the order it was written, cut anywhere. */
  z.object({ t: z.literal('output'), stream: z.enum(['stdout', 'stderr']), text: z.string() }),
  z.object({ t: z.literal('annotation'), level: z.enum(['notice', 'warning', 'error']), text: z.string() }),
  z.object({ t: z.literal('progress'), percent: z.number().nullable(), message: z.string() }),
  /** Answered by `reply` with the same number. */
  z.object({ t: z.literal('request'), n: z.number(), kind: z.enum(['raise', 'ask']), input: z.unknown() }),
  z.object({ t: z.literal('plan'), names: namesSchema }),
  z.object({
    t: z.literal('part'),
    name: z.string(),
    state: z.enum(['waiting', 'running', 'completed', 'failed']),
    percent: z.number().nullable(),
  }),
  /** After a `done` that could not say it. */
  settledSchema.extend({ t: z.literal('settled') }),
  z.object({
    t: z.literal('done'),
    /** JSON text of what the script returned; null when it threw. */
    outcome: z.string().nullable(),
    error: z.object({ kind: z.enum(['error', 'outcome']), message: z.string() }).nullable(),
    rssBytes: z.number(),
    /** The script has started processes, which may still be there. */
    spawned: z.boolean(),
    /** The files folder is there. */
    files: z.boolean(),
    /** Null: that takes a moment longer than the run, and `settled` follows, but where the process was for one run. */
    settled: settledSchema.nullable(),
  }),
]);
export type FromWorker = z.infer<typeof fromWorkerSchema>;
/** What a worker says of a run. */
export type RunMessage = Exclude<FromWorker, { t: 'ready' | 'settled' }>;
export type Reply = Omit<Extract<z.infer<typeof toWorkerSchema>, { t: 'reply' }>, 't'>;
export type WorkerSettled = z.infer<typeof settledSchema>;
export type WorkerDone = Extract<FromWorker, { t: 'done' }>;
