import { mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { compilePreload, whyNoPreload } from '../preload.ts';

const operations = { reads: 1, writes: 2, syncs: 4, creates: 8, hangs: 16 } as const;
export type FaultyOperation = keyof typeof operations;

export interface Faults {
  /** For the environment of the process that is to have them. */
  env: Record<string, string>;
  /** From now on these operations fail on files whose path has `path` in it, or ends with it before a `$`. `hangs`: they do not come back meanwhile. */
  set(on: readonly FaultyOperation[], error: 'EIO' | 'ENOSPC', path: string): void;
  clear(): void;
}

const controlBytes = 256;
const source = join(import.meta.dirname, 'faults.c');

/** Why files cannot be made to fail here; null when they can. */
export const whyNoFaults = (): string | null => whyNoPreload(source);

/** Faults of a real process, off at first. */
export function makeFaults(): Faults {
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-faults-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'control');
  writeFileSync(file, Buffer.alloc(controlBytes));
  const descriptor = openSync(file, 'r+');
  const write = (on: number, error: number, path: string): void => {
    const bytes = Buffer.alloc(controlBytes);
    bytes.writeInt32LE(error, 4);
    bytes.write(path, 8, 'utf8');
    // What they apply to is there before they are on.
    writeSync(descriptor, bytes, 4, controlBytes - 4, 4);
    bytes.writeInt32LE(on, 0);
    writeSync(descriptor, bytes, 0, 4, 0);
  };
  return {
    env: { LD_PRELOAD: compilePreload(source), FAULTS_FILE: file },
    set: (on, error, path) =>
      write(
        on.reduce((mask, name) => mask | operations[name], 0),
        constants.errno[error],
        path,
      ),
    clear: () => write(0, 0, ''),
  };
}
