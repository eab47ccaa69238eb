import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { errorCode } from '../../../shared/error-code.ts';

/** Read at once below this; streamed above. */
const smallBytes = 4 * 1024 * 1024;
/** A larger one is known by its size and date: reading it would hold up every start. */
export const maxHashedBytes = 256 * 1024 * 1024;
const maxRemembered = 50_000;

export const sha256 = (value: string | Uint8Array): string => createHash('sha256').update(value).digest('hex');

export interface HashedFile {
  sha256: string;
  /** Known by size and date alone. */
  isByDate: boolean;
}

/** Null: there is no such file. Throws when it cannot be read. */
export async function hashFile(path: string): Promise<HashedFile | null> {
  const stats = await stat(path).catch(absent);
  if (stats === null || !stats.isFile()) return null;
  if (stats.size > maxHashedBytes) return { sha256: sha256(`${stats.size} ${stats.mtimeMs}`), isByDate: true };
  if (stats.size <= smallBytes) return { sha256: sha256(await readFile(path)), isByDate: false };
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return { sha256: hash.digest('hex'), isByDate: false };
}

function absent(error: unknown): null {
  const code = errorCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return null;
  throw error;
}

const remembered = new Map<string, { stamp: string; sha256: string }>();

/**
 * The hash of a file of a package, remembered until the file changes. Its inode and the time of its last change tell that:
 * unlike the date of its content, no program can set them as it likes.
 */
export async function hashRemembered(path: string): Promise<string | null> {
  const stats = await stat(path).catch(absent);
  if (stats === null || !stats.isFile()) return null;
  const stamp = [stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(' ');
  const known = remembered.get(path);
  if (known?.stamp === stamp) return known.sha256;
  const hash = (await hashFile(path))?.sha256 ?? null;
  if (hash === null) return null;
  if (remembered.size >= maxRemembered) remembered.clear();
  remembered.set(path, { stamp, sha256: hash });
  return hash;
}
