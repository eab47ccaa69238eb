import { accessSync, constants, type Stats, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { displayProblem } from '../../../scripts/display.mjs';
import { sandboxProblem } from '../../../scripts/sandbox.mjs';
import { errorText } from '../../../shared/error-text.ts';
import { defaultDiskLimits } from '../../upkeep/disk-guard.ts';
import { showBytes } from '../output/show-time.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

/** Files that open the console, the secrets or the store. */
const privateFiles = ['console-token', 'secret.key', 'signalbox.db', 'signalbox.db-wal', 'search.db', 'owner.json'];

const statOf = (path: string): Stats | null => statSync(path, { throwIfNoEntry: false }) ?? null;

/** The nearest folder that is there: what a new one would be made in. */
function existing(path: string): string {
  let at = path;
  while (statOf(at) === null && dirname(at) !== at) at = dirname(at);
  return at;
}

export function checkPermissions(dataDir: string): Finding[] {
  const check = 'permissions';
  try {
    const folder = statOf(dataDir);
    const mustWrite = existing(dataDir);
    if (folder !== null && !folder.isDirectory()) {
      return [problem(check, `${dataDir} is not a folder.`, 'Choose another with --data-dir.')];
    }
    try {
      accessSync(mustWrite, constants.W_OK | constants.X_OK);
    } catch {
      const remedy =
        'Run this as the user of the server, give the folder to this user, or choose another with --data-dir.';
      return [problem(check, `This user cannot write to ${mustWrite}.`, remedy)];
    }
    if (folder === null) return [ok(check, `${dataDir} is created at the first start.`)];
    const found = process.platform === 'win32' ? [] : openToOthers(dataDir, folder);
    return found.length > 0 ? found : [ok(check, `${dataDir} and the secrets in it are private to their user.`)];
  } catch (error) {
    return [problem(check, `${dataDir} cannot be read: ${errorText(error)}.`, 'Run this as the user of the server.')];
  }
}

function openToOthers(dataDir: string, folder: Stats): Finding[] {
  const check = 'permissions';
  const found: Finding[] = [];
  const isShared = (folder.mode & 0o002) !== 0 || ((folder.mode & 0o020) !== 0 && folder.gid !== process.getgid?.());
  if (isShared) {
    const message = `Other users can write to ${dataDir}, and could replace its contents.`;
    found.push(problem(check, message, `chmod go-w '${dataDir}'`));
  }
  // Behind a closed folder the modes of files do not matter.
  if ((folder.mode & 0o011) === 0) return found;
  for (const name of privateFiles) {
    const file = join(dataDir, name);
    const stat = statOf(file);
    if (stat === null || (stat.mode & 0o044) === 0) continue;
    found.push(problem(check, `Other users can read ${file}.`, `chmod 600 '${file}'`));
  }
  return found;
}

export function checkDisk(dataDir: string): Finding {
  const check = 'disk';
  const { bavail, bsize } = statfsSync(existing(dataDir));
  const free = bavail * bsize;
  const message = `${showBytes(free)} free on the disk of ${dataDir}.`;
  if (free < defaultDiskLimits.stopBytes) {
    const needed = showBytes(defaultDiskLimits.stopBytes);
    return problem(
      check,
      `${message} Deliveries get 503 below ${needed}.`,
      'Free space, or keep less (Settings, Retention).',
    );
  }
  if (free < defaultDiskLimits.warnBytes)
    return warning(check, message, 'Free space, or keep less (Settings, Retention).');
  return ok(check, message);
}

/** For the app with a window; a server needs none of it. */
export async function checkDisplay(env: NodeJS.ProcessEnv): Promise<Finding> {
  const check = 'display';
  if (process.platform !== 'linux') return ok(check, 'The window needs no setup on this system.');
  const found = await displayProblem(env);
  if (found === undefined) return ok(check, 'A window can be opened.');
  const remedy = 'A server needs no display: use signalbox start. For a window, start it inside a desktop session.';
  return warning(check, found, remedy);
}

export function checkSandbox(executable: string, places?: { system?: string; profiles?: string }): Finding {
  const check = 'sandbox';
  if (process.platform !== 'linux') return ok(check, 'The sandbox of the window needs no setup on this system.');
  const found = sandboxProblem(executable, places);
  if (found === undefined) return ok(check, 'The sandbox of the window can start.');
  const [message = found, remedy = ''] = found.split(/(?<=\.) (?=Give it)/);
  return warning(check, message, remedy);
}
