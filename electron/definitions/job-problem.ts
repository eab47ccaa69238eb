import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { scriptFolder } from '../jobs/start-attempt.ts';
import type { StoredJob } from '../store/jobs.ts';

/**
 * Why a job could not start now, by what is on the disk: its script, its folder or its program is missing. Paths are
 * resolved as at a run's start.
 */
export function jobFileProblem({ spec, baseDir }: Pick<StoredJob, 'spec' | 'baseDir'>, dataDir: string): string | null {
  const cwd = spec.cwd === undefined ? baseDir : resolve(baseDir ?? dataDir, spec.cwd);
  if (cwd !== null && !isFolder(cwd)) return `Its working folder ${cwd} is not there.`;
  if (spec.kind === 'script') {
    const file = resolve(baseDir ?? scriptFolder(dataDir), spec.file);
    return isFile(file) ? null : `Its script ${file} is not there.`;
  }
  const [program = ''] = spec.command;
  if (program === '') return 'Its command is empty.';
  if (!/[/\\]/.test(program)) {
    return isOnPath(program, spec.env?.PATH) ? null : `Its program "${program}" is not on the PATH.`;
  }
  // Without a folder of its own the job works in one that is empty until its first run.
  const file = resolve(cwd ?? join(dataDir, 'work', spec.slug), program);
  if (!programFiles(file).some(isFile)) return `Its program ${file} is not there.`;
  return programFiles(file).some(isExecutable) ? null : `Its program ${file} may not be executed (chmod +x).`;
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

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const programFiles = (file: string): string[] =>
  process.platform === 'win32'
    ? ['', ...(process.env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';')].map((extension) => file + extension)
    : [file];

function isOnPath(program: string, ownPath: string | undefined): boolean {
  const folders = (ownPath ?? process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.some((folder) =>
    programFiles(join(folder, program)).some((file) => isFile(file) && isExecutable(file)),
  );
}
