import { chmodSync, cpSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { scriptFolder } from '../attempt/job-folders.ts';
import { toPath } from '../process/child-environment.ts';
import type { JobsUser } from '../process/jobs-user.ts';

/** Files of an installed app are in an archive; those that are more than read lie in a folder beside it. */
const besideArchive = (path: string): string => path.replace(/([/\\]app\.asar)(?=[/\\])/, '$1.unpacked');

/** The `signalbox` package that scripts import. It lies as far from the worker's file in the sources as when built. */
export const jobApiFolder = (scriptWorker: string | URL): string =>
  besideArchive(resolve(dirname(toPath(scriptWorker)), '../../resources/signalbox'));

/** Puts the package where editors find it for scripts kept in the data directory; to be called at every start. */
export function installJobApi(dataDir: string, scriptWorker: string | URL, user: JobsUser | null): void {
  const modules = join(scriptFolder(dataDir), 'node_modules');
  const target = join(modules, 'signalbox');
  mkdirSync(target, { recursive: true, mode: 0o700 });
  // Beside a script, it is what Node finds first.
  if (user !== null) for (const folder of [modules, target]) chmodSync(folder, 0o755);
  cpSync(jobApiFolder(scriptWorker), target, { recursive: true });
}
