import { join } from 'node:path';
import { admitUser, findJobsUser, type JobsUser, JobsUserError } from '../jobs/process/jobs-user.ts';
import { jobApiFolder } from '../jobs/script/job-api.ts';
import { StartError } from '../upkeep/start-error.ts';
import type { WorkerFiles } from './runtime-types.ts';

function orStartError<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof JobsUserError)) throw error;
    throw new StartError('jobs_user_invalid', `--jobs-user ${error.message}`, { cause: error });
  }
}

/** The user of `--jobs-user`; null without the option. Throws StartError. */
export const readJobsUser = (name: string | null): JobsUser | null =>
  name === null ? null : orStartError(() => findJobsUser(name));

/** Opens to the user of jobs what they need of the data directory, and nothing else. Throws StartError. */
export function admitJobsUser(user: JobsUser | null, dataDir: string, { guardian, scriptWorker }: WorkerFiles): void {
  if (user === null) return;
  const api = join(jobApiFolder(scriptWorker), 'package.json');
  orStartError(() => admitUser(user, dataDir, [guardian, scriptWorker, api, process.execPath]));
}
