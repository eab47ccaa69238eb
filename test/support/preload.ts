import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const libraries = new Map<string, string>();

/** Compiles a C source for LD_PRELOAD, once for each test process; gives the library. Throws where that is not possible. */
export function compilePreload(source: string): string {
  const known = libraries.get(source);
  if (known !== undefined) return known;
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-preload-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const library = join(dir, `${basename(source, '.c')}.so`);
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl', '-lpthread'], { stdio: 'pipe' });
  libraries.set(source, library);
  return library;
}

/** Why a library cannot be preloaded here; null when it can. */
export function whyNoPreload(source: string): string | null {
  if (process.platform !== 'linux') return 'libraries are preloaded on Linux only';
  try {
    compilePreload(source);
    return null;
  } catch {
    return 'there is no C compiler';
  }
}
