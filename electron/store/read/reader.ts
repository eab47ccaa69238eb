import { z } from 'zod';
import { AppError, errorCodes } from '../../../shared/contract/errors.ts';
import { type DatabaseThread, startDatabaseThread } from '../database/database-thread.ts';
import { codedError, storageFault } from '../database/storage-errors.ts';
import type { ReadCallName, ReadRequest, ReadResult } from './read-calls.ts';

/** Long reads, off the main thread. */
export interface Reader {
  read<N extends ReadCallName>(name: N, request: ReadRequest<N>): Promise<ReadResult<N>>;
  close(): Promise<void>;
}

export interface ReopenableReader extends Reader {
  /** Closes the files; the next read opens them again. What is being read is answered first. */
  reopen(): Promise<void>;
}

const replySchema = z.discriminatedUnion('ok', [
  z.object({ id: z.number(), ok: z.literal(true), value: z.unknown() }),
  z.object({
    id: z.number(),
    ok: z.literal(false),
    code: z.enum(errorCodes),
    message: z.string(),
    stack: z.string().optional(),
    /** SQLite's code, when the error is its own. */
    sqlite: z.string().nullable(),
  }),
]);

/** The full-text index failed; the search that met it went on without. */
const searchFailureSchema = z.object({ searchFailure: z.object({ code: z.string(), message: z.string() }) });

interface Pending {
  name: ReadCallName;
  request: unknown;
  askedOf: DatabaseThread | null;
  /** Workers that have died over it, or beside it. */
  deaths: number;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export interface ReaderDeps {
  workerFile: string | URL;
  databaseFile: string;
  searchFile: string;
  /** The worker died. What it had not answered is asked of a new one, once. */
  onCrash: (error: Error) => void;
  /** A read failed below its SQL; the next read opens the files again. */
  onStorageError?: (error: Error) => void;
  /** Searches go on without the full-text index, slowly. */
  onSearchFailure?: (error: Error) => void;
}

/** Most reads take a few milliseconds; one over everything is cut short. */
const stopPatienceMs = 500;

export function createReader(options: ReaderDeps): ReopenableReader {
  let thread: DatabaseThread | null = null;
  let nextId = 1;
  let isClosed = false;
  const pending = new Map<number, Pending>();
  /** Threads that were told to end: what they leave unanswered is not their fault. */
  const letGo = new WeakSet<DatabaseThread>();

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
    const failure = searchFailureSchema.safeParse(message);
    if (failure.success) {
      const { code, message: text } = failure.data.searchFailure;
      options.onSearchFailure?.(codedError(code, text));
      return;
    }
    const reply = replySchema.parse(message);
    const waiting = pending.get(reply.id);
    pending.delete(reply.id);
    // After the close no caller waits any more.
    if (waiting === undefined) return;
    if (reply.ok) {
      waiting.resolve(reply.value);
      return;
    }
    const error = codedError(reply.sqlite, reply.message);
    if (storageFault(error) !== null) failStorage(waiting, error);
    else if (reply.code === 'internal') waiting.reject(Object.assign(new Error(reply.message), { stack: reply.stack }));
    else waiting.reject(new AppError(reply.code, reply.message));
  }

  function failStorage(waiting: Pending, error: Error): void {
    options.onStorageError?.(error);
    void reopen();
    waiting.reject(failing(error));
  }

  async function reopen(): Promise<void> {
    const before = thread;
    thread = null;
    if (before !== null) letGo.add(before);
    // What it had no time for is asked of the next one when it has ended (`fail`).
    await before?.stop(stopPatienceMs);
  }

  function fail(of: DatabaseThread, error: Error): void {
    if (thread === of) {
      thread = null;
      if (!isClosed) options.onCrash(error);
    }
    for (const [id, waiting] of pending) {
      if (waiting.askedOf !== of) continue;
      if (!letGo.has(of)) waiting.deaths += 1;
      // A read changes nothing, so it can be asked twice; one that kills its worker each time must not go on without end.
      if (waiting.deaths <= 1) ask(id, waiting);
      else {
        pending.delete(id);
        waiting.reject(failing(error));
      }
    }
  }

  function ask(id: number, waiting: Pending): void {
    const { name, request } = waiting;
    waiting.askedOf = thread ?? start();
    waiting.askedOf.worker.postMessage({ id, name, request });
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
          askedOf: null,
          deaths: 0,
          resolve: (value) => resolve(value as ReadResult<N>),
          reject,
        };
        pending.set(id, waiting);
        ask(id, waiting);
      }),
    reopen,
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
