import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.mjs';
import { readJson } from '../stamp.mjs';

/** Packages that are not built into the app's files: they load files beside their own, an addon and a compiler. */
export const loadedPackages = ['better-sqlite3', 'jiti'];

/** What the built app loads from node_modules, as paths below the root: `node_modules/jiti`. */
export function productionModules(lock = readJson(join(root, 'package-lock.json'))) {
  const found = new Set();
  const add = (name) => {
    const path = `node_modules/${name}`;
    if (found.has(path) || lock.packages[path] === undefined) return;
    found.add(path);
    // better-sqlite3 needs its one dependency to be compiled, not to run.
    if (name !== 'better-sqlite3') Object.keys(lock.packages[path].dependencies ?? {}).forEach(add);
  };
  loadedPackages.forEach(add);
  return [...found].filter((path) => existsSync(join(root, path))).sort();
}

// What packages publish beside the files they run. Licences stay.
const unusedFile = /(\.(map|md|markdown|d\.ts|d\.mts|d\.cts|flow|tsbuildinfo))$/;
// At the top of a package alone: `yaml/dist/doc` is code.
const unusedEntry = /^(\.[^/]*|tests?|__tests__|docs?|examples?|benchmarks?|coverage|Makefile|tsconfig\.json)(\/|$)/;
const isLicence = (path) => /(^|\/)(licen[cs]e|notice|copying)[^/]*$/i.test(path);

/** Whether a file or folder of a package is needed while the app runs; `path` is relative to the package. */
export function isRuntimeFile(module, path, { sqliteAddon }) {
  if (path === '' || isLicence(path)) return true;
  if (module === 'node_modules/better-sqlite3') {
    // Its sources, SQLite's, and the addons of other platforms are 28 MB.
    return /^(package\.json|lib(\/|$))/.test(path) || sqliteAddon === path || sqliteAddon.startsWith(`${path}/`);
  }
  return !unusedFile.test(path) && !unusedEntry.test(path);
}
