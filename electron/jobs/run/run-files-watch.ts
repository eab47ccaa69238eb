import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { errorCode } from '../../../shared/error-code.ts';
import { maxRunFileEntries, maxRunFilesBytes, printBytes } from '../channel-limits.ts';

const lookMs = 1000;

interface Watched {
  row: { id: string };
}

/** Bytes below a folder that need not be there; Infinity when there are too many files to count. */
async function bytesBelow(folder: string, limit: number): Promise<number> {
  let bytes = 0;
  let entries = 0;
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined && bytes <= limit; next = folders.pop()) {
    try {
      for await (const entry of await opendir(next)) {
        entries += 1;
        if (entries > maxRunFileEntries) return Number.POSITIVE_INFINITY;
        const path = join(next, entry.name);
        if (entry.isDirectory()) folders.push(path);
        else bytes += (await lstat(path).catch(ignoreUnseen))?.size ?? 0;
      }
    } catch (error) {
      ignoreUnseen(error);
    }
  }
  return bytes;
}

const unseen: ReadonlySet<string | null> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM']);

/** The job is at work in there: what was seen may be gone, another thing, or closed to us. */
function ignoreUnseen(error: unknown): null {
  if (!unseen.has(errorCode(error))) throw error;
  return null;
}

/**
 * Looks once a second at what runs are writing into their files folders: a job gone wild must not fill the disk before
 * its end. Runs shorter than that cost nothing; what they leave is looked at when they end.
 */
export class RunFilesWatch {
  readonly #running: () => Iterable<Watched>;
  readonly #folderOf: (runId: string) => string;
  readonly #onOver: (runId: string, said: string) => void;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | null = null;
  #isLooking = false;

  constructor(
    running: () => Iterable<Watched>,
    folderOf: (runId: string) => string,
    onOver: (runId: string, said: string) => void,
    log: Logger,
  ) {
    this.#running = running;
    this.#folderOf = folderOf;
    this.#onOver = onOver;
    this.#log = log;
  }

  /** Something runs. */
  start(): void {
    this.#timer ??= setInterval(() => void this.#look(), lookMs).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    const ids = [...this.#running()].map(({ row }) => row.id);
    if (ids.length === 0) return this.stop();
    this.#isLooking = true;
    for (const id of ids) {
      try {
        const bytes = await bytesBelow(this.#folderOf(id), maxRunFilesBytes);
        if (bytes > maxRunFilesBytes) this.#onOver(id, sayOver(bytes));
      } catch (error) {
        this.#log.warn({ err: error, runId: id }, 'the files of a run could not be read while it runs');
      }
    }
    this.#isLooking = false;
  }
}

const sayOver = (bytes: number): string => {
  const limit = `a run may leave ${printBytes(maxRunFilesBytes)}`;
  return bytes === Number.POSITIVE_INFINITY
    ? `it wrote more than ${maxRunFileEntries} files; ${limit}`
    : `its files have grown to ${Math.ceil(bytes / 1024 ** 2)} MiB; ${limit}`;
};
