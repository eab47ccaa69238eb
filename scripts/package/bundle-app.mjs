import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { packager } from '@electron/packager';
import { electronDist } from '../electron-dist.mjs';
import { root } from '../paths.mjs';
import { readJson } from '../stamp.mjs';
import { electronVersionOf, zipElectron } from './electron-zip.mjs';
import { setFuses } from './fuses.mjs';
import { writeIcns, writeIco } from './icon-files.mjs';
import { sqliteAddonPath, stageApp } from './stage-app.mjs';

const isMac = process.platform === 'darwin';

/** What @electron/packager is told, for any platform. */
export function packagerOptions({ staged, out, electronVersion, electronZipDir, icon, platform, arch }) {
  const { name, productName, version } = readJson(join(root, 'package.json'));
  return {
    dir: staged,
    out,
    name: productName,
    // On Linux and Windows the program's file; macOS has the folder's name.
    executableName: platform === 'linux' ? name : productName,
    platform,
    arch,
    electronVersion,
    ...(electronZipDir === undefined ? {} : { electronZipDir }),
    appVersion: version,
    appBundleId: 'dev.signalbox.app',
    appCategoryType: 'public.app-category.developer-tools',
    appCopyright: 'The Signalbox authors',
    icon,
    protocols: [{ name: 'Signalbox link', schemes: ['signalbox'] }],
    win32metadata: { CompanyName: 'The Signalbox authors', FileDescription: productName },
    // Addons are loaded by the system; the job API is copied to where editors find it.
    asar: {
      unpack: '{**/*.node,**/third-party-licenses.txt,**/documentation/*.html}',
      unpackDir: 'resources/signalbox',
    },
    // The staged folder holds what runs and nothing else.
    prune: false,
    overwrite: true,
    quiet: true,
  };
}

/** Where the program is inside a packaged app. */
export function executableIn(folder, platform = process.platform) {
  if (platform === 'darwin') return join(folder, 'Signalbox.app', 'Contents', 'MacOS', 'Signalbox');
  return join(folder, platform === 'win32' ? 'Signalbox.exe' : 'signalbox');
}

/** Builds the app folder of this platform in `work`: `{folder, executable, electronVersion, kind}`. */
export async function bundleApp(work) {
  const dist = electronDist();
  const electronVersion = await electronVersionOf(dist);
  const staged = join(work, 'app');
  stageApp(staged, sqliteAddonPath(dist.kind));
  const electronZipDir = join(work, 'electron');
  // On macOS the packager fetches both architectures; an archive of ours would lose the framework's links.
  if (!isMac) await zipElectron(dist, electronVersion, electronZipDir);
  const icon = process.platform === 'win32' ? writeIco(work) : isMac ? writeIcns(work) : undefined;
  const [folder] = await packager(
    packagerOptions({
      staged,
      out: join(work, 'packaged'),
      electronVersion,
      electronZipDir: isMac ? undefined : electronZipDir,
      icon,
      platform: process.platform,
      arch: isMac ? 'universal' : process.arch,
    }),
  );
  // The packager makes it for its own user alone.
  chmodSync(folder, 0o755);
  const executable = executableIn(folder);
  await setFuses(executable);
  return { folder, executable, electronVersion, kind: dist.kind };
}
