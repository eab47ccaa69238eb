import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { isBuilt } from '../../scripts/build-state.mjs';
import { compileCache } from '../support/compile-cache.ts';

const root = join(import.meta.dirname, '../..');
/** The built command when it is made from these sources, else the sources themselves. */
const entry = isBuilt() ? join(root, 'bin/signalbox.mjs') : join(root, 'electron/cli.ts');

export interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: Record<string, string> | undefined;
  /** What it reads from standard input; nothing by default. */
  input?: string | Buffer | undefined;
  cwd?: string | undefined;
}

export interface RunningCommand {
  child: ChildProcess;
  /** Resolves once standard output, or standard error, fits. */
  printed(pattern: RegExp, stream?: 'stdout' | 'stderr'): Promise<RegExpExecArray>;
  ended: Promise<Result>;
}

function follow(child: ChildProcess): RunningCommand {
  const texts = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text;
      for (const look of [...waiting]) look();
    });
  }
  const ended = new Promise<Result>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...texts }));
  });
  return {
    child,
    ended,
    printed: (pattern, stream = 'stdout') =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(texts[stream]);
          if (found === null) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        ended.then(({ code, stdout, stderr }) =>
          reject(new Error(`ended with ${code} before it printed ${pattern}:\n${stdout}\n${stderr}`)),
        );
      }),
  };
}

/** The program and its arguments, for those that start it themselves. */
export const commandLine = (args: readonly string[]): [string, ...string[]] => [process.execPath, entry, ...args];

/** The command as a child process, into pipes. */
export function startCommand(args: readonly string[], { env = {}, input, cwd }: RunOptions = {}): RunningCommand {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: cwd ?? root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TZ: 'UTC', ...compileCache, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input ?? '');
  return follow(child);
}

export const runCommand = (args: readonly string[], options?: RunOptions): Promise<Result> =>
  startCommand(args, options).ended;

/** In a terminal of 100 columns that util-linux's `script` makes; what it prints on both streams is in `stdout`. */
export function runInTerminal(args: readonly string[], { env = {} }: RunOptions = {}): Promise<Result> {
  const quoted = [process.execPath, entry, ...args].map((arg) => `'${arg.replaceAll("'", `'\\''`)}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols 100; ${quoted}`, '/dev/null'], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TZ: 'UTC', ...compileCache, SHELL: '/bin/sh', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return follow(child).ended;
}

/** The values of JSON Lines. */
export const jsonLines = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
