import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import type { StartOptions } from '../../runtime/runtime-types.ts';
import { ensureDataFolder, makeFolderInside } from '../../upkeep/data-dir/data-folder.ts';

/** `unknown`: the lock cannot be taken, and no instance holds it; the data directory's own lock decides. */
export type Instance = 'first' | 'second' | 'unknown';

/**
 * Prepares Chromium's own files, which carry the lock too: one window for each data directory. Throws StartError where
 * nothing can be written: the lock then cannot be taken either, which looks as if another instance had it.
 */
export function takeInstance({ dataDir, configFile }: StartOptions): Instance {
  ensureDataFolder(dataDir, configFile);
  const chromiumDir = makeFolderInside(dataDir, 'chromium');
  app.setPath('userData', chromiumDir);
  if (app.requestSingleInstanceLock()) return 'first';
  return isHeldByOther(chromiumDir) ? 'second' : 'unknown';
}

/** On Windows Chromium's lock is not a file. */
const isHeldByOther = (chromiumDir: string): boolean =>
  process.platform === 'win32' ||
  lstatSync(join(chromiumDir, 'SingletonLock'), { throwIfNoEntry: false }) !== undefined;
