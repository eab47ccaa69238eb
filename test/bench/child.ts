import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Child {
  pid: number;
  /** What it printed on stdout up to now. */
  printed(): string;
  stop(): Promise<void>;
}

export interface ChildOptions {
  env?: NodeJS.ProcessEnv;
  /** Waits until stdout matches; absent: until it runs. */
  ready?: RegExp;
  readyWithinMs?: number;
}

const running = new Set<ChildProcess>();
// Whatever ends the bench ends what it started.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a process and resolves when it has printed that it is ready. */
export function startChild(command: string, args: readonly string[], options: ChildOptions): Promise<Child> {
  const child = spawn(command, args, { env: options.env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let stdout = '';
  let stderr = '';
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      running.delete(child);
      resolve();
    });
  });

  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 25_000);
    await ended;
    clearTimeout(timer);
  };

  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`${[command, ...args].join(' ')}: ${why}\n${stderr.slice(-4000)}`));
    };
    const timer = setTimeout(() => fail('was not ready in time'), options.readyWithinMs ?? 30_000);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, signal) => fail(`ended with ${code ?? signal}`));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-8000);
    });
    const succeed = (): void => {
      if (child.pid === undefined) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve({ pid: child.pid, printed: () => stdout, stop });
    };
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (options.ready?.test(stdout)) succeed();
    });
    if (options.ready === undefined) child.once('spawn', succeed);
  });
}

/** Runs a program to its end and gives what it printed on stdout. */
export function runChild(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => {
      running.delete(child);
      if (code === 0) resolve(stdout);
      else reject(new Error(`${[command, ...args].join(' ')} ended with ${code}\n${stderr.slice(-4000)}`));
    });
  });
}

export interface Memory {
  /** All that is resident, pages of mapped files included. */
  residentMb: number;
  /** Its own: what no file stands for. */
  ownMb: number;
}

/** Null where there is no /proc. */
export function readMemory(pid: number): Memory | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mb = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
    return { residentMb: mb('VmRSS'), ownMb: mb('RssAnon') };
  } catch {
    return null;
  }
}
