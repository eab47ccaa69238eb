import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, run, runNpm } from './command.mjs';
import { modulesDir, nodePath, root } from './paths.mjs';
import { SetupError, say } from './say.mjs';
import { hashFile, readJson, writeJson } from './stamp.mjs';

const lockPath = join(root, 'package-lock.json');
// In node_modules, so that it goes when they go.
const stampPath = join(modulesDir, '.signalbox.json');
const binLink = join(modulesDir, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

/**
 * Whether what npm says it installed (node_modules/.package-lock.json) is what the lockfile wants. Optional packages may be absent:
 * most are for other platforms.
 */
export function isInstalled(lock, installed) {
  if (lock?.packages === undefined || installed?.packages === undefined) return false;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true;
    const present = installed.packages[path];
    if (present === undefined) return wanted.optional === true;
    return present.version === wanted.version;
  });
}

async function installPackages() {
  say('Installing the dependencies (npm install, about a minute the first time) …');
  // Not `npm ci`: it refuses a lockfile without the optional packages of other platforms that the registry at hand does not
  // carry, even its own (https://github.com/npm/cli/issues/9846). With --no-save an install takes the locked
  // versions, checks their integrity and leaves the lockfile alone.
  // No install scripts: newer npm blocks them unless allowed, older npm runs them all; of ours only `node` has one
  // that is needed, and running it ourselves (below) is the same everywhere.
  const { code, output } = await runNpm(
    ['install', '--no-save', '--ignore-scripts', '--include=dev', '--loglevel=error'],
    {
      quiet: true,
      heartbeat: (seconds) => say(`npm install: ${seconds} s …`),
    },
  );
  if (code !== 0) throw new SetupError(`The dependencies could not be installed:\n${lastLines(output, 30)}`);
}

/** The version of the pinned Node, when it is installed and starts. */
async function installedNodeVersion() {
  if (!existsSync(nodePath)) return undefined;
  const { code, output } = await run(nodePath, ['--version'], { quiet: true });
  return code === 0 ? output.trim().replace(/^v/, '') : undefined;
}

async function installNode() {
  const packageDir = join(modulesDir, 'node');
  const version = readJson(join(packageDir, 'package.json'))?.version;
  if ((await installedNodeVersion()) !== version) {
    say(`Installing Node ${version} for this folder (the machine's is ${process.version}) …`);
    const { code, output } = await run(process.execPath, ['installArchSpecificPackage'], {
      cwd: packageDir,
      quiet: true,
      heartbeat: (seconds) => say(`Node ${version}: ${seconds} s …`),
    });
    if (code !== 0 || (await installedNodeVersion()) !== version) {
      throw new SetupError(`Node ${version} could not be installed from the npm registry:\n${lastLines(output)}`);
    }
  }
  // npm links a package's programs when it installs it; this one came later.
  if (!existsSync(binLink)) await runNpm(['rebuild', '--ignore-scripts', '--loglevel=error', 'node'], { quiet: true });
  if (!existsSync(binLink))
    throw new SetupError('npm did not link node_modules/.bin/node; remove node_modules and start again.');
}

/** Makes node_modules what package-lock.json says, with the pinned Node in it. Reads two files when nothing is missing. */
export async function ensureDependencies() {
  const lockHash = hashFile(lockPath);
  if (readJson(stampPath)?.lockHash === lockHash && existsSync(nodePath) && existsSync(binLink)) return;
  if (!isInstalled(readJson(lockPath), readJson(join(modulesDir, '.package-lock.json')))) await installPackages();
  await installNode();
  writeJson(stampPath, { lockHash });
}
