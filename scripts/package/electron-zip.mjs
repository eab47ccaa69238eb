import { createWriteStream, existsSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { run } from '../command.mjs';
import { SetupError } from '../say.mjs';

/** The version of an unpacked Electron, as `33.2.1`. */
export async function electronVersionOf({ executablePath }) {
  const { code, output } = await run(executablePath, ['-p', 'process.versions.electron'], {
    quiet: true,
    env: { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
  });
  const version = /^\d+\.\d+\.\d+\S*$/m.exec(output)?.[0];
  if (code !== 0 || version === undefined) throw new SetupError(`Electron does not start: ${output.trim()}`);
  return version;
}

// The stand-in's loader, and Electron's own page, which the packager would remove.
const unwanted = /^resources\/(app|default_app\.asar)(\/|$)/;
// The interface is English; Chromium takes this one for every other language.
const isOtherLocale = (path) => /^locales\/.+\.pak$/.test(path) && path !== 'locales/en-US.pak';

/**
 * Puts the Electron at hand into `folder` as the archive that the packager takes instead of a download. Not compressed: it is
 * unpacked again in a moment.
 */
export async function zipElectron({ distPath }, version, folder) {
  mkdirSync(folder, { recursive: true });
  const zip = new ZipFile();
  const entries = readdirSync(distPath, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(distPath, file).replaceAll('\\', '/');
    if (unwanted.test(path) || isOtherLocale(path)) continue;
    zip.addFile(file, path, { compress: false, mode: lstatSync(file).mode });
  }
  // The installers read the version, and put the licence beside the documentation.
  if (!existsSync(join(distPath, 'version'))) zip.addBuffer(Buffer.from(version), 'version', { mode: 0o100644 });
  if (!existsSync(join(distPath, 'LICENSE'))) {
    const named = join(distPath, 'LICENSE.electron.txt');
    if (existsSync(named)) zip.addFile(named, 'LICENSE');
  }
  zip.end();
  const target = join(folder, `electron-v${version}-${process.platform}-${process.arch}.zip`);
  await pipeline(zip.outputStream, createWriteStream(target));
}
