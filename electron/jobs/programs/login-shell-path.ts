import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { basename, isAbsolute } from 'node:path';
import { signalGroup } from '../process/process-tree.ts';

/**
 * Shells that take `-ilc`. The library for this, shell-env, has no time limit, reads every variable and brings eleven
 * packages; what is needed here is one line of one program.
 */
const knownShells = new Set(['bash', 'zsh', 'fish', 'sh', 'dash', 'ksh', 'mksh']);
/** What a profile prints besides is bounded as well. */
const maxBytes = 1024 * 1024;

export type LoginPath = { path: string } | { problem: string };

/**
 * The PATH that a login shell has once it has read its profiles. An app that was started from a menu or by launchd has
 * only the system's own folders in its PATH. Never rejects; takes no longer than `timeoutMs`, and leaves no process: a
 * profile may wait for input or start daemons.
 */
export function readLoginShellPath(
  shell: string,
  { env, timeoutMs }: { env: Readonly<Record<string, string>>; timeoutMs: number },
): Promise<LoginPath> {
  if (!isAbsolute(shell)) return Promise.resolve({ problem: `${shell} is not the full path of a shell` });
  if (!knownShells.has(basename(shell))) return Promise.resolve({ problem: `${shell} is not a shell known here` });
  const mark = `signalbox-${randomUUID()}`;
  return new Promise((resolve) => {
    let child: ChildProcess;
    let text = '';
    const done = (result: LoginPath): void => {
      clearTimeout(timer);
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
      resolve(result);
    };
    const timer = setTimeout(
      () => done({ problem: `${shell} did not answer within ${timeoutMs / 1000} s; its profile may wait for input` }),
      timeoutMs,
    );
    // `env` prints what programs see, in every shell alike; aliases and functions of the same name do not count.
    child = spawn(shell, ['-ilc', `printf '\\n%s\\n' '${mark}'; command env; printf '%s\\n' '${mark}'`], {
      // Frameworks around zsh ask whether to update themselves.
      env: { ...env, DISABLE_AUTO_UPDATE: 'true' },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    child.on('error', (error) => done({ problem: `${shell} could not be started: ${error.message}` }));
    child.stdout?.setEncoding('utf8');
    child.stdout?.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > maxBytes) return done({ problem: `${shell} printed more than ${maxBytes} bytes` });
      const found = findPath(text, mark);
      if (found !== null) done(found);
    });
    child.on('exit', (code, signal) => {
      // Its last words may still be in the pipe, which a daemon of its profile may hold open.
      setTimeout(
        () => done({ problem: `${shell} ended with ${signal ?? `exit code ${code}`} and printed no PATH` }),
        200,
      );
    });
  });
}

function findPath(text: string, mark: string): LoginPath | null {
  const parts = text.split(`${mark}\n`);
  if (parts.length < 3) return null;
  const path = /^PATH=(.*)$/m.exec(parts[1] ?? '')?.[1] ?? '';
  return path === '' ? { problem: 'the login shell has no PATH' } : { path };
}
