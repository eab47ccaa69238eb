import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, runNode } from './command.mjs';
import { licensesFile, writeLicenses } from './licenses.mjs';
import { cacheDir, modulesDir, root } from './paths.mjs';
import { SetupError, say } from './say.mjs';
import { fingerprint, readJson, writeJson } from './stamp.mjs';

const stampPath = join(cacheDir, 'build.json');
const inputs = [
  'electron',
  'renderer',
  'shared',
  'resources',
  'electron.vite.config.ts',
  'tsconfig.base.json',
  'package.json',
  'package-lock.json',
];
const outputs = ['main/headless.js', 'main/cli.js', 'main/desktop.js', 'preload/preload.cjs', 'renderer/index.html'];

const missingOutputs = () => [
  ...outputs.filter((path) => !existsSync(join(root, 'out', path))),
  ...(existsSync(licensesFile) ? [] : ['third-party-licenses.txt']),
];

/** Makes the next ensureBuilt build, because something else is about to write to out/. */
export const forgetBuild = () => rmSync(stampPath, { force: true });

const isMadeFrom = (sources) => missingOutputs().length === 0 && readJson(stampPath)?.sources === sources;

/** Whether out/ is there and made from these very sources. */
export const isBuilt = () => isMadeFrom(fingerprint(root, inputs));

/** Builds out/ unless it is there and made from these very sources. `always` builds in any case. Throws SetupError. */
export async function ensureBuilt({ always = false } = {}) {
  const sources = fingerprint(root, inputs);
  if (!always && isMadeFrom(sources)) return;
  say('Building …');
  const { code, output } = await runNode([join(modulesDir, 'electron-vite', 'bin', 'electron-vite.js'), 'build'], {
    quiet: true,
  });
  if (code !== 0) throw new SetupError(`The build failed:\n${lastLines(output, 40)}`);
  writeLicenses();
  // Its packages may have been installed by this very run.
  const { writeDocumentation } = await import('./documentation.mjs');
  writeDocumentation();
  const missing = missingOutputs();
  if (missing.length > 0) throw new SetupError(`The build made no out/${missing.join(', out/')}.`);
  writeJson(stampPath, { sources });
}
