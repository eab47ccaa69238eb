import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { requestProblem } from '../../destinations/request-problem.ts';
import { ownFolder, scriptFolder } from '../../jobs/attempt/job-folders.ts';
import type { JobEnvironment } from '../../jobs/programs/job-environment.ts';
import { findProgram, hasFolder, readVariable, thisSystem } from '../../jobs/programs/program-search.ts';
import { explainNotFound, planStart } from '../../jobs/programs/program-start.ts';
import type { StoredJob } from '../../store/definitions/jobs.ts';

/**
 * Why a job could not start now, by what is on the disk: its script, its folder or its program is missing. Paths are
 * resolved as at a run's start.
 */
export function jobFileProblem(
  { spec, baseDir }: Pick<StoredJob, 'spec' | 'baseDir'>,
  dataDir: string,
  environment: JobEnvironment,
): string | null {
  if (spec.kind === 'http') return requestProblem(spec);
  const cwd = spec.cwd === undefined ? baseDir : resolve(baseDir ?? dataDir, spec.cwd);
  if (cwd !== null && !isFolder(cwd)) return `Its working folder ${cwd} does not exist.`;
  if (spec.kind === 'script') {
    const file = resolve(baseDir ?? scriptFolder(dataDir), spec.file);
    return isFile(file) ? null : `Its script ${file} does not exist.`;
  }
  const [program = ''] = spec.command;
  if (program === '') return 'Its command is empty.';
  // Without a folder of its own the job works in one that is empty until its first run.
  const place = {
    cwd: cwd ?? ownFolder(spec, dataDir),
    env: environment.variables(spec.inheritEnv ?? [], spec.env ?? {}),
  };
  const found = findProgram(program, place, thisSystem);
  if (found.kind === 'found' || program === 'node') {
    const planned = planStart(spec.command, place, thisSystem);
    return 'problem' in planned ? `Its program ${program} ${planned.problem}.` : null;
  }
  const searched = environment.searched(readVariable(spec.env ?? {}, 'PATH', process.platform));
  return `Its program ${program} ${explainNotFound(found, hasFolder(program), { searched, slug: spec.slug })}.`;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    // As for isFile.
    return false;
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    // A folder on the way may not be entered, or is a file itself: for the job that is the same as not there.
    return false;
  }
}
