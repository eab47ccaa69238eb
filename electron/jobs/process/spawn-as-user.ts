import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { Writable } from 'node:stream';
import { asNode, ownEnvironment } from './child-environment.ts';
import type { JobsUser } from './jobs-user.ts';

interface Start extends Pick<SpawnOptions, 'cwd' | 'detached' | 'windowsHide'> {
  env: Record<string, string>;
  stdio: Exclude<SpawnOptions['stdio'], string | undefined>;
}

const environmentDescriptor = 4;

/**
 * Gives up root with all groups of the user, which Node's `spawn` cannot, and then starts the program. The program's
 * environment comes on a pipe and not with the start: what it names (NODE_OPTIONS) must not be loaded as root.
 */
const launcher = `
const { spawn } = require('node:child_process');
const { closeSync, readFileSync } = require('node:fs');
const [user, program, ...args] = process.argv.slice(1);
const { uid, gid, groups } = JSON.parse(user);
process.setgroups(groups);
process.setgid(gid);
process.setuid(uid);
const env = JSON.parse(readFileSync(${environmentDescriptor}, 'utf8'));
const child = spawn(program, args, { env, stdio: [0, 1, 2, 3] });
closeSync(3);
child.on('error', (error) => { console.error(error.message); process.exit(1); });
child.on('exit', (code, signal) => signal === null ? process.exit(code) : process.kill(process.pid, signal));
`;

/** Starts one of the app's own files, which gets descriptors 0 to 3, as another user. */
export function spawnAsUser(user: JobsUser, program: string, args: readonly string[], start: Start): ChildProcess {
  const { uid, gid, groups } = user;
  // The system drops the app's groups with its user; those of the user have to be set by a process in between.
  if (groups.every((group) => group === gid)) return spawn(program, args, { ...start, uid, gid });
  const stdio = [...start.stdio];
  stdio[environmentDescriptor] = 'pipe';
  const child = spawn(process.execPath, ['-e', launcher, '--', JSON.stringify(user), program, ...args], {
    ...start,
    stdio,
    env: { ...ownEnvironment(), ...asNode() },
  });
  const environment = child.stdio[environmentDescriptor];
  if (environment instanceof Writable) {
    // It may end before it has read it, which its exit says.
    environment.on('error', () => undefined);
    environment.end(JSON.stringify(start.env));
  }
  return child;
}
