import { join } from 'node:path';
import { root } from '../paths.mjs';
import { readJson } from '../stamp.mjs';
import { importTool } from './external-tool.mjs';
import { writeIco } from './icon-files.mjs';

export const windowsTool = { name: 'electron-winstaller', version: '5.4.4' };

/** What electron-winstaller is told. `icon` is the .ico of the installer. */
export function windowsInstallerOptions({ folder, out, icon }) {
  const { version, description } = readJson(join(root, 'package.json'));
  return {
    appDirectory: folder,
    outputDirectory: out,
    // Squirrel's name of the app: no blanks, no dots.
    name: 'Signalbox',
    title: 'Signalbox',
    authors: 'The Signalbox authors',
    description,
    version,
    exe: 'Signalbox.exe',
    setupExe: `Signalbox-${version}-setup.exe`,
    setupIcon: icon,
    noMsi: true,
  };
}

/** Builds the Windows installer; gives its path. */
export async function makeWindowsInstaller({ folder, out, work }) {
  const { createWindowsInstaller } = await importTool(windowsTool.name, windowsTool.version, work);
  const options = windowsInstallerOptions({ folder, out, icon: writeIco(work) });
  await createWindowsInstaller(options);
  return [join(out, options.setupExe)];
}
