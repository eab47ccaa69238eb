import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { errorCode } from '../../../shared/error-code.ts';
import { ConfigError } from './config-format.ts';

const maxBytes = 8 * 1024 * 1024;
const readBudgetMs = 10_000;
const pollMs = 20;

/**
 * The text of a config file, within 8 MiB and 10 s (`maxMs`). `pipes`: whether a pipe will do, as a shell makes it of
 * `--config <(command)`; it has an end only at the start. Throws ConfigError.
 */
export async function readConfigText(
  file: string,
  { pipes, maxMs = readBudgetMs }: { pipes: boolean; maxMs?: number },
): Promise<string> {
  let handle: FileHandle | null = null;
  const late = new AbortController();
  // A file system that does not answer is given up; its thread stays with it.
  const tooLate = wait(maxMs, 'late' as const, { signal: late.signal, ref: false });
  try {
    const opened = await Promise.race([open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)), tooLate]);
    if (opened === 'late') throw takesTooLong(maxMs);
    handle = opened;
    const text = await Promise.race([readFrom(handle, pipes, maxMs), tooLate]);
    if (text === 'late') throw takesTooLong(maxMs);
    return text;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = errorCode(error);
    throw new ConfigError([code === 'ENOENT' ? 'it does not exist' : `it cannot be read (${String(code)})`]);
  } finally {
    late.abort();
    tooLate.catch(() => undefined);
    handle?.close().catch(() => undefined);
  }
}

async function readFrom(handle: FileHandle, pipes: boolean, maxMs: number): Promise<string> {
  const stat = await handle.stat();
  if (stat.isDirectory()) throw new ConfigError(['it cannot be read: it is a folder']);
  if (!stat.isFile() && !(pipes && stat.isFIFO())) {
    throw new ConfigError(['it is not a regular file (a pipe, socket or device); put a file in its place']);
  }
  if (stat.size > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  // Before what ends the wait for the read as a whole: this knows what was waited for.
  const endBy = performance.now() + maxMs - 5 * pollMs;
  for (;;) {
    const chunk = await readSome(handle);
    // A pipe reads as if at its end until its writer opens it, which may be a moment later.
    const isUnwritten = stat.isFIFO() && length === 0 && chunk.length === 0;
    if (chunk === 'empty' || isUnwritten) {
      if (performance.now() > endBy) throw isUnwritten ? unwritten(maxMs) : takesTooLong(maxMs);
      await wait(pollMs);
      continue;
    }
    if (chunk.length === 0) return Buffer.concat(chunks).toString('utf8');
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) throw tooLarge();
  }
}

/** `empty`: a pipe whose writer has not written yet. */
async function readSome(handle: FileHandle): Promise<Buffer | 'empty'> {
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, null);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (errorCode(error) === 'EAGAIN') return 'empty';
    throw error;
  }
}

const tooLarge = (): ConfigError => new ConfigError(['it is larger than 8 MiB']);
const takesTooLong = (maxMs: number): ConfigError => new ConfigError([`reading it took longer than ${maxMs / 1000} s`]);
const unwritten = (maxMs: number): ConfigError =>
  new ConfigError([
    `it is a pipe (FIFO), and nothing was written to it within ${maxMs / 1000} s; put a regular file in its place`,
  ]);
