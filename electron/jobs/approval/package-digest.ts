import type { Dirent } from 'node:fs';
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { hashRemembered, sha256 } from './file-hashes.ts';

/** A package as it is on the disk, and what it depends on. */
export interface PackageDigest {
  name: string;
  version: string;
  /** Its folder, links followed. */
  path: string;
  /** Over the names and contents of its files. */
  sha256: string;
  /** Absolute path → SHA-256. */
  files: Map<string, string>;
  /** Names of packages it declares to use. */
  dependencies: string[];
  /** It has more files than are looked at. */
  isCut: boolean;
}

export const maxPackageFiles = 20_000;
/** Files read at the same time. */
const batch = 32;

const names = z.record(z.string(), z.unknown()).optional().catch(undefined);
const packageJsonSchema = z.object({
  name: z.string().optional().catch(undefined),
  version: z.string().optional().catch(undefined),
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
});

/** The folder of a package as seen from a file or folder, links followed; null: there is none. */
export async function findPackage(name: string, from: string): Promise<string | null> {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    try {
      await readFile(join(candidate, 'package.json'));
      return await realpath(candidate);
    } catch {
      // Not in this folder; those above it are looked at as well.
    }
    if (folder === dirname(folder)) return null;
  }
}

/** Throws when its files cannot be read. */
export async function digestPackage(path: string, name: string): Promise<PackageDigest> {
  const json = packageJsonSchema.safeParse(JSON.parse(await readFile(join(path, 'package.json'), 'utf8'))).data ?? {};
  const found = await listFiles(path);
  const isCut = found.length > maxPackageFiles;
  const files = new Map<string, string>();
  const lines: string[] = [];
  const listed = found.slice(0, maxPackageFiles);
  for (let from = 0; from < listed.length; from += batch) {
    const part = listed.slice(from, from + batch);
    const hashes = await Promise.all(part.map(({ file, link }) => link ?? hashRemembered(file)));
    part.forEach(({ file }, index) => {
      const hash = hashes[index] ?? 'gone';
      files.set(file, hash);
      lines.push(`${relative(path, file).split(sep).join('/')}\0${hash}`);
    });
  }
  return {
    name: json.name ?? name,
    version: json.version ?? '',
    path,
    sha256: sha256(lines.sort().join('\n')),
    files,
    dependencies: [
      ...new Set(
        [json.dependencies, json.optionalDependencies, json.peerDependencies].flatMap((one) => Object.keys(one ?? {})),
      ),
    ],
    isCut,
  };
}

/** Packages within its folder are looked at where something depends on them. */
async function listFiles(root: string): Promise<{ file: string; link: string | null }[]> {
  const found: { file: string; link: string | null }[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries: Dirent[] = await readdir(folder, { withFileTypes: true });
    for (const entry of entries) {
      const file = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && entry.name !== '.git') folders.push(file);
      } else if (entry.isSymbolicLink()) {
        found.push({ file, link: `link to ${await readlink(file)}` });
      } else if (entry.isFile()) {
        found.push({ file, link: null });
      }
    }
    if (found.length > maxPackageFiles) break;
  }
  return found.sort((a, b) => (a.file < b.file ? -1 : 1));
}
