import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const isWindows = process.platform === 'win32';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const modulesDir = join(root, 'node_modules');
export const cacheDir = join(root, '.cache');

/** The pinned Node (devDependency `node`), whatever Node started us. Missing until the dependencies are installed. */
export const nodePath = join(modulesDir, 'node', 'bin', isWindows ? 'node.exe' : 'node');
