import { readFile, realpath } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, extname, sep } from 'node:path';
import { sha256 } from './file-hashes.ts';
import { isLocal, readScope, resolveLocal } from './local-modules.ts';
import { type ModuleImports, readImports } from './module-imports.ts';
import { digestPackage, findPackage, maxPackageFiles, type PackageDigest } from './package-digest.ts';

/** Everything a script would load, as it is on the disk. */
export interface ImportGraph {
  /** Local files by path, the entries among them. */
  files: { path: string; sha256: string }[];
  /** Packages with all they depend on, by folder. */
  packages: { name: string; version: string; path: string; sha256: string }[];
  /** What only a run will show, for people. */
  open: string[];
  /** Every file of the above with its SHA-256; those of packages as well. */
  contents: Map<string, string>;
}

const moduleExtension = /^\.(?:[mc]?[jt]s|[jt]sx)$/i;
export const isModule = (path: string): boolean => moduleExtension.test(extname(path));

/** A generated file of this size takes a second to parse. */
const maxParsedBytes = 4 * 1024 * 1024;
const maxFiles = 5000;
const maxPackages = 2000;
/** More is listed by its number alone: nobody reads on. */
const maxOpen = 100;
const maxRemembered = 2000;

/** By the SHA-256 of the text and the extension, which decides how it is parsed. */
const parsed = new Map<string, ModuleImports>();

function importsOf(text: string, hash: string, path: string): ModuleImports {
  const key = `${hash} ${extname(path)}`;
  let found = parsed.get(key);
  if (found === undefined) {
    found = readImports(text, path);
    if (parsed.size >= maxRemembered) parsed.clear();
    parsed.set(key, found);
  }
  return found;
}

/**
 * Follows imports from the entries (absolute paths) through local files and packages. Of a package every file counts, of a
 * local module those it names. Throws when a file cannot be read.
 */
export async function readImportGraph(entries: readonly string[]): Promise<ImportGraph> {
  const files = new Map<string, string>();
  const packages = new Map<string, PackageDigest>();
  const open: string[] = [];
  const waiting: string[] = [];
  const isKnown = new Set<string>();

  const want = (path: string): void => {
    if (isKnown.has(path)) return;
    isKnown.add(path);
    waiting.push(path);
  };

  async function addPackage(name: string, from: string): Promise<boolean> {
    const path = await findPackage(name, from);
    if (path === null) return false;
    if (packages.has(path)) return true;
    if (packages.size >= maxPackages) {
      open.push(`There are more than ${maxPackages} packages; the rest are not checked.`);
      return true;
    }
    const digest = await digestPackage(path, name);
    packages.set(path, digest);
    if (digest.isCut)
      open.push(
        `The package ${name} has too many files; only the first ${maxPackageFiles.toLocaleString('en')} are checked.`,
      );
    // What is missing is optional, or the run will say it.
    for (const dependency of digest.dependencies) await addPackage(dependency, path);
    return true;
  }

  async function follow(specifier: string, from: string): Promise<void> {
    if (isBuiltin(specifier) || specifier === 'signalbox' || specifier.startsWith('data:')) return;
    if (isLocal(specifier)) {
      const found = await resolveLocal(specifier, from);
      if (found.length === 0) open.push(`${from} imports ${specifier}, which is not there.`);
      for (const path of found) want(path);
      return;
    }
    const scope = await readScope(specifier, from);
    if (scope !== null) {
      want(scope.file);
      for (const target of scope.targets) if (target !== specifier) await follow(target, scope.file);
      return;
    }
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
    if (/^[a-z]+:/i.test(specifier) || !(await addPackage(name, dirname(from)))) {
      open.push(`${from} imports ${specifier}, which is not there.`);
    }
  }

  for (const entry of entries) want(await realpath(entry));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.size >= maxFiles) {
      open.push(`There are more than ${maxFiles} files; the rest are not checked.`);
      break;
    }
    const bytes = await readFile(path);
    const hash = sha256(bytes);
    files.set(path, hash);
    // A file of a package that a path leads into is one of the package's.
    if (!isModule(path) || path.includes(`${sep}node_modules${sep}`)) continue;
    if (bytes.length > maxParsedBytes) {
      open.push(`${path} is too large to look for its imports.`);
      continue;
    }
    const imports = importsOf(bytes.toString('utf8'), hash, path);
    for (const what of imports.open) open.push(`${path} ${what}.`);
    for (const specifier of imports.specifiers) await follow(specifier, path);
  }
  return toGraph(files, packages, open);
}

const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

function toGraph(files: Map<string, string>, packages: Map<string, PackageDigest>, open: string[]): ImportGraph {
  const contents = new Map<string, string>();
  for (const { files: own } of packages.values()) for (const [path, hash] of own) contents.set(path, hash);
  for (const [path, hash] of files) contents.set(path, hash);
  const all = [...new Set(open)].sort();
  const more = all.length - maxOpen;
  return {
    files: [...files].map(([path, hash]) => ({ path, sha256: hash })).sort(byPath),
    packages: [...packages.values()]
      .map(({ name, version, path, sha256: hash }) => ({ name, version, path, sha256: hash }))
      .sort(byPath),
    open: more > 0 ? [...all.slice(0, maxOpen), `${more} more of these.`] : all,
    contents,
  };
}
