// npm run dev: electron-vite with reload, in a window.
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { forgetBuild } from './build-state.mjs';
import { electronEnv, ensureElectron } from './electron-dist.mjs';
import { runForeground } from './foreground.mjs';
import { modulesDir, nodePath } from './paths.mjs';
import { runMain, say } from './say.mjs';
import { isRoot } from './system-packages.mjs';

await runMain(async () => {
  await bootstrap();
  const dist = await ensureElectron();
  const isRootOnLinux = process.platform === 'linux' && isRoot();
  if (isRootOnLinux) say('Running as root, where Chromium cannot sandbox: starting Electron with --no-sandbox.');
  // What it leaves in out/ is a development build, which npm start must not take for its own.
  forgetBuild();
  const args = ['dev', ...(isRootOnLinux ? ['--noSandbox'] : []), '--', ...process.argv.slice(2)];
  return runForeground(nodePath, [join(modulesDir, 'electron-vite', 'bin', 'electron-vite.js'), ...args], {
    // electron-vite looks for Electron; this is its only switch.
    env: { ...electronEnv(dist), ELECTRON_EXEC_PATH: dist.executablePath },
  });
});
