import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from '../paths.mjs';
import { SetupError } from '../say.mjs';
import { readJson } from '../stamp.mjs';
import { isRuntimeFile, productionModules } from './production-modules.mjs';

const copied = ['out', 'resources/icons', 'resources/examples', 'resources/signalbox', 'bin', 'LICENSE'];

/** Where the addon lies in better-sqlite3 that the packaged Electron loads: the stand-in needs the one built for it. */
export const sqliteAddonPath = (kind, platform = process.platform, arch = process.arch) =>
  kind === 'stand-in' ? 'build/Release/better_sqlite3.node' : `prebuilds/${platform}-${arch}.node`;

/** What the packaged app says about itself; of package.json nothing else is read while it runs. */
export function appManifest(manifest = readJson(join(root, 'package.json'))) {
  const { name, productName, version, description, license, type, main } = manifest;
  return { name, productName, version, description, license, author: 'The Signalbox authors', type, main };
}

/** Copies what the app needs while it runs, and nothing else, into `folder`. */
export function stageApp(folder, sqliteAddon) {
  mkdirSync(folder, { recursive: true });
  for (const path of copied) {
    if (!existsSync(join(root, path))) continue;
    cpSync(join(root, path), join(folder, path), { recursive: true, filter: (source) => !source.endsWith('.map') });
  }
  for (const module of productionModules()) {
    const from = join(root, module);
    cpSync(from, join(folder, module), {
      recursive: true,
      filter(source) {
        const path = relative(from, source).replaceAll('\\', '/');
        // Packages inside a package are in the list themselves.
        if (path.split('/').includes('node_modules')) return false;
        return isRuntimeFile(module, path, { sqliteAddon });
      },
    });
  }
  if (!existsSync(join(folder, 'node_modules/better-sqlite3', sqliteAddon))) {
    throw new SetupError(`better-sqlite3 has no ${sqliteAddon}: remove node_modules and start again.`);
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(appManifest(), null, 2)}\n`);
}
