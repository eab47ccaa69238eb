import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { productionModules } from './package/production-modules.mjs';
import { root } from './paths.mjs';
import { SetupError } from './say.mjs';
import { readJson } from './stamp.mjs';

/** Where each build lists what it has taken in. */
const listFolders = ['main', 'preload', 'renderer'].map((part) => join(root, 'out', part, '.vite'));
export const licensesFile = join(root, 'out', 'third-party-licenses.txt');

const isLicenseFile = (name) => /^(licen[cs]e|notice|copying)/i.test(name);

/** `{name, version, identifier, text}` of a package in node_modules. */
function readPackage(path) {
  const folder = join(root, path);
  const { name, version, license, licenses } = readJson(join(folder, 'package.json'));
  const text = readdirSync(folder)
    .filter(isLicenseFile)
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
    .join('\n\n');
  const identifier = license?.type ?? license ?? licenses?.map(({ type }) => type).join(' OR ') ?? null;
  return { name, version, identifier, text };
}

/** Every package that is shipped: those the app loads from node_modules, and those inside its files. */
export function shippedPackages() {
  const loaded = productionModules().map(readPackage);
  const bundled = listFolders
    .flatMap((folder) => readJson(join(folder, 'license.json')) ?? [])
    .map(({ name, version, identifier, text }) => ({
      name,
      version,
      identifier,
      text: text?.trim() ?? '',
    }));
  const byName = new Map([...bundled, ...loaded].map((found) => [`${found.name} ${found.version}`, found]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Writes the licences of what is shipped; throws SetupError for a package that names none. */
export function writeLicenses() {
  const unlisted = ['main', 'renderer'].filter((part) => !existsSync(join(root, 'out', part, '.vite')));
  if (unlisted.length > 0) throw new SetupError(`The build listed no licences of ${unlisted.join(' and ')}.`);
  const packages = shippedPackages();
  const without = packages.filter(({ identifier, text }) => identifier === null && text === '');
  if (without.length > 0) {
    throw new SetupError(`Packages without a licence cannot be shipped: ${without.map(({ name }) => name).join(', ')}`);
  }
  const parts = packages.map(({ name, version, identifier, text }) =>
    `${name} ${version} (${identifier})\n\n${text}`.trimEnd(),
  );
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  const intro = `Signalbox contains these packages. Electron's and Chromium's licenses are in the files LICENSE.electron.txt and
LICENSES.chromium.html beside the program.`;
  writeFileSync(licensesFile, `${[intro, ...parts].join(rule)}\n`);
  for (const folder of listFolders) rmSync(folder, { recursive: true, force: true });
}
