// npm start: sets up what is missing, builds what is stale, and runs the app as a window or headless.
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { ensureBuilt } from './build-state.mjs';
import { displayProblem } from './display.mjs';
import { electronEnv, ensureElectron } from './electron-dist.mjs';
import { runForeground } from './foreground.mjs';
import { nodePath, root } from './paths.mjs';
import { sandboxProblem } from './sandbox.mjs';
import { runMain, SetupError, say } from './say.mjs';
import { electronArguments, parseStartOptions } from './start-options.mjs';
import { hasDisplay, isRoot, missingLibraries } from './system-packages.mjs';

/** The Electron to open a window with; throws SetupError with the reason when there can be none. */
async function windowElectron({ isSandboxed }) {
  if (process.platform === 'linux') {
    const problem = await displayProblem();
    if (problem !== undefined) throw new SetupError(problem);
  }
  const dist = await ensureElectron();
  const libraries = await missingLibraries(dist.executablePath);
  if (libraries.length > 0) {
    throw new SetupError(
      `Electron needs system libraries that are missing here (${libraries.join(', ')}); ` +
        'on Debian or Ubuntu: npx playwright install-deps chromium',
    );
  }
  const problem = isSandboxed ? sandboxProblem(dist.executablePath) : undefined;
  if (problem !== undefined) throw new SetupError(problem);
  return dist;
}

/** The Electron for this start, or undefined for headless. Without --desktop, a missing window is no reason to fail. */
async function chooseElectron(mode, switches) {
  if (mode === 'headless' || (mode === 'auto' && !hasDisplay())) return undefined;
  try {
    return await windowElectron(switches);
  } catch (error) {
    if (mode === 'desktop' || !(error instanceof SetupError)) throw error;
    say(`${error.message} Starting headless instead.`);
    return undefined;
  }
}

await runMain(async () => {
  const args = process.argv.slice(2);
  const { mode } = parseStartOptions(args);
  await bootstrap();
  const isRootOnLinux = process.platform === 'linux' && isRoot();
  const isSandboxed = process.platform === 'linux' && !isRootOnLinux && !args.includes('--no-sandbox');
  const dist = await chooseElectron(mode, { isSandboxed });
  await ensureBuilt();
  if (dist === undefined) return runForeground(nodePath, [join(root, 'out', 'main', 'headless.js'), ...args]);
  if (isRootOnLinux) say('Running as root, where Chromium cannot sandbox: starting Electron with --no-sandbox.');
  return runForeground(dist.executablePath, electronArguments(args, { isRootOnLinux }), {
    // Inherited, it would turn Electron into a plain Node.
    env: { ...electronEnv(dist), ELECTRON_RUN_AS_NODE: undefined },
  });
});
