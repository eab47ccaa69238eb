// Run by electron-dist.mjs under the pinned Node: sets up Electron's own distribution, or the stand-in where its
// download is out of reach, and writes .cache/electron.json for everything that starts Electron.
import { join } from 'node:path';
import { executableIn, officialDist } from './electron-dist.mjs';
import { downloadOfficial } from './electron-official.mjs';
import { canUseStandIn, ensureStandIn, isStandInPresent } from './electron-stand-in.mjs';
import { cacheDir } from './paths.mjs';
import { runMain, SetupError, say } from './say.mjs';
import { ensureSqliteAddon } from './sqlite-addon.mjs';
import { writeJson } from './stamp.mjs';

function record(kind, distPath) {
  writeJson(join(cacheDir, 'electron.json'), { kind, distPath, executablePath: executableIn(distPath) });
}

await runMain(async () => {
  if (officialDist() === undefined && !isStandInPresent()) await downloadOfficial();
  const official = officialDist();
  if (official !== undefined) {
    record('official', official);
    return 0;
  }
  if (!canUseStandIn()) {
    throw new SetupError(
      `Electron's download is out of reach and there is no stand-in for ${process.platform}-${process.arch}; ` +
        'run headless (npm start -- --headless), or set ELECTRON_MIRROR to a mirror you can reach.',
    );
  }
  // The addon takes one core for a minute, the distribution mostly waits for the network and the disk.
  const [distPath] = await Promise.all([ensureStandIn(), ensureSqliteAddon()]);
  record('stand-in', distPath);
  say('Electron is ready (the stand-in, for development and tests).');
  return 0;
});
