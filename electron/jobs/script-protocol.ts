import { z } from 'zod';
import { jsonSchema } from '../../shared/contract/common.ts';

/**
 * What the app and a script worker tell each other on descriptor 3: one JSON document a line. The app writes
 * `{"t":"run",…,"event":<the event's JSON>}` with the event spliced in as it is stored: parsing and printing it once more
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
  `{"t":"run","id":"${id}","attempt":${attempt},"mark":"${mark}","filesDir":${JSON.stringify(filesDir)},"event":${event}}\n`;

export const fromWorkerSchema = z.discriminatedUnion('t', [
  /** The process is up and reads; once, before anything else. */
  z.object({ t: z.literal('ready') }),
  /** Lines in the order they were written; each is `[stream, text]`. */
  z.object({ t: z.literal('output'), lines: z.array(z.tuple([z.enum(['stdout', 'stderr']), z.string()])) }),
  z.object({ t: z.literal('annotation'), level: z.enum(['notice', 'warning', 'error']), text: z.string() }),
  z.object({ t: z.literal('progress'), percent: z.number().nullable(), message: z.string() }),
  /** Answered by `reply` with the same number. */
  z.object({ t: z.literal('request'), n: z.number(), kind: z.enum(['raise', 'ask']), input: jsonSchema }),
  z.object({ t: z.literal('plan'), names: z.array(z.string()) }),
  z.object({
    t: z.literal('part'),
    name: z.string(),
    state: z.enum(['waiting', 'running', 'completed', 'failed']),
    percent: z.number().nullable(),
  }),
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
  }),
]);
export type FromWorker = z.infer<typeof fromWorkerSchema>;
/** What a worker says of a run. */
export type RunMessage = Exclude<FromWorker, { t: 'ready' }>;
export type Reply = Omit<Extract<z.infer<typeof toWorkerSchema>, { t: 'reply' }>, 't'>;
export type WorkerDone = Extract<FromWorker, { t: 'done' }>;

/** Cuts a stream of bytes into documents, one a line. */
export function createLineReader(onLine: (line: string) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  return (chunk) => {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      const piece = chunk.subarray(from, end);
      from = end + 1;
      if (parts.length === 0) onLine(piece.toString('utf8'));
      else {
        const whole = Buffer.concat([...parts, piece]).toString('utf8');
        parts = [];
        onLine(whole);
      }
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  };
}
