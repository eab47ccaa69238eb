import { join } from 'node:path';
import { run } from './command.mjs';
import { electronEnv, ensureElectron } from './electron-dist.mjs';
import { modulesDir, nodePath } from './paths.mjs';
import { SetupError, say } from './say.mjs';
import { chromiumPath, ensureTestPackages, ensureTestPrograms, findProgram, hasDisplay } from './system-packages.mjs';

const inherit = ['ignore', 'inherit', 'inherit'];

/** Sets the machine up for the end-to-end tests and gives what their environment needs. Problems are said; the tests show them. */
export async function prepareEndToEnd() {
  let dist;
  try {
    dist = await ensureElectron();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
  }
  for (const problem of await ensureTestPackages(dist?.executablePath)) say(problem);
  for (const problem of await ensureTestPrograms()) say(problem);
  const chromium = chromiumPath();
  return {
    ...(dist === undefined ? {} : electronEnv(dist)),
    ...(chromium === undefined ? {} : { SIGNALBOX_CHROMIUM: chromium }),
  };
}

/** Runs Vitest to its end; `command` is `run`, or `watch`, which reads keys. Gives its exit code. */
export async function runVitest(args, command = 'run') {
  const program = [join(modulesDir, 'vitest', 'vitest.mjs'), command, ...args];
  const { code } = await run(nodePath, program, { stdio: command === 'watch' ? 'inherit' : inherit });
  return code;
}

/** Runs Playwright, on a virtual display where there is none. Gives its exit code. */
export async function runPlaywright(args, env) {
  const command = [nodePath, join(modulesDir, '@playwright', 'test', 'cli.js'), 'test', ...args];
  const isVirtual = !hasDisplay() && findProgram('xvfb-run') !== undefined;
  const [program, ...rest] = isVirtual
    ? ['xvfb-run', '--auto-servernum', '--server-args=-screen 0 1440x900x24', ...command]
    : command;
  const { code } = await run(program, rest, { stdio: inherit, env });
  return code;
}
