import { z } from 'zod';
import { type DatabaseThread, startDatabaseThread } from '../database/database-thread.ts';
import { codedError, storageFault } from '../database/storage-errors.ts';
import type { CheckpointStep } from './checkpoint-thread.ts';
import type { WalPosition } from './wal-file.ts';
import type { WalSync } from './wal-sync.ts';

/** Copies the log into the database beside the commits, so that the log begins again from its start. */
export interface Checkpoints {
  /** Commits have been made: the log is this long now. */
  poll(log: WalPosition): void;
  /** Ends the thread; resolves when its connections are closed. */
  pause(): Promise<void>;
  resume(): void;
  stop(): Promise<void>;
}

export interface CheckpointsDeps {
  databaseFile: string;
  workerFile: string | URL;
  wal: Pick<WalSync, 'position' | 'fail' | 'databaseDescriptor'>;
  /** Resolves when all that was committed is on disk; then nothing is committed until the result is called. */
  holdCommits: () => Promise<() => void>;
  /** The log is larger than it should be, since something has been reading for long; null: it no longer is. */
  onLarge: (bytes: number | null) => void;
  onError: (error: Error) => void;
}

const mib = 1024 * 1024;
/** Fewer frames are not worth the waiting for the disk. */
const roundBytes = 8 * mib;
/** What a log may have while it cannot begin again. */
export const maxLogBytes = 64 * mib;
const retryMs = 1000;
const stopPatienceMs = 500;

const replySchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), code: z.string().nullable(), message: z.string() }),
]);

interface Asked {
  resolve(): void;
  reject(error: Error): void;
}

/**
 * A checkpoint in someone's COMMIT stops the thread that answers for as long as the disk takes to get up to 32 MiB. Here
 * another thread makes it, in two passes, so that commits are held for little more than two messages each time:
 *
 * 1. Commits are held while a read transaction begins (`mark`), and go on. The first pass copies what was committed up to
 *    there (`copy`), and brings the database onto the disk.
 * 2. Commits are held again while the rest is copied (`finish`). SQLite restarts the log only when all of it is copied.
 *
 * Without the mark, the first pass could copy commits whose own sync then fails, and that have to be taken back.
 */
export function createCheckpoints(deps: CheckpointsDeps): Checkpoints {
  const { wal } = deps;
  let thread: DatabaseThread | null = null;
  let asked: Asked | null = null;
  let isWorking = false;
  let isPaused = false;
  let isLarge = false;
  let timer: NodeJS.Timeout | null = null;

  function start(): DatabaseThread {
    const started = startDatabaseThread(
      deps.workerFile,
      { do: 'checkpoints', file: deps.databaseFile, databaseDescriptor: wal.databaseDescriptor },
      (message) => {
        const reply = replySchema.parse(message);
        const waiting = asked;
        asked = null;
        if (reply.ok) waiting?.resolve();
        else waiting?.reject(codedError(reply.code, reply.message));
      },
    );
    const ended = (error: Error): void => {
      if (thread === started) thread = null;
      asked?.reject(error);
      asked = null;
    };
    started.worker.on('error', (error) => ended(error instanceof Error ? error : new Error(String(error))));
    started.worker.on('exit', () => ended(new Error('the thread for checkpoints ended')));
    thread = started;
    return started;
  }

  function ask(step: CheckpointStep): Promise<void> {
    return new Promise((resolve, reject) => {
      asked = { resolve, reject };
      (thread ?? start()).worker.postMessage(step);
    });
  }

  async function askWhileHeld(step: CheckpointStep): Promise<void> {
    const release = await deps.holdCommits();
    try {
      await ask(step);
    } catch (error) {
      noteError(error);
      throw error;
    } finally {
      release();
    }
  }

  /** Before commits go on: after this they may not. */
  function noteError(error: unknown): void {
    if (isPaused || !(error instanceof Error)) return;
    const fault = storageFault(error);
    if (fault === 'failed' || fault === 'damaged') wal.fail(error);
    else deps.onError(error);
  }

  async function round(): Promise<void> {
    // Started before anything is held.
    thread ??= start();
    await askWhileHeld('mark');
    try {
      await ask('copy');
    } catch (error) {
      noteError(error);
      throw error;
    }
    await askWhileHeld('finish');
  }

  function judge(): void {
    const { frames, frameBytes, copied } = wal.position();
    const bytes = frames * frameBytes;
    if (isLarge !== bytes > maxLogBytes) {
      isLarge = !isLarge;
      deps.onLarge(isLarge ? bytes : null);
    }
    if (copied < frames) again();
  }

  function again(): void {
    if (timer !== null || isPaused) return;
    timer = setTimeout(() => {
      timer = null;
      try {
        poll(wal.position());
      } catch (error) {
        noteError(error);
        again();
      }
    }, retryMs);
    timer.unref();
  }

  function poll({ frames, copied, frameBytes }: WalPosition): void {
    if (isWorking || isPaused || timer !== null) return;
    if ((frames - copied) * frameBytes < roundBytes) return;
    isWorking = true;
    round()
      .then(judge)
      .catch(() => again())
      .finally(() => {
        isWorking = false;
      });
  }

  async function pause(): Promise<void> {
    isPaused = true;
    if (timer !== null) clearTimeout(timer);
    timer = null;
    await thread?.stop(stopPatienceMs);
  }

  return {
    poll,
    pause,
    resume() {
      isPaused = false;
    },
    stop: pause,
  };
}
