import { join, resolve } from 'node:path';
import type { CatalogJob } from './job-catalog.ts';

/** Where a script's path starts when its definition does not come from a file. */
export const scriptFolder = (dataDir: string): string => join(dataDir, 'jobs');

/** Absolute path of a script. */
export const scriptPath = (job: Pick<CatalogJob, 'baseDir'>, dataDir: string, file: string): string =>
  resolve(job.baseDir ?? scriptFolder(dataDir), file);

/** A folder that only this job works in. */
export const ownFolder = (job: Pick<CatalogJob, 'slug'>, dataDir: string): string => join(dataDir, 'work', job.slug);

/**
 * The working directory of a job: its `cwd`; else the directory of the file that defines it, so that paths in its command
 * are relative to that file; else a private directory, made by the first attempt.
 */
export function workFolder(job: CatalogJob, dataDir: string): string {
  if (job.spec.kind !== 'http' && job.spec.cwd !== undefined) return resolve(job.baseDir ?? dataDir, job.spec.cwd);
  return job.baseDir ?? ownFolder(job, dataDir);
}
