import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { type HeldLock, holdLock } from '../store/lock.ts';
import { StartError } from './runtime-types.ts';

export interface DataDir {
  path: string;
  databaseFile: string;
  searchFile: string;
  /** Marks this directory's own children among all processes; stays the same over restarts. */
  instanceId: string;
  /** Says where this instance can be reached, for a second one that finds the directory taken. */
  publish(owner: { receiverUrl: string; consoleUrl: string | null }): Promise<void>;
  release(): void;
}

const ownerSchema = z.object({ pid: z.number(), receiverUrl: z.string().optional(), consoleUrl: z.string().nullish() });

/** Creates the directory when it is new, and takes it: one instance owns it, desktop or headless. */
export function openDataDir(path: string): DataDir {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (process.platform !== 'win32') chmodSync(path, 0o700);
  } catch (error) {
    throw new StartError(
      `the data directory ${path} cannot be used: ${reason(error)}; choose another with --data-dir`,
      {
        cause: error,
      },
    );
  }
  const lock = take(path);
  const ownerFile = join(path, 'owner.json');
  writeFileAtomic.sync(ownerFile, JSON.stringify({ pid: process.pid }), { mode: 0o600 });
  return {
    path,
    databaseFile: join(path, 'signalbox.db'),
    searchFile: join(path, 'search.db'),
    instanceId: readInstanceId(join(path, 'instance-id')),
    publish: (owner) => writeFileAtomic(ownerFile, JSON.stringify({ pid: process.pid, ...owner }), { mode: 0o600 }),
    release: () => lock.release(),
  };
}

function take(path: string): HeldLock {
  let lock: HeldLock | null;
  try {
    lock = holdLock(join(path, 'lock.db'));
  } catch (error) {
    throw new StartError(
      `the data directory ${path} cannot be used: ${reason(error)}; choose another with --data-dir`,
      {
        cause: error,
      },
    );
  }
  if (lock === null) throw new StartError(`${describeOwner(path)}; stop that one or choose another with --data-dir`);
  return lock;
}

function describeOwner(path: string): string {
  const taken = `the data directory ${path} is in use by another Signalbox`;
  const owner = readOwner(path);
  // The owner is between taking the lock and writing its name.
  if (owner === null) return taken;
  const where = owner.consoleUrl ?? owner.receiverUrl;
  return `${taken} (process ${owner.pid}${where === undefined ? '' : `, at ${where}`})`;
}

/** Who owns the directory, or owned it last; null when nobody has written a name. */
export function readOwner(path: string): z.infer<typeof ownerSchema> | null {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(join(path, 'owner.json'), 'utf8')));
  } catch {
    return null;
  }
}

function readInstanceId(file: string): string {
  try {
    return z.uuid().parse(readFileSync(file, 'utf8').trim());
  } catch {
    const id = randomUUID();
    writeFileAtomic.sync(file, `${id}\n`, { mode: 0o600 });
    return id;
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
