import { type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { lstatSync, opendirSync, rm, rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../../shared/error-code.ts';
import type { JobsUser } from './jobs-user.ts';

/** More than this is left to another process. */
const maxRemovedHere = 100;

/**
 * Removes what a run has left, in the background. Files of another user are not removed by root: a process of that user
 * could put a link in the place of a folder meanwhile, and have root remove what the link leads to. So folders are emptied
 * by a process of their own user; single files, whose names lead nowhere, are removed directly.
 */
export function removeFiles(
  path: string,
  user: JobsUser | null,
  onDone: (error: Error | null) => void = () => undefined,
): void {
  if (user === null) {
    rm(path, { recursive: true, force: true, maxRetries: 2 }, onDone);
    return;
  }
  if (tryRemoveFlat(path)) return void setImmediate(() => onDone(null));
  const { program, args, options } = removal(path, user);
  const child = spawn(program, args, options);
  child.once('error', onDone);
  child.once('exit', () => onDone(tryRemoveFlat(path) ? null : new Error(`${path} could not be emptied`)));
}

/** The same, done when it returns; what cannot be removed stays. */
export function removeFilesNow(path: string, user: JobsUser | null): void {
  if (user === null) {
    rmSync(path, { recursive: true, force: true });
    return;
  }
  if (tryRemoveFlat(path)) return;
  const { program, args, options } = removal(path, user);
  spawnSync(program, args, options);
  tryRemoveFlat(path);
}

/** Folders that a job has closed to itself are opened first. */
const removal = (path: string, { uid, gid }: JobsUser) => ({
  program: '/bin/sh',
  args: ['-c', 'chmod -R u+rwX -- "$1"; rm -rf -- "$1"', 'sh', path],
  options: { uid, gid, cwd: '/', stdio: 'ignore', env: { PATH: '/usr/bin:/bin' } } satisfies SpawnOptions,
});

/** True when nothing is left of it. */
function tryRemoveFlat(path: string): boolean {
  try {
    if (!lstatSync(path).isDirectory()) {
      unlinkSync(path);
      return true;
    }
    const dir = opendirSync(path);
    try {
      let entry = dir.readSync();
      for (let count = 0; entry !== null && count < maxRemovedHere; count += 1) {
        if (!entry.isDirectory()) unlinkSync(join(path, entry.name));
        entry = dir.readSync();
      }
    } finally {
      dir.closeSync();
    }
    rmdirSync(path);
    return true;
  } catch (error) {
    return errorCode(error) === 'ENOENT';
  }
}
