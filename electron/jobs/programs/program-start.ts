import { win32 } from 'node:path';
import { asNode, type SearchedPath } from '../process/child-environment.ts';
import { type FoundProgram, findProgram, type ProgramSystem, readVariable } from './program-search.ts';
import { batchArguments, batchLine } from './windows-command-line.ts';

/** How a command's process is started. */
export interface ProgramStart {
  program: string;
  args: string[];
  /** Windows: the arguments are a line that is quoted already. */
  verbatim: boolean;
  env: Record<string, string>;
}

export interface CommandPlace {
  cwd: string;
  env: Record<string, string>;
}

export type PlannedStart = ProgramStart | { problem: string };

/**
 * What to start for a command: the file its first word leads to, through an interpreter where Windows needs one. A problem
 * is the rest of a sentence that begins with the program.
 */
export function planStart(command: readonly string[], place: CommandPlace, system: ProgramSystem): PlannedStart {
  const [program = '', ...args] = command;
  if (program === 'node' && findProgram(program, place, system).kind === 'missing') {
    // A job that asks for `node` gets this program's own where there is no other, as in an installed desktop app.
    return { program: process.execPath, args, verbatim: false, env: { ...asNode(), ...place.env } };
  }
  // Elsewhere the system finds it by the same rules, and runs what begins with #! as well.
  if (system.platform !== 'win32') return { program, args, verbatim: false, env: place.env };
  const found = findProgram(program, place, system);
  if (found.kind !== 'found') return { program, args, verbatim: false, env: place.env };
  const windows = planWindowsStart(found.file, args, place, system);
  return 'problem' in windows ? windows : { ...windows, env: place.env };
}

function planWindowsStart(
  file: string,
  args: string[],
  place: CommandPlace,
  system: ProgramSystem,
): Omit<ProgramStart, 'env'> | { problem: string } {
  switch (win32.extname(file).toLowerCase()) {
    case '.exe':
    case '.com':
      return { program: file, args, verbatim: false };
    case '.cmd':
    case '.bat': {
      const batch = batchLine(file, args);
      if ('problem' in batch) return batch;
      return { program: systemProgram('cmd.exe', place), args: batchArguments(batch.line), verbatim: true };
    }
    case '.ps1':
      // With -File arguments are text and never commands. Whether scripts may run at all is the machine's policy.
      return {
        program: findPowerShell(place, system),
        args: ['-NoLogo', '-NoProfile', '-NonInteractive', '-File', file, ...args],
        verbatim: false,
      };
    default:
      return {
        problem: `is ${file}, which Windows cannot start as a program; run it through its interpreter, such as ["node", "${win32.basename(file)}"]`,
      };
  }
}

/** By its full path: what a job's PATH or COMSPEC says must not decide which cmd.exe gets to see the line. */
function systemProgram(name: string, { env }: CommandPlace): string {
  const root = readVariable(env, 'SystemRoot', 'win32') ?? 'C:\\Windows';
  return win32.join(root, 'System32', name);
}

/** PowerShell 7 where it is installed, else the one that is part of Windows. */
function findPowerShell(place: CommandPlace, system: ProgramSystem): string {
  const newer = findProgram('pwsh.exe', place, system);
  return newer.kind === 'found' ? newer.file : systemProgram('WindowsPowerShell\\v1.0\\powershell.exe', place);
}

/** Why a program cannot be started, and what to do; the rest of a sentence that begins with the program. */
export function explainNotFound(
  found: Exclude<FoundProgram, { kind: 'found' }>,
  hasFolder: boolean,
  { searched, slug }: { searched: SearchedPath; slug: string },
): string {
  if (found.kind === 'not-executable') {
    return `may not be executed (${found.file}); make it executable (chmod +x) or run it through its interpreter`;
  }
  if (hasFolder) {
    return `does not exist, or is a folder (looked for ${found.tried.join(', ')}); correct the command of the job ${slug}`;
  }
  const folders = found.tried.length === 0 ? 'which is empty' : `which has ${found.tried.join(', ')}`;
  return `was not found on PATH, ${folders} (${searched.origin}); install it, give its full path in the job ${slug}, or ${searched.advice}`;
}
