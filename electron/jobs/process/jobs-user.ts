import { chmodSync, chownSync, closeSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode } from '../../../shared/error-code.ts';
import { errorText } from '../../../shared/error-text.ts';

/** The operating system's user that jobs run as, where it is not the app's own (`--jobs-user`). */
export const jobsUserSchema = z.object({
  name: z.string(),
  uid: z.number().int(),
  /** Its primary group. */
  gid: z.number().int(),
  /** All of its groups. */
  groups: z.array(z.number().int()),
  home: z.string(),
  shell: z.string().nullable(),
});
export type JobsUser = z.infer<typeof jobsUserSchema>;

/** Why jobs cannot run as the user that was asked for: the rest of a sentence that begins with the option. */
export class JobsUserError extends Error {}

/**
 * Looks a user up by name. Only root can start processes as another user: a capability alone would pass on to the jobs,
 * which could then become root with it. Throws JobsUserError.
 */
export function findJobsUser(name: string): JobsUser {
  if (process.platform === 'win32') throw new JobsUserError('is not available on Windows');
  if (process.geteuid?.() !== 0) {
    throw new JobsUserError('needs Signalbox to be started as root: only root can start processes as another user');
  }
  const ownGroups = process.getgroups?.() ?? [];
  const ownGid = process.getegid?.() ?? 0;
  try {
    process.seteuid?.(name);
    // Of the effective user.
    const { uid, gid, homedir, shell } = userInfo();
    process.seteuid?.(0);
    initGroups(name, gid);
    // It is counted among the groups.
    process.setegid?.(gid);
    if (uid === 0) throw new JobsUserError('must be another user than root');
    return { name, uid, gid, groups: process.getgroups?.() ?? [gid], home: homedir, shell };
  } catch (error) {
    if (error instanceof JobsUserError) throw error;
    const isUnknown = errorCode(error) === 'ERR_UNKNOWN_CREDENTIAL';
    const why = isUnknown
      ? 'this system has no such user; create it, for example with useradd --system'
      : errorText(error);
    throw new JobsUserError(`cannot be ${name}: ${why}`);
  } finally {
    process.seteuid?.(0);
    process.setegid?.(ownGid);
    process.setgroups?.(ownGroups);
  }
}

/** Takes the groups of a user, which Node's types do not know. */
function initGroups(name: string, gid: number): void {
  const init: unknown = Reflect.get(process, 'initgroups');
  if (typeof init === 'function') Reflect.apply(init, process, [name, gid]);
}

/** In a child process that was started as root: gives that up for good. */
export function becomeUser({ uid, gid, groups }: JobsUser): void {
  process.setgroups?.(groups);
  process.setgid?.(gid);
  process.setuid?.(uid);
}

/** Does work with the rights of the user, and nothing beside it: for the start, before other threads are there. */
function asUser<T>({ uid, gid, groups }: JobsUser, work: () => T): T {
  const own = process.getgroups?.() ?? [];
  const ownGid = process.getegid?.() ?? 0;
  try {
    process.setgroups?.(groups);
    process.setegid?.(gid);
    process.seteuid?.(uid);
    return work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(ownGid);
    process.setgroups?.(own);
  }
}

/** What takes the place of the app's own variables. */
export const userVariables = ({ name, home, shell }: JobsUser): Record<string, string> => ({
  HOME: home,
  USER: name,
  LOGNAME: name,
  ...(shell === null ? {} : { SHELL: shell }),
  // The app's own may be for its user alone.
  ...(process.env.TMPDIR === undefined ? {} : { TMPDIR: '/tmp' }),
});

/** Folders in the data directory that jobs pass through to what is theirs, and the one whose scripts they read. */
const passed = ['run-temp', 'run-files', 'work'];

/**
 * Lets the user reach the folders of jobs in the data directory: it may pass through the directory, and list nothing in
 * it. `programs` are files of the app that jobs are started from. Throws JobsUserError where the way there is closed.
 */
export function admitUser(user: JobsUser, dataDir: string, programs: readonly string[]): void {
  chmodSync(dataDir, (statSync(dataDir).mode & 0o7777) | 0o011);
  for (const name of passed) {
    mkdirSync(join(dataDir, name), { recursive: true, mode: 0o711 });
    chmodSync(join(dataDir, name), 0o711);
  }
  const scripts = join(dataDir, 'jobs');
  mkdirSync(scripts, { recursive: true, mode: 0o755 });
  chmodSync(scripts, (statSync(scripts).mode & 0o7777) | 0o055);
  asUser(user, () => {
    try {
      readdirSync(scripts);
    } catch {
      throw new JobsUserError(
        `cannot be ${user.name}: that user may not enter ${dataDir}; choose a data directory in a folder open to it with --data-dir, such as /var/lib/signalbox`,
      );
    }
    for (const file of programs) {
      try {
        closeSync(openSync(file, 'r'));
      } catch {
        throw new JobsUserError(
          `cannot be ${user.name}: that user may not read ${file}; install the program where it can, such as below /opt`,
        );
      }
    }
  });
}

/** For a file or folder whose own folder the user cannot change. */
export function giveTo(user: JobsUser | null, path: string): void {
  if (user !== null) chownSync(path, user.uid, user.gid);
}

/** Makes a folder that the user of jobs alone may enter. */
export function makeFolderFor(user: JobsUser | null, path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (user !== null && statSync(path).uid !== user.uid) giveTo(user, path);
}
