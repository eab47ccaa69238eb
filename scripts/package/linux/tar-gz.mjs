import { cpSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, run } from '../../command.mjs';
import { root } from '../../paths.mjs';
import { SetupError } from '../../say.mjs';
import { readJson } from '../../stamp.mjs';

/** Builds an archive of the app's folder, for any Linux; gives its path. Last: it takes the folder. */
export async function makeTarGz({ folder, out, work, compression }) {
  const { version } = readJson(join(root, 'package.json'));
  const name = `signalbox-${version}-linux-${process.arch}`;
  renameSync(folder, join(work, name));
  cpSync(join(root, 'CHANGELOG.md'), join(work, name, 'CHANGELOG.md'));
  cpSync(join(root, 'docs', 'install.md'), join(work, name, 'INSTALL.md'));
  const target = join(out, `${name}.tar.gz`);
  const program = compression === 'none' ? 'gzip -1' : 'gzip -9';
  const { code, output } = await run(
    'tar',
    ['--owner=0', '--group=0', '--numeric-owner', '-I', program, '-C', work, '-cf', target, name],
    { quiet: true },
  );
  if (code !== 0) throw new SetupError(`tar failed:\n${lastLines(output)}`);
  return [target];
}
