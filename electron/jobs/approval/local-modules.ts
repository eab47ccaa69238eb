import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Whether a specifier names a file and not a package. */
export const isLocal = (specifier: string): boolean =>
  /^(?:\.{1,2}(?:$|[\\/])|[\\/]|file:|[A-Za-z]:[\\/])/.test(specifier);

const extensions = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx', '.json', '.node'];
/** TypeScript names the file that would come of it. */
const sources: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

/**
 * The files a specifier may lead to, links followed. All that a loader could take are given: Node's own for imports, its
 * older one for `require`, and the one for TypeScript differ in what they fill in, and one file too many only asks for an
 * approval too many.
 */
export async function resolveLocal(specifier: string, from: string): Promise<string[]> {
  const bases = basePaths(specifier, from);
  const found: string[] = [];
  for (const base of bases) {
    const swapped = (sources[extname(base)] ?? []).map((extension) => base.slice(0, -extname(base).length) + extension);
    const filled = extensions.map((extension) => base + extension);
    const index = extensions.map((extension) => join(base, `index${extension}`));
    for (const file of [base, ...swapped, ...filled, ...(await mainOf(base)), ...index]) {
      const real = await realFile(file);
      if (real !== null) found.push(real);
      // A file that is there as it is named leaves nothing to fill in.
      if (real !== null && file === base) break;
    }
  }
  return [...new Set(found)];
}

function basePaths(specifier: string, from: string): string[] {
  if (specifier.startsWith('file:')) {
    try {
      return [fileURLToPath(specifier)];
    } catch {
      return [];
    }
  }
  const plain = resolve(dirname(from), specifier);
  // An import is an address, with escapes and a query; a require is a path.
  const [address = ''] = specifier.split(/[?#]/);
  try {
    return [...new Set([plain, resolve(dirname(from), decodeURIComponent(address))])];
  } catch {
    return [plain];
  }
}

const mainSchema = z.object({ main: z.string() });

/** A folder with a package.json of its own names its main file there. */
async function mainOf(folder: string): Promise<string[]> {
  const file = join(folder, 'package.json');
  try {
    const { main } = mainSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    const base = resolve(folder, main);
    return [file, base, ...extensions.map((extension) => base + extension)];
  } catch {
    return [];
  }
}

async function realFile(path: string): Promise<string | null> {
  try {
    return (await stat(path)).isFile() ? await realpath(path) : null;
  } catch {
    return null;
  }
}

const scopeSchema = z.object({ name: z.string().optional(), imports: z.unknown(), exports: z.unknown() });

/**
 * What the nearest package.json makes of `#name` or of the package's own name: that file, and every target it has for the
 * specifier under any condition, as specifiers from there. Null: it says nothing about it.
 */
export async function readScope(specifier: string, from: string): Promise<{ file: string; targets: string[] } | null> {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text !== null) {
      const scope = scopeSchema.safeParse(JSON.parse(text)).data;
      if (specifier.startsWith('#')) return targetsFor(scope?.imports, specifier, file);
      if (scope?.name === undefined || (specifier !== scope.name && !specifier.startsWith(`${scope.name}/`)))
        return null;
      const key = `.${specifier.slice(scope.name.length)}`;
      const map = isPlainMap(scope.exports) ? scope.exports : { '.': scope.exports };
      return targetsFor(map, key, file);
    }
    if (folder === dirname(folder)) return null;
  }
}

const isPlainMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.keys(value).every((key) => key.startsWith('.'));

function targetsFor(map: unknown, key: string, file: string): { file: string; targets: string[] } | null {
  if (typeof map !== 'object' || map === null) return null;
  const targets: string[] = [];
  for (const [pattern, value] of Object.entries(map)) {
    const [before = '', after] = pattern.split('*');
    if (after === undefined) {
      if (pattern === key) targets.push(...textsIn(value));
    } else if (key.startsWith(before) && key.endsWith(after) && key.length >= before.length + after.length) {
      const middle = key.slice(before.length, key.length - after.length);
      targets.push(...textsIn(value).map((target) => target.replaceAll('*', middle)));
    }
  }
  return targets.length === 0 ? null : { file, targets };
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
