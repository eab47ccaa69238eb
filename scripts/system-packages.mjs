import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { lastLines, run, runNode } from './command.mjs';
import { modulesDir } from './paths.mjs';
import { SetupError, say } from './say.mjs';

const aptEnv = { DEBIAN_FRONTEND: 'noninteractive' };
let isIndexFresh = false;

/** The full path of a program on the PATH, or undefined. */
export function findProgram(name) {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(directory, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder; the next may have it.
    }
  }
  return undefined;
}

/** A Chromium or Chrome of the machine for tests in a browser; SIGNALBOX_CHROMIUM names another. */
export function chromiumPath() {
  const chosen = process.env.SIGNALBOX_CHROMIUM;
  if (chosen) return chosen;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return names.map(findProgram).find((path) => path !== undefined);
}

/** Whether windows can be shown. Only Linux runs without a display. */
export function hasDisplay(env = process.env, platform = process.platform) {
  if (platform !== 'linux') return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

export const isRoot = () => process.getuid?.() === 0;

const canInstall = () => isRoot() && existsSync('/etc/debian_version') && findProgram('apt-get') !== undefined;

async function apt(args) {
  return run('apt-get', args, {
    quiet: true,
    env: aptEnv,
    heartbeat: (seconds) => say(`apt-get ${args[0]}: ${seconds} s …`),
  });
}

async function install(packages) {
  if (!isIndexFresh) {
    say('apt-get update …');
    await apt(['update']);
    isIndexFresh = true;
  }
  say(`apt-get install ${packages.join(' ')} …`);
  const { code, output } = await apt(['install', '-y', '--no-install-recommends', ...packages]);
  if (code !== 0) throw new SetupError(`apt-get could not install ${packages.join(', ')}:\n${lastLines(output)}`);
}

/** python3, make and a C++ compiler, for building an addon from source. */
export async function ensureBuildTools() {
  const missing = ['python3', 'make', 'g++'].filter((name) => findProgram(name) === undefined);
  if (missing.length === 0) return;
  if (!canInstall()) {
    throw new SetupError(
      `Building better-sqlite3's addon needs ${missing.join(', ')}: please install them and start again.`,
    );
  }
  await install(missing);
}

/** The shared libraries a program needs and the machine lacks. Linux only; empty elsewhere. */
export async function missingLibraries(executablePath) {
  if (process.platform !== 'linux') return [];
  const { output } = await run('ldd', [executablePath], { quiet: true });
  return [...output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
}

/**
 * Programs that tests compare with or stand behind. Only CI installs them, since their packages start servers; elsewhere the tests
 * that need one are skipped, and say so. Gives sentences about what is missing.
 */
export async function ensureTestPrograms() {
  const missing = ['nginx', 'caddy', 'haproxy', 'webhook', 'nats-server'].filter(
    (name) => findProgram(name) === undefined && !existsSync(join('/usr/sbin', name)),
  );
  if (missing.length === 0 || process.env.CI !== 'true' || !canInstall()) return [];
  try {
    await install(missing);
    return [];
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return [error.message];
  }
}

/**
 * What the end-to-end tests need of the machine: the libraries of Electron (its path, when there is one), a virtual display where
 * there is none, a Chromium. Installs them as root on Debian. Gives sentences about what is still missing.
 */
export async function ensureTestPackages(electronPath) {
  if (process.platform !== 'linux') return [];
  const libraries = electronPath === undefined ? [] : await missingLibraries(electronPath);
  const wanted = [
    ...(hasDisplay() || findProgram('xvfb-run') ? [] : ['xvfb']),
    ...(hasDisplay() || findProgram('xauth') ? [] : ['xauth']),
    ...(chromiumPath() ? [] : ['chromium']),
  ];
  if (libraries.length === 0 && wanted.length === 0) return [];
  const hint = `sudo npx playwright install-deps chromium${wanted.length > 0 ? ` && sudo apt-get install ${wanted.join(' ')}` : ''}`;
  if (!canInstall()) {
    const names = [...libraries, ...wanted].join(', ');
    return [`The end-to-end tests need ${names}, which this machine lacks; on Debian or Ubuntu: ${hint}`];
  }
  say("Installing the system libraries and fonts that Electron and Chromium need (Playwright's list, apt-get) …");
  const { code, output } = await runNode(
    [join(modulesDir, '@playwright', 'test', 'cli.js'), 'install-deps', 'chromium'],
    {
      quiet: true,
      env: aptEnv,
      heartbeat: (seconds) => say(`system libraries: ${seconds} s …`),
    },
  );
  // It has run apt-get update itself.
  isIndexFresh = code === 0;
  const problems = code === 0 ? [] : [`The system libraries could not all be installed:\n${lastLines(output)}`];
  try {
    if (wanted.length > 0) await install(wanted);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    problems.push(error.message);
  }
  return problems;
}
