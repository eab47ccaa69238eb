import { statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { SecretRef } from '../../../shared/contract/common.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { errorText } from '../../../shared/error-text.ts';
import { type AttemptProcess, type AttemptStart, failedResult } from '../attempt/attempt.ts';
import type { CatalogJob } from '../attempt/job-catalog.ts';
import { ownFolder, scriptPath, workFolder } from '../attempt/job-folders.ts';
import type { RequestAttempts } from '../attempt/request-attempts.ts';
import { SecretMasks } from '../masks/secret-masks.ts';
import type { Guardian } from '../process/guardian-link.ts';
import { type JobsUser, makeFolderFor } from '../process/jobs-user.ts';
import { instanceMarker } from '../process/process-tree.ts';
import type { JobEnvironment } from '../programs/job-environment.ts';
import type { ScriptPool } from '../script/script-pool.ts';
import type { WorkerStart } from '../script/spare-workers.ts';
import { startCommand } from './command-runner.ts';

export interface AttemptDeps {
  dataDir: string;
  tempDir: string;
  instance: string;
  environment: JobEnvironment;
  /** Jobs run as this user; null: as the app's own. */
  user: JobsUser | null;
  guardian: Guardian;
  pool: ScriptPool;
  readSecret: (ref: SecretRef) => string;
  requests: RequestAttempts;
  killGraceMs: number;
  log: Logger;
}

/** A job made ready to run: the same for every run that is claimed in one turn. */
export interface PreparedJob {
  job: CatalogJob;
  env: Record<string, string>;
  masks: SecretMasks;
  cwd: string;
  /** For a script. */
  file: string;
  fingerprint: string;
  /** Why no run of it can start. */
  problem: string | null;
}

const noMasks = new SecretMasks();
const compiledMasks = new WeakMap<CatalogJob, { secrets: readonly string[]; masks: SecretMasks }>();

/** Compiled once for a job and the values its secrets have: that costs more than a short run. */
function masksFor(job: CatalogJob, secrets: readonly string[]): SecretMasks {
  const known = compiledMasks.get(job);
  if (known !== undefined && isDeepStrictEqual(known.secrets, secrets)) return known.masks;
  const masks = new SecretMasks(secrets);
  compiledMasks.set(job, { secrets, masks });
  return masks;
}

function readSecrets(job: CatalogJob, readSecret: (ref: SecretRef) => string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, ref] of Object.entries(job.spec.secrets ?? {})) values[name] = readSecret(ref);
  return values;
}

export function prepareJob(
  job: CatalogJob,
  { dataDir, instance, environment, user, readSecret, requests }: AttemptDeps,
): PreparedJob {
  const prepared: PreparedJob = {
    job,
    env: {},
    masks: noMasks,
    cwd: '',
    file: '',
    fingerprint: '',
    problem: null,
  };
  try {
    if (job.spec.kind === 'http') {
      prepared.masks = masksFor(job, requests.secretsOf(job.spec));
      return prepared;
    }
    const secrets = readSecrets(job, readSecret);
    const values = Object.values(secrets);
    const inherited = job.spec.inheritEnv ?? [];
    prepared.masks = masksFor(job, [...values, ...environment.passwords(inherited)]);
    prepared.env = environment.variables(inherited, { ...job.spec.env, ...secrets, [instanceMarker]: instance });
    prepared.cwd = workFolder(job, dataDir);
    if (prepared.cwd === ownFolder(job, dataDir)) makeFolderFor(user, prepared.cwd);
    if (job.spec.kind === 'script') {
      prepared.file = scriptPath(job, dataDir, job.spec.file);
      const stats = statSync(prepared.file, { throwIfNoEntry: false });
      if (stats === undefined) {
        prepared.problem = `The script ${prepared.file} does not exist; put it there or change "file" of the job ${job.slug}.`;
      } else {
        prepared.fingerprint = JSON.stringify([job.version, job.baseDir, stats.mtimeMs, stats.size, prepared.env]);
      }
    }
  } catch (error) {
    const message = errorText(error);
    prepared.problem = error instanceof AppError ? message : `The job ${job.slug} could not be prepared: ${message}`;
  }
  return prepared;
}

/** What a process for the runs of a job is made for; null where it is no script, or would be of no use. */
export function workerStart(job: CatalogJob | null, deps: AttemptDeps): WorkerStart | null {
  if (job === null || job.spec.kind !== 'script' || job.approval === 'required') return null;
  const prepared = prepareJob(job, deps);
  return prepared.problem === null ? ofScript(prepared, job.spec, null) : null;
}

const ofScript = (
  { job, cwd, env, file, fingerprint }: PreparedJob,
  { isolate = false }: { isolate?: boolean | undefined },
  approved: AttemptStart['approved'],
): WorkerStart => ({
  job,
  cwd,
  env,
  file,
  isolate,
  approved,
  // A worker that has loaded what was approved before is of no use for what is approved now.
  fingerprint: `${fingerprint} ${approved?.digest ?? ''}`,
});

/** Starts the processes of an attempt; `start.onEnd` comes later in any case, never within this call. */
export function startAttempt(
  prepared: PreparedJob,
  start: AttemptStart,
  { guardian, pool, requests, user, environment, tempDir, killGraceMs, log }: AttemptDeps,
): AttemptProcess | null {
  const { problem } = prepared;
  if (problem !== null) {
    setImmediate(() => start.onEnd(failedResult('spawn', problem)));
    return null;
  }
  const { spec } = prepared.job;
  if (spec.kind === 'http') return requests.start(start, spec);
  const own = { cwd: prepared.cwd, env: prepared.env };
  return spec.kind === 'command'
    ? startCommand(
        {
          ...start,
          ...own,
          spec,
          command: spec.command,
          asks: spec.asks === true,
          pass: spec.pass,
          yieldsOutput: spec.outcome === 'output',
        },
        { guardian, user, environment, tempDir, killGraceMs, log },
      )
    : pool.start({ ...start, ...ofScript(prepared, spec, start.approved) });
}
