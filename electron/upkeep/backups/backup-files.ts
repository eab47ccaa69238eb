import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { type StoreCopy, storeCountsSchema } from '../../store/upkeep/copy-store.ts';
import { timeName } from '../../store/upkeep/set-aside.ts';

const aboutSchema = z.object({
  createdAtMs: z.number(),
  reason: z.enum(['daily', 'asked']),
  counts: storeCountsSchema,
});

export interface BackupFile {
  name: string;
  file: string;
  sizeBytes: number;
  createdAtMs: number;
  /** Null for a file that was copied there: it has not been checked. */
  about: z.infer<typeof aboutSchema> | null;
}

export type BackupReason = z.infer<typeof aboutSchema>['reason'];

const namePattern = /^[\w.-]+\.db$/;

export const backupDir = (dataDir: string): string => join(dataDir, 'backups');

/** Throws when something else is in its place, or a link leads nowhere. */
export function makeBackupDir(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
}

/** What a copy that was cut short, by a kill say, has left: up to the size of the store. */
export function removeUnfinished(dir: string): void {
  for (const name of readdirSync(dir)) if (/\.db\.part(-\w+)?$/.test(name)) rmSync(join(dir, name), { force: true });
}

/** A name that is not taken yet. */
export function newBackupName(dir: string, atMs: number): string {
  const base = `signalbox-${timeName(atMs)}`;
  let name = `${base}.db`;
  for (let n = 2; existsSync(join(dir, name)); n++) name = `${base}-${n}.db`;
  return name;
}

/** Written last: a backup without it was not verified. */
export function writeAbout(
  dir: string,
  name: string,
  copy: StoreCopy,
  reason: BackupReason,
  createdAtMs: number,
): void {
  const text = JSON.stringify({ createdAtMs, reason, counts: copy.counts });
  writeFileAtomic.sync(join(dir, `${name}.json`), text, { mode: 0o600 });
}

/** Newest first. */
export function listBackups(dir: string): BackupFile[] {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(dir)
    .filter((name) => namePattern.test(name))
    .flatMap((name): BackupFile[] => {
      const file = join(dir, name);
      const stat = statSync(file, { throwIfNoEntry: false });
      if (stat === undefined || !stat.isFile()) return [];
      const about = readAbout(`${file}.json`);
      return [{ name, file, sizeBytes: stat.size, createdAtMs: about?.createdAtMs ?? stat.mtimeMs, about }];
    })
    .sort((a, b) => b.createdAtMs - a.createdAtMs);
}

function readAbout(file: string): BackupFile['about'] {
  try {
    return aboutSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Without a readable record a backup counts as not verified, and is never removed automatically.
    return null;
  }
}

/** Removes the oldest of those made here; files that were copied there stay. */
export function removeSurplus(dir: string, keep: number): string[] {
  const surplus = listBackups(dir)
    .filter(({ about }) => about !== null)
    .slice(keep);
  for (const { file } of surplus) {
    rmSync(file, { force: true });
    rmSync(`${file}.json`, { force: true });
  }
  return surplus.map(({ name }) => name);
}
