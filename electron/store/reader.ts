import { z } from 'zod';
import { AppError, errorCodes } from '../../shared/contract/errors.ts';
import { type DatabaseThread, startDatabaseThread } from './database-thread.ts';
import type { ReadCallName, ReadRequest, ReadResult } from './read-calls.ts';

/** Long reads, off the main thread. */
export interface Reader {
  read<N extends ReadCallName>(name: N, request: ReadRequest<N>): Promise<ReadResult<N>>;
  close(): Promise<void>;
}

const replySchema = z.discriminatedUnion('ok', [
  z.object({ id: z.number(), ok: z.literal(true), value: z.unknown() }),
  z.object({
    id: z.number(),
    ok: z.literal(false),
    code: z.enum(errorCodes),
    message: z.string(),
    stack: z.string().optional(),
  }),
]);

interface Pending {
  name: ReadCallName;
  request: unknown;
  /** Workers that have died over it, or beside it. */
  deaths: number;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export interface ReaderOptions {
  workerFile: string | URL;
  databaseFile: string;
  searchFile: string;
  /** The worker died. What it had not answered is asked of a new one, once. */
  onCrash: (error: Error) => void;
}

/** Most reads take a few milliseconds; one over everything is cut short. */
const stopPatienceMs = 500;

export function createReader(options: ReaderOptions): Reader {
  let thread: DatabaseThread | null = null;
  let nextId = 1;
  let isClosed = false;
  const pending = new Map<number, Pending>();

  function start(): DatabaseThread {
    const { databaseFile, searchFile } = options;
    const started = startDatabaseThread(options.workerFile, { databaseFile, searchFile }, settle);
    const { worker } = started;
    worker.on('error', (error) => fail(started, error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) => fail(started, new Error(`the read worker ended with code ${code}`)));
    thread = started;
    return started;
  }

  function settle(message: unknown): void {
    const reply = replySchema.parse(message);
    const waiting = pending.get(reply.id);
    pending.delete(reply.id);
    // After the close nobody waits any more.
    if (waiting === undefined) return;
    if (reply.ok) waiting.resolve(reply.value);
    else if (reply.code === 'internal') waiting.reject(Object.assign(new Error(reply.message), { stack: reply.stack }));
    else waiting.reject(new AppError(reply.code, reply.message));
  }

  function fail(of: DatabaseThread, error: Error): void {
    if (thread !== of) return;
    thread = null;
    if (!isClosed) options.onCrash(error);
    for (const [id, waiting] of pending) {
      waiting.deaths += 1;
      // A read changes nothing, so it can be asked twice; one that kills its worker each time must not go on for ever.
      if (waiting.deaths === 1) ask(id, waiting);
      else {
        pending.delete(id);
        waiting.reject(failing(error));
      }
    }
  }

  function ask(id: number, { name, request }: Pending): void {
    (thread ?? start()).worker.postMessage({ id, name, request });
  }

  return {
    read: <N extends ReadCallName>(name: N, request: ReadRequest<N>) =>
      new Promise<ReadResult<N>>((resolve, reject) => {
        if (isClosed) {
          reject(closing());
          return;
        }
        const id = nextId++;
        // The worker answers with what the call of this name returns (read-calls.ts types both ends).
        const waiting: Pending = {
          name,
          request,
          deaths: 0,
          resolve: (value) => resolve(value as ReadResult<N>),
          reject,
        };
        pending.set(id, waiting);
        ask(id, waiting);
      }),
    async close() {
      isClosed = true;
      for (const waiting of pending.values()) waiting.reject(closing());
      pending.clear();
      await thread?.stop(stopPatienceMs);
    },
  };
}

const closing = (): AppError => new AppError('unavailable', 'The store is closing.');
const failing = (error: Error): AppError =>
  new AppError('unavailable', `The list could not be read (${error.message}); try again, and see the log.`);
