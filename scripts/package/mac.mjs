import { join } from 'node:path';
import { lastLines, run } from '../command.mjs';
import { root } from '../paths.mjs';
import { SetupError } from '../say.mjs';
import { readJson } from '../stamp.mjs';
import { importTool } from './external-tool.mjs';
import { writeIcns } from './icon-files.mjs';

export const macTool = { name: 'electron-installer-dmg', version: '5.0.1' };

/** What electron-installer-dmg is told. `icon` is the .icns of the volume. */
export function dmgOptions({ folder, out, icon }) {
  const { version } = readJson(join(root, 'package.json'));
  return {
    appPath: join(folder, 'Signalbox.app'),
    name: 'Signalbox',
    title: 'Signalbox',
    icon,
    dmgPath: join(out, `Signalbox-${version}-universal.dmg`),
    format: 'ULFO',
    overwrite: true,
  };
}

/** Builds the disk image; gives its path. */
export async function makeDmg({ folder, out, work }) {
  const { createDMG } = await importTool(macTool.name, macTool.version, work);
  const options = dmgOptions({ folder, out, icon: writeIcns(work) });
  await createDMG(options);
  return [options.dmgPath];
}

/** The arguments of `ditto`, which keeps what an app folder needs: links, modes, signatures. */
export function macZipArguments({ folder, out }) {
  const { version } = readJson(join(root, 'package.json'));
  const target = join(out, `Signalbox-${version}-universal-mac.zip`);
  return { target, args: ['-c', '-k', '--sequesterRsrc', '--keepParent', join(folder, 'Signalbox.app'), target] };
}

/** Builds the archive that macOS updates come in; gives its path. */
export async function makeMacZip({ folder, out }) {
  const { target, args } = macZipArguments({ folder, out });
  const { code, output } = await run('ditto', args, { quiet: true });
  if (code !== 0) throw new SetupError(`ditto failed:\n${lastLines(output)}`);
  return [target];
}
