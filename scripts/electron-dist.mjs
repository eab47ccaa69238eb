import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNode } from './command.mjs';
import { cacheDir, modulesDir, root } from './paths.mjs';
import { SetupError } from './say.mjs';
import { isAddonInPlace } from './sqlite-addon.mjs';
import { readJson } from './stamp.mjs';

const recordPath = join(cacheDir, 'electron.json');

/** Where the executable is inside a distribution of Electron. */
export function executableIn(distPath) {
  if (process.platform === 'win32') return join(distPath, 'electron.exe');
  if (process.platform === 'darwin') return join(distPath, 'Electron.app', 'Contents', 'MacOS', 'Electron');
  return join(distPath, 'electron');
}

/** Electron's own download, where the `electron` package unpacks it, if it is there and complete. */
export function officialDist() {
  const packageDir = join(modulesDir, 'electron');
  const distPath = join(packageDir, 'dist');
  try {
    const version = readFileSync(join(distPath, 'version'), 'utf8').trim().replace(/^v/, '');
    // The package writes path.txt last, so its absence means a download that was cut short.
    const complete = existsSync(join(packageDir, 'path.txt')) && existsSync(executableIn(distPath));
    return complete && version === readJson(join(packageDir, 'package.json'))?.version ? distPath : undefined;
  } catch {
    return undefined;
  }
}

function distOf(distPath, kind) {
  return { distPath, kind, executablePath: executableIn(distPath) };
}

/**
 * The Electron at hand: `{distPath, kind, executablePath}`, kind `official`, `stand-in` or `override` (the person's own
 * ELECTRON_OVERRIDE_DIST_PATH); undefined when none has been set up yet. Reads files only.
 */
export function electronDist() {
  const record = readJson(recordPath);
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override && override !== record?.distPath) return distOf(override, 'override');
  const official = officialDist();
  if (official !== undefined) return distOf(official, 'official');
  if (record?.kind !== 'stand-in' || !existsSync(executableIn(record.distPath))) return undefined;
  return distOf(record.distPath, 'stand-in');
}

/** What a program that starts Electron through the `electron` package needs in its environment. */
export function electronEnv(dist) {
  return { ELECTRON_OVERRIDE_DIST_PATH: dist.distPath };
}

/** Sets Electron up when it is missing (minutes the first time, nothing afterwards). Throws SetupError when that fails. */
export async function ensureElectron() {
  const present = electronDist();
  if (present !== undefined && (present.kind !== 'stand-in' || isAddonInPlace())) return present;
  // A process of its own, because the machine's Node may be too old for the packages that do the work.
  const { code } = await runNode([join(root, 'scripts', 'electron-fetch.mjs')]);
  const dist = code === 0 ? electronDist() : undefined;
  if (dist === undefined) {
    throw new SetupError('Electron could not be set up (the reason is above), so there is no desktop window.');
  }
  return dist;
}
