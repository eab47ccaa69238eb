import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What children may know of the app's own environment: no tokens, no secrets, nothing of npm's or Electron's. */
const allowed = new Set(
  process.platform === 'win32'
    ? [
        'PATH',
        'PATHEXT',
        'SYSTEMROOT',
        'SYSTEMDRIVE',
        'WINDIR',
        'COMSPEC',
        'TEMP',
        'TMP',
        'USERNAME',
        'USERPROFILE',
        'HOMEDRIVE',
        'HOMEPATH',
        'APPDATA',
        'LOCALAPPDATA',
        'PROGRAMDATA',
        'PROGRAMFILES',
        'NUMBER_OF_PROCESSORS',
        'OS',
        'PROCESSOR_ARCHITECTURE',
        'TZ',
        'LANG',
      ]
    : ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR'],
);

function allowedEnvironment(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value === undefined) continue;
    const key = process.platform === 'win32' ? name.toUpperCase() : name;
    if (allowed.has(key) || name.startsWith('LC_')) env[name] = value;
  }
  return env;
}

let own: Readonly<Record<string, string>> | null = null;

/** The app's own, looked through once: that took a twentieth of a run's time when each did. */
export const ownEnvironment = (): Readonly<Record<string, string>> => {
  own ??= allowedEnvironment();
  return own;
};

/** This program as plain Node: inside Electron it takes a switch in the environment. */
export const asNode = (): Record<string, string> =>
  'electron' in process.versions ? { ELECTRON_RUN_AS_NODE: '1' } : {};

/** How to run one of the app's own files as a child of its own. */
export function nodeCommand(file: string, args: readonly string[], flags: readonly string[] = []) {
  // Files that a test or a start from the sources hands in are TypeScript; 22.6 to 23.5 want to be told.
  const strip = file.endsWith('.ts') && process.features.typescript !== 'strip' ? ['--experimental-strip-types'] : [];
  return {
    command: process.execPath,
    args: [...flags, ...strip, file, ...args],
    env: { ...ownEnvironment(), ...asNode() },
  };
}

/** Worker files come as paths or as `file:` URLs. */
export const toPath = (file: string | URL): string =>
  typeof file === 'string' && !file.startsWith('file:') ? file : fileURLToPath(file);

/** Names the data directory in the environment of its children. The same directory gives the same name, always. */
export const instanceName = (dataDir: string): string =>
  createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 24);

/** Where a PATH came from and what to change about it, as parts of a sentence. */
export interface SearchedPath {
  origin: string;
  advice: string;
}

/** Later ones count more. On Windows `Path` and `PATH` are the same variable, of which one may be left. */
export function mergeEnvironment(
  platform: NodeJS.Platform,
  ...layers: readonly Readonly<Record<string, string>>[]
): Record<string, string> {
  if (platform !== 'win32') return Object.assign({}, ...layers);
  const names = new Map<string, string>();
  const merged: Record<string, string> = {};
  for (const [name, value] of layers.flatMap((layer) => Object.entries(layer))) {
    const before = names.get(name.toUpperCase());
    if (before !== undefined) delete merged[before];
    names.set(name.toUpperCase(), name);
    merged[name] = value;
  }
  return merged;
}
