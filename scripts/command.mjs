import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { modulesDir, nodePath, root } from './paths.mjs';

const heartbeatMs = 10_000;

/** The environment for what we start: our binaries first, so that `node` means the pinned one. */
export function childEnv(extra = {}) {
  const env = { ...process.env, ...extra };
  // Windows spells it Path; two spellings in one environment would leave it undefined which one wins.
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const bin = join(modulesDir, '.bin');
  const path = env[name] ?? '';
  if (!path.split(delimiter).includes(bin)) env[name] = `${bin}${delimiter}${path}`;
  return env;
}

/**
 * Runs a command to its end. `quiet` keeps its output to itself and returns it; otherwise it goes to stderr (or, with
 * `stdio: 'inherit'`, to our own streams). `heartbeat(seconds)` is called every ten seconds, for work that is silent.
 * Never throws for a failing command: `code` is its exit code, 127 when it could not be started, 128 for a signal.
 */
export function run(command, args, { cwd = root, env = {}, quiet = false, stdio, heartbeat, timeoutMs, shell } = {}) {
  return new Promise((resolve) => {
    const startedAt = Date.now();
    const child = spawn(command, args, {
      cwd,
      env: childEnv(env),
      stdio: stdio ?? (quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', process.stderr, process.stderr]),
      shell: shell ?? false,
      timeout: timeoutMs,
    });
    let output = '';
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    const timer = heartbeat
      ? setInterval(() => heartbeat(Math.round((Date.now() - startedAt) / 1000)), heartbeatMs)
      : undefined;
    const finish = (code) => {
      clearInterval(timer);
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output += error.message;
      finish(127);
    });
    child.on('close', (code) => finish(code ?? 128));
  });
}

/** Runs a script with the pinned Node. */
export const runNode = (args, options) => run(nodePath, args, options);

/**
 * Runs npm: the very npm that started us when there is one (its CLI under the machine's Node, since `npm ci` replaces the
 * pinned one), else the one on the PATH, which on Windows is a .cmd file and needs a shell.
 */
export function runNpm(args, options = {}) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('npm-cli.js')) {
    return run(process.env.npm_node_execpath ?? process.execPath, [cli, ...args], options);
  }
  return run('npm', args, { ...options, shell: process.platform === 'win32' });
}

/** The last lines of a command's output, to show why it failed. */
export function lastLines(output, count = 15) {
  return output.trim().split('\n').slice(-count).join('\n');
}
