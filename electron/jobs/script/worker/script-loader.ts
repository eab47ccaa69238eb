import * as nodeModule from 'node:module';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errorCode } from '../../../../shared/error-code.ts';
import type { ApprovedFilesGuard } from './approved-loader.ts';

export type Script = (event: unknown, run: unknown) => unknown;

const isScript = (value: unknown): value is Script => typeof value === 'function';

/** Makes `import 'signalbox'` lead to the job API wherever the script lies. */
export function provideJobApi(apiDir: string): void {
  const url = pathToFileURL(join(apiDir, 'index.js')).href;
  if ('registerHooks' in nodeModule && typeof nodeModule.registerHooks === 'function') {
    nodeModule.registerHooks({
      resolve: (specifier, context, next) =>
        specifier === 'signalbox' ? { url, format: 'module', shortCircuit: true } : next(specifier, context),
    });
    return;
  }
  // Before 22.15 hooks are a module of their own, loaded in another thread.
  const hooks = `export const resolve = (specifier, context, next) => specifier === 'signalbox'
    ? { url: ${JSON.stringify(url)}, format: 'module', shortCircuit: true } : next(specifier, context);`;
  nodeModule.register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}

const isUnsupportedSyntax = (error: unknown): boolean => errorCode(error) === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX';

async function importWithJiti(file: string, apiDir: string, guard: ApprovedFilesGuard | null): Promise<unknown> {
  const { createJiti } = await import('jiti');
  const options = { fsCache: false, alias: { signalbox: join(apiDir, 'index.js') } };
  const plain = createJiti(file, options);
  if (guard === null) return await plain.import(file);
  // It reads files past Node's own loader.
  const guarded = createJiti(file, {
    ...options,
    transform(given) {
      if (given.filename !== undefined) guard.check(given.filename, given.source);
      return { code: plain.transform(given) };
    },
  });
  return await guarded.import(file);
}

async function importScript(file: string, apiDir: string, guard: ApprovedFilesGuard | null): Promise<unknown> {
  const isPlain = /^\.[mc]js$/.test(extname(file));
  // A Node that strips types also takes ESM syntax in a .js file without a package.json; older ones need jiti for both.
  const isNative = isPlain || Boolean(process.features.typescript);
  if (!isNative) return await importWithJiti(file, apiDir, guard);
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    // Enums, namespaces and parameter properties need more than stripping.
    if (!isUnsupportedSyntax(error)) throw error;
    return await importWithJiti(file, apiDir, guard);
  }
}

/**
 * The default export of a script, loaded from approved files alone where there is a `guard`. Throws with a sentence that
 * says what is wrong with it.
 */
export async function loadScript(file: string, apiDir: string, guard: ApprovedFilesGuard | null): Promise<Script> {
  const loaded = await importScript(file, apiDir, guard);
  let value: unknown = typeof loaded === 'object' && loaded !== null && 'default' in loaded ? loaded.default : loaded;
  // CommonJS that was compiled from ESM has its default one level down.
  if (typeof value === 'object' && value !== null && 'default' in value) value = value.default;
  if (!isScript(value)) {
    throw new Error(`${file} has no function as its default export; write: export default async (event, run) => { … }`);
  }
  return value;
}
