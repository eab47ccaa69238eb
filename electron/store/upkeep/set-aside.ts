import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { isDiskFull } from '../database/storage-errors.ts';

const aboutSchema = z.object({
  atMs: z.number(),
  /** `damaged`: found at a start; `replaced`: another store was put in its place by an operator. */
  reason: z.enum(['damaged', 'replaced']),
  details: z.array(z.string()),
});
type About = z.infer<typeof aboutSchema>;

/** A store that was moved out of the way: kept until an operator removes its folder. */
export interface SetAside extends Omit<About, 'reason'> {
  /** Its folder's name in `quarantine/`. */
  name: string;
  /** `unknown`: the folder was not made by this app. */
  reason: About['reason'] | 'unknown';
  sizeBytes: number;
  /** Null: there is no database in it. */
  databaseFile: string | null;
}

const aboutFile = 'about.json';
const quarantineDir = (dataDir: string): string => join(dataDir, 'quarantine');

/** `2026-11-21T08-15-00Z`: a time that every file system takes as a name. */
export const timeName = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;

/** Moves a database with its log into `quarantine/<time>/`. Gives the folder's name. */
export function setAside(databaseFile: string, about: About): string {
  const root = quarantineDir(dirname(databaseFile));
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const first = timeName(about.atMs);
  let name = first;
  for (let n = 2; existsSync(join(root, name)); n++) name = `${first}-${n}`;
  const folder = join(root, name);
  mkdirSync(folder, { mode: 0o700 });
  try {
    writeFileSync(join(folder, aboutFile), JSON.stringify(about), { mode: 0o600 });
  } catch (error) {
    // Moving needs no room.
    if (!isDiskFull(error)) throw error;
  }
  // The database before its log: should this end in between, the next start finds a log without a database and moves
  // that too, instead of opening a database that has lost its log.
  for (const suffix of ['', '-wal']) {
    const file = `${databaseFile}${suffix}`;
    if (existsSync(file)) renameSync(file, join(folder, basename(file)));
  }
  // Shared memory between processes: there are none, and it fits no other database.
  rmSync(`${databaseFile}-shm`, { force: true });
  return name;
}

/** Newest first. */
export function listSetAside(databaseFile: string): SetAside[] {
  const root = quarantineDir(dirname(databaseFile));
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const folder = join(root, name);
      const files = readdirSync(folder).map((file) => join(folder, file));
      const inside = join(folder, basename(databaseFile));
      return {
        name,
        ...readAbout(folder),
        sizeBytes: files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0),
        databaseFile: statSync(inside, { throwIfNoEntry: false })?.isFile() === true ? inside : null,
      };
    })
    .sort((a, b) => b.atMs - a.atMs);
}

function readAbout(folder: string): Pick<SetAside, 'atMs' | 'reason' | 'details'> {
  try {
    return aboutSchema.parse(JSON.parse(readFileSync(join(folder, aboutFile), 'utf8')));
  } catch {
    // Not made by this app, or the start ended before it was written: the files are listed all the same.
    return { atMs: statSync(folder).mtimeMs, reason: 'unknown', details: [] };
  }
}
