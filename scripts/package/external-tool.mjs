import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lastLines, runNpm } from '../command.mjs';
import { SetupError } from '../say.mjs';

/**
 * Imports a tool that one platform alone needs, fetched when it is needed: with the dependencies, these would add 45 MB to
 * every installation.
 */
export async function importTool(name, version, work) {
  const folder = join(work, 'tools');
  const { code, output } = await runNpm(['install', '--prefix', folder, '--no-save', `${name}@${version}`], {
    quiet: true,
  });
  if (code !== 0) throw new SetupError(`${name} ${version} could not be installed:\n${lastLines(output)}`);
  const found = createRequire(join(folder, 'package.json')).resolve(name);
  return await import(pathToFileURL(found).href);
}
