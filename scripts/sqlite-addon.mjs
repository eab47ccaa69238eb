import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, run, runNode, runNpm } from './command.mjs';
import { cacheDir, modulesDir } from './paths.mjs';
import { SetupError, say } from './say.mjs';
import { readJson } from './stamp.mjs';
import { ensureBuildTools } from './system-packages.mjs';

// The package's prebuilt addon needs Node-API 10; the stand-in (Electron 33) has 9 and would crash on it. Built from the
// same sources against the experimental level instead, one file runs on Node 20, Node 24 and either Electron: what
// it takes of Node-API is all in 9. The other two definitions keep the finalizer rules and warnings as they are at 10.
// https://nodejs.org/docs/latest-v24.x/api/n-api.html#node-api-version-matrix
const declared = "'NAPI_VERSION=10'";
const replacement = "'NAPI_EXPERIMENTAL', 'NODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT', 'NODE_API_EXPERIMENTAL_NO_WARNING'";

const packageDir = join(modulesDir, 'better-sqlite3');
// The package's own loader prefers this path to its prebuilds.
const inPlace = join(packageDir, 'build', 'Release', 'better_sqlite3.node');

const builtPath = () =>
  join(cacheDir, 'sqlite-addon', `better-sqlite3-${readJson(join(packageDir, 'package.json'))?.version}.node`);

/** Whether the addon that the stand-in can load is in node_modules. */
export const isAddonInPlace = () => existsSync(inPlace);

/**
 * The headers of the pinned Node, from the npm package it comes in: node-gyp would download them from a host that may be
 * out of reach. That package is no longer in node_modules once someone has run `npm install`, which prunes it.
 */
async function fetchNodeHeaders(directory) {
  const name = `node-${process.platform}-${process.arch}`;
  const version = readJson(join(modulesDir, 'node', 'package.json'))?.version;
  const packed = await runNpm(['pack', '--pack-destination', directory, `${name}@${version}`], { quiet: true });
  const archive = join(directory, `${name}-${version}.tgz`);
  const unpacked =
    packed.code === 0 && (await run('tar', ['-xzf', archive, '-C', directory, 'package/include'], { quiet: true }));
  if (unpacked?.code !== 0) {
    throw new SetupError(`The headers of Node ${version} could not be fetched from npm:\n${lastLines(packed.output)}`);
  }
  return join(directory, 'package');
}

async function build(target) {
  await ensureBuildTools();
  say('better-sqlite3: building its addon for the Electron stand-in (about a minute) …');
  const work = join(cacheDir, 'sqlite-addon', `work-${process.pid}`);
  try {
    rmSync(work, { recursive: true, force: true });
    // In a copy, so that node_modules keeps what the lockfile says. Below the root, since it resolves node-addon-api upwards.
    cpSync(packageDir, work, { recursive: true, filter: (source) => source !== join(packageDir, 'build') });
    const gyp = join(work, 'binding.gyp');
    const text = readFileSync(gyp, 'utf8');
    if (!text.includes(declared)) {
      throw new SetupError(
        `better-sqlite3's binding.gyp no longer says ${declared}: scripts/sqlite-addon.mjs needs a look.`,
      );
    }
    writeFileSync(gyp, text.replace(declared, replacement));
    const nodeDir = await fetchNodeHeaders(work);
    const { code, output } = await runNode(
      [
        join(modulesDir, 'node-gyp', 'bin', 'node-gyp.js'),
        'rebuild',
        '--release',
        '--force_build=1',
        '--jobs=max',
        `--nodedir=${nodeDir}`,
      ],
      {
        cwd: work,
        quiet: true,
        env: { npm_config_nodedir: nodeDir },
        heartbeat: (seconds) => say(`better-sqlite3: still building, ${seconds} s …`),
      },
    );
    const result = join(work, 'build', 'Release', 'better_sqlite3.node');
    if (code !== 0 || !existsSync(result)) {
      throw new SetupError(
        `better-sqlite3's addon could not be built for the Electron stand-in:\n${lastLines(output)}`,
      );
    }
    renameSync(result, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Builds the addon unless it is cached and puts it where better-sqlite3 loads it from. */
export async function ensureSqliteAddon() {
  const cached = builtPath();
  if (!existsSync(cached)) await build(cached);
  if (isAddonInPlace()) return;
  mkdirSync(join(packageDir, 'build', 'Release'), { recursive: true });
  // Renamed into place: a process that has the file mapped must not see it being written.
  const temporary = `${inPlace}.${process.pid}.tmp`;
  copyFileSync(cached, temporary);
  renameSync(temporary, inPlace);
}
