import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Keeps a process from loading another content of a file than was approved. The app compares all files before a run, but
 * a file may change until it is loaded, which for an `import()` is in the middle of the run: so what is loaded is what was
 * hashed, byte for byte. Files that are not on the list are those the approval names as not covered.
 */
export interface ApprovedFilesGuard {
  /** The text of a file as it may be loaded, or null when it is not on the list. Throws when it has changed. */
  read(path: string): Buffer | null;
  /** Whether this text is the file's, as a loader hands it over; throws when it is not. */
  check(path: string, text: string): void;
}

const hash = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const changed = (path: string): Error =>
  Object.assign(new Error(`${path} has changed since this run was approved; it was not loaded.`), {
    code: 'ERR_NOT_APPROVED',
  });

export function guardApprovedFiles(approved: Readonly<Record<string, string>>): ApprovedFilesGuard {
  const wanted = new Map(Object.entries(approved));
  const guard: ApprovedFilesGuard = {
    read(path) {
      const expected = wanted.get(path);
      if (expected === undefined) return null;
      const bytes = readFileSync(path);
      if (hash(bytes) !== expected) throw changed(path);
      return bytes;
    },
    check(path, text) {
      const expected = wanted.get(path);
      if (expected === undefined || hash(text) === expected) return;
      // Loaders take off a byte order mark and replace what is not UTF-8.
      const bytes = guard.read(path);
      if (bytes?.toString('utf8').replace(/^\ufeff/, '') !== text.replace(/^\ufeff/, '')) throw changed(path);
    },
  };
  installGuard(guard, approved);
  return guard;
}

function installGuard(guard: ApprovedFilesGuard, approved: Readonly<Record<string, string>>): void {
  if ('registerHooks' in nodeModule && typeof nodeModule.registerHooks === 'function') {
    nodeModule.registerHooks({
      load(url, context, next) {
        const loaded = next(url, context);
        const bytes = url.startsWith('file:') ? guard.read(fileURLToPath(url)) : null;
        return bytes === null ? loaded : { ...loaded, source: bytes };
      },
    });
    return;
  }
  // Before 22.15: imports are loaded in another thread, `require` is not hooked at all.
  nodeModule.register(`data:text/javascript,${encodeURIComponent(importHooks)}`, { data: approved });
  guardRequire(guard);
}

const importHooks = `import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
let approved = new Map();
export const initialize = (data) => { approved = new Map(Object.entries(data)); };
export async function load(url, context, next) {
  const loaded = await next(url, context);
  if (!url.startsWith('file:') || loaded.format === 'commonjs') return loaded;
  const path = fileURLToPath(url);
  if (!approved.has(path)) return loaded;
  const source = readFileSync(path);
  if (createHash('sha256').update(source).digest('hex') === approved.get(path)) return { ...loaded, source };
  throw Object.assign(new Error(path + ' has changed since this run was approved; it was not loaded.'), { code: 'ERR_NOT_APPROVED' });
}`;

function guardRequire(guard: ApprovedFilesGuard): void {
  const compile: unknown = Reflect.get(nodeModule.prototype, '_compile');
  if (typeof compile === 'function') {
    Reflect.set(
      nodeModule.prototype,
      '_compile',
      function (this: unknown, text: string, path: string, ...rest: unknown[]) {
        guard.check(path, text);
        return Reflect.apply(compile, this, [text, path, ...rest]);
      },
    );
  }
  const extensions: unknown = Reflect.get(nodeModule, '_extensions');
  if (typeof extensions !== 'object' || extensions === null) return;
  const loadJson: unknown = Reflect.get(extensions, '.json');
  Reflect.set(extensions, '.json', (module: { exports: unknown }, path: string) => {
    const bytes = guard.read(path);
    if (bytes !== null) module.exports = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
    else if (typeof loadJson === 'function') Reflect.apply(loadJson, extensions, [module, path]);
  });
}
