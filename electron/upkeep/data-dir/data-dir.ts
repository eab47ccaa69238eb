import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { errorText } from '../../../shared/error-text.ts';
import { isDiskFull } from '../../store/database/storage-errors.ts';
import { type HeldLock, holdLock } from '../../store/upkeep/lock.ts';
import { StartError } from '../start-error.ts';
import { ensureDataFolder } from './data-folder.ts';
import { type GivenUp, makeRoomForStart } from './start-room.ts';

export interface DataDir {
  path: string;
  databaseFile: string;
  searchFile: string;
  /** Marks this directory's own children among all processes; stays the same over restarts. */
  instanceId: string;
  /** Others may write to the directory: a sentence for people. */
  warning: string | null;
  /** Removed by this start to find room. */
  gaveUp: readonly GivenUp[];
  /** Says where this instance can be reached, for a second one that finds the directory taken. */
  publish(owner: { receiverUrl: string; consoleUrl: string | null; socketPath: string | null }): Promise<void>;
  release(): void;
}

const ownerSchema = z.object({
  pid: z.number(),
  receiverUrl: z.string().optional(),
  consoleUrl: z.string().nullish(),
  socketPath: z.string().nullish(),
});

/**
 * Creates the directory when it is new, and takes it: one instance owns it, desktop or headless. On a full disk it gives
 * up what was put by. Throws StartError.
 */
export function openDataDir(path: string, configFile: string | null = null): DataDir {
  const warning = ensureDataFolder(path, configFile);
  const lock = take(path);
  try {
    const gaveUp = makeRoomForStart(path);
    const ownerFile = join(path, 'owner.json');
    unlessFull(() => writeFileAtomic.sync(ownerFile, JSON.stringify({ pid: process.pid }), { mode: 0o600 }));
    return {
      path,
      databaseFile: join(path, 'signalbox.db'),
      searchFile: join(path, 'search.db'),
      instanceId: readInstanceId(join(path, 'instance-id')),
      warning,
      gaveUp,
      async publish(owner) {
        const text = JSON.stringify({ pid: process.pid, ...owner });
        await writeFileAtomic(ownerFile, text, { mode: 0o600 }).catch(throwUnlessFull);
      },
      release: () => lock.release(),
    };
  } catch (error) {
    lock.release();
    throw cannotBeUsed(path, error);
  }
}

function take(path: string): HeldLock {
  let lock: HeldLock | null;
  try {
    lock = holdLock(join(path, 'lock.db'));
  } catch (error) {
    throw cannotBeUsed(path, error);
  }
  if (lock === null) {
    throw new StartError('data_dir_taken', `${describeOwner(path)}; stop that one or choose another with --data-dir`);
  }
  return lock;
}

const cannotBeUsed = (path: string, error: unknown): StartError =>
  new StartError(
    'data_dir_unusable',
    `the data directory ${path} cannot be used: ${errorText(error)}; choose another with --data-dir`,
    { cause: error },
  );

function throwUnlessFull(error: unknown): void {
  if (!isDiskFull(error)) throw error;
}

/** For what the app can do without: the disk guard reports a full disk. */
function unlessFull(write: () => void): void {
  try {
    write();
  } catch (error) {
    throwUnlessFull(error);
  }
}

function describeOwner(path: string): string {
  const taken = `the data directory ${path} is in use by another Signalbox`;
  const owner = readOwner(path);
  // The owner is between taking the lock and writing its name.
  if (owner === null) return taken;
  const where = owner.consoleUrl ?? owner.receiverUrl;
  return `${taken} (process ${owner.pid}${where === undefined ? '' : `, at ${where}`})`;
}

/** Who owns the directory, or owned it last; null without a readable record. */
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
    unlessFull(() => writeFileAtomic.sync(file, `${id}\n`, { mode: 0o600 }));
    return id;
  }
}
