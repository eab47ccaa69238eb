import { accessSync, constants, lstatSync, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';

/** What a search for a program depends on; passed in, so that Windows' rules are tried on every system. */
export interface ProgramSystem {
  platform: NodeJS.Platform;
  isFile(path: string): boolean;
  /** Of a file; always true on Windows, where the extension says it. */
  isExecutable(path: string): boolean;
}

export type FoundProgram =
  | { kind: 'found'; file: string }
  /** Folders or files that were tried, in this order. */
  | { kind: 'missing'; tried: string[] }
  | { kind: 'not-executable'; file: string };

/** Names of variables have no case on Windows; a copy of the environment, however, has. */
export function readVariable(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  platform: NodeJS.Platform,
): string | undefined {
  if (platform !== 'win32') return env[name];
  const wanted = name.toUpperCase();
  // The last one counts: what a job sets comes after what the app has.
  return Object.entries(env).findLast(([key]) => key.toUpperCase() === wanted)?.[1];
}

/** What Windows has where PATHEXT is not set. */
const defaultExtensions = '.COM;.EXE;.BAT;.CMD';
/** Where a system looks that is given no PATH at all. */
const defaultPosixPath = '/usr/local/bin:/usr/bin:/bin';

/** Absolute folders, in the order in which they are searched, each once. */
export function searchFolders(env: Readonly<Record<string, string>>, cwd: string, platform: NodeJS.Platform): string[] {
  const text = readVariable(env, 'PATH', platform);
  if (platform !== 'win32') {
    // An empty entry means the folder one is in.
    return [...new Set((text ?? defaultPosixPath).split(':').map((folder) => posix.resolve(cwd, folder)))];
  }
  // A folder with a semicolon in its name stands in quotes.
  const entries = (text ?? '').match(/(?:"[^"]*"|[^;"])+/g) ?? [];
  const folders = entries.map((entry) => entry.replaceAll('"', '').trim()).filter((entry) => entry !== '');
  return [...new Set(folders.map((folder) => win32.resolve(cwd, folder)))];
}

/** Names without one are looked for on the PATH. */
export const hasFolder = (program: string, platform: NodeJS.Platform = process.platform): boolean =>
  platform === 'win32' ? /[\\/]|^[A-Za-z]:/.test(program) : program.includes('/');

/**
 * The file a command's first word leads to. Names without a folder are looked for on the PATH of `env`; paths start in
 * `cwd`. On Windows extensions are filled in as PATHEXT says, PowerShell scripts come last, and the job's own folder is
 * looked at after the PATH, not before it: a file that lies there must not take the place of a system's program.
 */
export function findProgram(
  program: string,
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string>> },
  system: ProgramSystem,
): FoundProgram {
  const { platform } = system;
  const isWindows = platform === 'win32';
  const isPath = hasFolder(program, platform);
  const { join, resolve } = isWindows ? win32 : posix;
  const folders = searchFolders(env, cwd, platform);
  const places = isPath
    ? [resolve(cwd, program)]
    : [...folders, ...(isWindows ? [cwd] : [])].map((folder) => join(folder, program));
  let refused: string | null = null;
  for (const place of places) {
    for (const file of isWindows ? withExtensions(place, env) : [place]) {
      if (!system.isFile(file)) continue;
      if (system.isExecutable(file)) return { kind: 'found', file };
      refused ??= file;
    }
  }
  if (refused !== null) return { kind: 'not-executable', file: refused };
  return { kind: 'missing', tried: isPath ? places : folders };
}

function withExtensions(file: string, env: Readonly<Record<string, string>>): string[] {
  const extensions = (readVariable(env, 'PATHEXT', 'win32') || defaultExtensions)
    .split(';')
    .map((extension) => extension.trim().toLowerCase())
    .filter((extension) => /^\.[^\\/:*?"<>|]+$/.test(extension));
  const filled = [...extensions, '.ps1'].map((extension) => file + extension);
  // Without an extension Windows starts nothing: beside npm.cmd lies npm, a script for sh.
  return win32.extname(file) === '' ? filled : [file, ...filled];
}

export const thisSystem: ProgramSystem = {
  platform: process.platform,
  isFile(path) {
    try {
      return statSync(path).isFile();
    } catch {
      // Not there, or a folder on the way may not be entered. An app's alias of the Windows store cannot be followed, but
      // can be started.
      return process.platform === 'win32' && isLink(path);
    }
  },
  isExecutable(path) {
    if (process.platform === 'win32') return true;
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  },
};

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
