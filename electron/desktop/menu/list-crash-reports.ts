import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface CrashReport {
  file: string;
  atMs: number;
  bytes: number;
}

/** Those that were kept, newest first. Crashpad has them in `completed` or `pending`, by platform in `reports` or `new`. */
export async function listCrashReports(dir: string): Promise<CrashReport[]> {
  // None yet: the folder is made at the first crash.
  const names = await readdir(dir, { recursive: true }).catch(() => []);
  const reports = await Promise.all(
    names
      .filter((name) => name.endsWith('.dmp'))
      .map(async (name) => {
        const file = join(dir, name);
        const found = await stat(file).catch(() => null);
        return found === null ? [] : [{ file, atMs: found.mtimeMs, bytes: found.size }];
      }),
  );
  return reports.flat().sort((a, b) => b.atMs - a.atMs);
}
